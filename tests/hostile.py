"""Servers on real sockets that answer as no server should: what they send is bytes, whenever they like."""

import contextlib
import gzip
import itertools
import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

Behaviour = Callable[[socket.socket, str], None]
"""Answers one request on a connection: the path is given. The connection is closed if it raises OSError or Close."""

MEBIBYTE = 1024 * 1024


class Close(Exception):
    """Raised by a behaviour that is done with its connection."""


@dataclass
class Hostile:
    """A running server. requests: the request lines that have arrived."""

    url: str
    requests: list[str]


@contextmanager
def hostile(behaviour: Behaviour) -> Iterator[Hostile]:
    """A server that answers every request as a behaviour does, on as many connections as a client opens."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    server = Hostile(f"http://127.0.0.1:{listener.getsockname()[1]}/v0", [])
    ended = threading.Event()
    open_now: set[socket.socket] = set()

    def serve(connection: socket.socket) -> None:
        with contextlib.suppress(OSError, Close), connection:
            connection.settimeout(20)
            while (request := _request(connection)) and not ended.is_set():
                server.requests.append(request)
                behaviour(connection, request.split(" ")[1])
        open_now.discard(connection)

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            open_now.add(connection)
            threading.Thread(target=serve, args=(connection,), daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        ended.set()
        # close() alone would not wake accept().
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        for connection in list(open_now):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        thread.join(5)


def _request(connection: socket.socket) -> str:
    """Reads one request with its body; returns its first line, or "" at the end of the connection."""
    received = b""
    while b"\r\n\r\n" not in received:
        part = connection.recv(65536)
        if not part:
            return ""
        received += part
    head, _, body = received.partition(b"\r\n\r\n")
    fields = head.decode("latin-1").lower().split("\r\ncontent-length: ")
    missing = int(fields[1].split("\r\n")[0]) - len(body) if len(fields) > 1 else 0
    while missing > 0:
        missing -= len(connection.recv(missing))
    return head.decode("latin-1").split("\r\n")[0]


def answer(body: bytes, *headers: bytes, status: bytes = b"200 OK") -> bytes:
    """A whole answer of JSON."""
    fields = [b"Content-Type: application/json", b"Content-Length: %d" % len(body), *headers]
    return b"HTTP/1.1 " + status + b"\r\n" + b"\r\n".join(fields) + b"\r\n\r\n" + body


def sends(content: bytes) -> Behaviour:
    """Sends these bytes for each request, and keeps the connection."""
    return lambda connection, _: connection.sendall(content)


def sends_and_closes(content: bytes) -> Behaviour:
    def behaviour(connection: socket.socket, _: str) -> None:
        connection.sendall(content)
        raise Close

    return behaviour


def for_ever(head: bytes, part: bytes, pause: float = 0.0) -> Behaviour:
    """Sends a head and then the same part again and again, until the client closes the connection."""
    wait = threading.Event()

    def behaviour(connection: socket.socket, _: str) -> None:
        connection.sendall(head)
        while True:
            connection.sendall(part)
            if pause:
                wait.wait(pause)

    return behaviour


def resets(content: bytes) -> Behaviour:
    """Sends some bytes and ends the connection with a RST."""

    def behaviour(connection: socket.socket, _: str) -> None:
        connection.sendall(content)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raise Close

    return behaviour


def json_body(text: str) -> bytes:
    """An answer whose body is a list with this text as its only entry."""
    return answer(b'{"description":"Success","result":[' + text.encode() + b"]}")


@cache
def bomb(size: int) -> bytes:
    """Zeros that a thousandth of their size expands to."""
    return gzip.compress(bytes(size), 9)


def redirects_to(location: bytes) -> bytes:
    return answer(b"", b"Location: " + location, status=b"302 Found")


CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
OF_FIVE_GIGABYTES = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5000000000\r\n\r\n"
BEGUN = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n"
TRUNCATED = BEGUN + b'{"result":['

PASSING = {
    "token_session": "A" * 64,
    "timestamp": "2024-05-01T08:00:00.000Z",
    "num_passing": 1,
    "latitude": "0.0",
    "longitude": "0.0",
    "status": None,
    "participant_id": None,
    "chip": None,
    "bib": "1",
    "timezone": None,
    "gender": None,
    "deviceid": "B" * 64,
}


def endless_pages() -> Behaviour:
    """Answers each request with another entry, and says that there are more."""
    numbers = itertools.count(1)

    def behaviour(connection: socket.socket, _: str) -> None:
        entry = {**PASSING, "num_passing": next(numbers)}
        pagination = {"page": 1, "limit": 1, "total": 10**9, "has_more": True}
        connection.sendall(
            answer(json.dumps({"description": "Success", "result": [entry], "pagination": pagination}).encode())
        )

    return behaviour


INCOMPLETE: dict[str, Behaviour] = {
    "trickles a body": for_ever(BEGUN, b" ", 0.02),
    "trickles headers": for_ever(b"HTTP/1.1 200 OK\r\nX: ", b"y", 0.02),
    "trickles chunks": for_ever(CHUNKED, b"1\r\n \r\n", 0.02),
    "sends 100 Continue for ever": for_ever(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000),
    "sends header lines for ever": for_ever(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n" * 1000),
    "sends a header for ever": for_ever(b"HTTP/1.1 200 OK\r\nX: ", b"y" * 65536),
    "sends a status line for ever": for_ever(b"HTTP/1.1 ", b"2" * 65536),
    "sends the size of a chunk for ever": for_ever(CHUNKED, b"0" * 65536),
    "sends trailers for ever": for_ever(CHUNKED + b"2\r\n{}\r\n0\r\n", b"X: y\r\n" * 10_000),
    "sends 5 GB": for_ever(OF_FIVE_GIGABYTES, b" " * MEBIBYTE),
    "sends a gzip bomb": sends(answer(bomb(200 * MEBIBYTE), b"Content-Encoding: gzip")),
    "says gzip but sends text": sends(answer(b"{}", b"Content-Encoding: gzip")),
    "sends no number for a chunk": sends_and_closes(CHUNKED + b"junk\r\n{}\r\n"),
    "sends a negative chunk": sends_and_closes(CHUNKED + b"-5\r\n{}\r\n"),
    "closes in the body": sends_and_closes(TRUNCATED),
    "resets in the body": resets(TRUNCATED),
    "closes without an answer": sends_and_closes(b""),
    "resets without an answer": resets(b""),
    "sends no HTTP": sends_and_closes(b"SSH-2.0-OpenSSH_9.6\r\n\x00\xff\x9b"),
    "sends another protocol": sends_and_closes(b"HTTP/9.9 ABC\r\n\r\n"),
}
"""Servers whose answers are never complete."""

JUNK: dict[str, Behaviour] = {
    "lone surrogate": sends(json_body(r'{"alias":"\ud800","deviceid":"\udfff"}')),
    "1,000 levels": sends(json_body("[" * 1000 + "]" * 1000)),
    "100,000 levels": sends(json_body("[" * 100_000 + "]" * 100_000)),
    "100,000 objects": sends(json_body('{"a":' * 100_000 + "1" + "}" * 100_000)),
    "NaN": sends(json_body("NaN")),
    "Infinity": sends(json_body("-Infinity")),
    "1e999": sends(json_body("1e999")),
    "4,000 digits": sends(json_body('{"passings":' + "9" * 4000 + "}")),
    "5,000 digits": sends(json_body("9" * 5000)),
    "a name twice": sends(answer(b'{"description":"Success","result":[],"result":{}}')),
    "UTF-16": sends(answer('{"description":"Success","result":[]}'.encode("utf-16"))),
    "a byte order mark": sends(answer('{"description":"Success","result":[]}'.encode("utf-8-sig"))),
    "not UTF-8": sends(answer(b'{"description":"\xff\xfe\x9b","result":[]}')),
    "Latin-1": sends(answer('{"description":"é","result":[]}'.encode("latin-1"))),
    "nothing": sends(answer(b"")),
}
"""Servers whose bodies are no JSON that every client can read."""

ESCAPES = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202e\u200b\u2066\ufeff\x00\x7f\x85\u2028"

ODD: dict[str, Behaviour] = {
    "null": sends(answer(b"null")),
    "entries of all kinds": sends(json_body('null,1,"x",[],true,{},{"deviceid":5},{"token_session":[]}')),
    "numbers in the place of texts": sends(answer(b'{"description":5,"result":5,"deviceid":5,"token_session":5}')),
    "a list for pagination": sends(answer(b'{"description":"Success","result":[{"a":1}],"pagination":[1]}')),
    "control characters": sends(
        answer(json.dumps({"description": ESCAPES, "result": [{"deviceid": ESCAPES, ESCAPES: 1}]}).encode())
    ),
    "control characters in an error": sends(
        answer(json.dumps({"description": ESCAPES}).encode(), status=b"403 Forbidden")
    ),
    "odd headers": sends(
        answer(b"{}", b"Content-Type: text/\x9b\xff\x1b[2J", b"Set-Cookie: \xff=\x9b; Max-Age=\xb2; expires=\xb2")
    ),
    "Retry-After: ²": sends(answer(b"{}", b"Retry-After: \xb2", status=b"200 OK")),
    "Location 0x9B": sends(redirects_to(b"/\x9b31m\xff")),
    "Location [": sends(redirects_to(b"http://[")),
    "a redirect to itself": sends(redirects_to(b"/v0/devices")),
    "status 999": sends(answer(b"{}", status=b"999 \x9b\x1b[2J")),
    "early hints": sends(answer(b"{}", status=b"103 Early Hints")),
    "endless pages": endless_pages(),
}
"""Servers that answer with HTTP, and with JSON or a redirect, but not as the API would."""

EVERYTHING: dict[str, Behaviour] = INCOMPLETE | JUNK | ODD


def overloaded(retry_after: bytes) -> Behaviour:
    return sends(answer(b"{}", b"Retry-After: " + retry_after, status=b"503 Service Unavailable"))


def from_the(number: int, behaviour: Behaviour, before: Behaviour) -> Behaviour:
    """Behaves like `before`, and from the n-th request on like `behaviour`."""
    arrived = itertools.count(1)

    def both(connection: socket.socket, path: str) -> Any:
        (behaviour if next(arrived) >= number else before)(connection, path)

    return both
