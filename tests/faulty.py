"""A proxy on a real socket that breaks the way to a mock, as networks and overloaded servers do."""

import itertools
import random
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import requests

Fault = Callable[["Exchange"], None]


class Exchange:
    """One request, and what a fault does about it."""

    def __init__(self, handler: "_Handler", body: bytes) -> None:
        self._handler = handler
        self._body = body

    def ask(self) -> requests.Response:
        """Let the mock do it."""
        handler = self._handler
        headers = {name: value for name, value in handler.headers.items() if name.lower() not in ("host", "connection")}
        url = handler.behind + handler.path
        return requests.request(handler.command, url, data=self._body, headers=headers, timeout=10)

    def answer(self, status: int, content: bytes, length: int | None = None, **headers: str) -> None:
        handler = self._handler
        handler.send_response(status)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(content) if length is None else length))
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(content)
        if length is not None:
            handler.close_connection = True

    def reset(self) -> None:
        """End the connection with a RST."""
        self._handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._handler.connection.close()
        self._handler.close_connection = True


def passed_on(exchange: Exchange) -> None:
    answer = exchange.ask()
    exchange.answer(answer.status_code, answer.content)


def lost_answer(exchange: Exchange) -> None:
    exchange.ask()
    exchange.reset()


def reset(exchange: Exchange) -> None:
    exchange.reset()


def internal_error(exchange: Exchange) -> None:
    exchange.answer(500, b'{"description":"Internal server error"}')


def internal_error_after_storing(exchange: Exchange) -> None:
    exchange.ask()
    exchange.answer(500, b"")


def overloaded(exchange: Exchange) -> None:
    exchange.answer(503, b"<html>Service Unavailable</html>", Retry_After="0")


def too_many(exchange: Exchange) -> None:
    exchange.answer(429, b'{"description":"Too many requests"}', Retry_After="Thu, 01 Jan 1970 00:00:00 GMT")


def cut(exchange: Exchange) -> None:
    content = exchange.ask().content
    exchange.answer(201, content[: len(content) // 2], length=len(content))


def empty(exchange: Exchange) -> None:
    exchange.ask()
    exchange.answer(201, b"")


def garbage(exchange: Exchange) -> None:
    exchange.ask()
    exchange.answer(201, b"\x00<!")


def late(exchange: Exchange) -> None:
    threading.Event().wait(0.02)
    passed_on(exchange)


FAULTS: tuple[Fault, ...] = (
    lost_answer,
    reset,
    internal_error,
    internal_error_after_storing,
    overloaded,
    too_many,
    cut,
    empty,
    garbage,
    late,
)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    behind = ""
    choose: Callable[[str], Fault]

    def do(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        type(self).choose(self.path)(Exchange(self, body))

    do_GET = do_POST = do_PATCH = do

    def log_message(self, *_: Any) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, *_: Any) -> None:
        """A connection that a fault has broken is no news."""


@contextmanager
def faulty(base_url: str, choose: Callable[[str], Fault]) -> Iterator[str]:
    """The base URL of a server that passes on to another one, but for the faults that are chosen by the path."""
    behind, _, version = base_url.rpartition("/")
    handler = type("Handler", (_Handler,), {"behind": behind, "choose": staticmethod(choose)})
    server = _Server(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/{version}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def now_and_then(seed: int, share: float) -> tuple[Callable[[str], Fault], set[Fault]]:
    """A chooser that breaks a share of the requests, by each fault in turn; and the faults that it has used."""
    source, faults, lock = random.Random(seed), itertools.cycle(FAULTS), threading.Lock()
    used: set[Fault] = set()

    def choose(path: str) -> Fault:
        with lock:
            if path.startswith("/v0") and source.random() < share:
                fault = next(faults)
                used.add(fault)
                return fault
        return passed_on

    return choose, used
