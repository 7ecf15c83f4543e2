"""Servers whose answers are random, and a mock of which some answers are."""

import random
from collections.abc import Callable, Iterable
from typing import Any

import orjson

Wsgi = Callable[..., Iterable[bytes]]

TEXTS = ("Device not found", "Session not found", "Sessions not found", "Success", "Bad request", "x", "")
STATUSES = ("200 OK", "201 Created", "204 No Content", "302 Found", "400 Bad", "401 No", "403 No", "404 No", "405 No")
MORE = ("409 Conflict", "413 Large", "415 Type", "429 Many", "500 Error", "502 Gateway")
DEEP = b"[" * 100_000


def value(source: random.Random, level: int = 0) -> Any:
    """A random JSON value that looks like an answer of the API now and then."""
    kinds: list[Callable[[], Any]] = [
        lambda: None,
        lambda: source.choice(TEXTS),
        lambda: source.randrange(-3, 6000),
        lambda: source.choice([True, False, 1.5, 1e30]),
        lambda: f"{source.getrandbits(256):064X}",
        lambda: "2024-05-01T08:00:00.000Z",
    ]
    if level < 3:
        names = ("description", "result", "deviceid", "token_session", "passings", "pagination", "errors", "message")
        rows = ("deviceid", "num_passing", "timestamp", "active", "creation_date", "sessions", "serial_number")
        kinds += [
            lambda: {name: value(source, level + 1) for name in source.sample(names, source.randrange(5))},
            lambda: [value(source, level + 1) for _ in range(source.randrange(4))],
            lambda: {"result": [{name: value(source, 3) for name in rows} for _ in range(source.randrange(4))]},
            lambda: {"body": value(source, level + 1)},
        ]
    return source.choice(kinds)()


def body(source: random.Random) -> bytes:
    kinds: list[Callable[[], bytes]] = [
        lambda: orjson.dumps(value(source)) if source.random() < 0.95 else b"{",
        lambda: b"<html><h1>It works</h1></html>",
        lambda: b"",
        lambda: DEEP,
        lambda: source.randbytes(200),
        lambda: b'{"result":[' + b'{"deviceid":"A","sessions":1},' * 3000 + b"{}]}",
    ]
    return source.choices(kinds, [12, 1, 1, 1, 1, 1])[0]()


def answer(source: random.Random, start_response: Any) -> list[bytes]:
    status = source.choice(STATUSES * 3 + MORE)
    start_response(status, [("Content-Type", "application/json"), ("Location", "/v0"), ("Retry-After", "0")])
    return [b"" if status.startswith("204") else body(source)]


def wild(seed: int) -> Wsgi:
    """A server that gives a random answer to each request."""
    source = random.Random(seed)
    return lambda environ, start_response: answer(source, start_response)  # noqa: ARG005


def stubborn(seed: int) -> Wsgi:
    """A server that gives a random answer to each method and path, always the same."""

    def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        path = "/".join(part for part in environ["PATH_INFO"].split("/") if len(part) < 20)
        return answer(random.Random(f"{seed} {environ['REQUEST_METHOD']} {path}"), start_response)

    return application


def disturbed(application: Wsgi, seed: int, share: float) -> Wsgi:
    """An application; a share of its answers is random, and half of these are given before it handles the request."""
    source = random.Random(seed)

    def disturb(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if source.random() >= share:
            return application(environ, start_response)
        if source.random() < 0.5:
            list(application(environ, lambda *_: None))
        return answer(source, start_response)

    return disturb
