"""Servers on real sockets that answer as no server should: what they send is bytes, whenever they like."""

import contextlib
import gzip
import itertools
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import requests

Behaviour = Callable[[socket.socket, str], None]
"""Answers one request on a connection: its head is given. The connection is closed if it raises OSError or Close."""

MEBIBYTE = 1024 * 1024


class Close(Exception):
    """Raised by a behaviour that is done with its connection."""


@dataclass
class Hostile:
    """A running server. arrived: the request lines of its requests."""

    url: str
    arrived: list[str]


class _Server:
    """Accepts connections and answers each on a thread of its own."""

    def __init__(self, behaviour: Behaviour, tls: Callable[[], ssl.SSLContext] | None) -> None:
        self._behaviour = behaviour
        self._tls = tls
        self._ended = False
        self._connections: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.hostile = Hostile(f"http{'s' if tls else ''}://127.0.0.1:{self._listener.getsockname()[1]}/v0", [])
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._connections.add(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        used = connection
        with contextlib.suppress(OSError, Close):
            used.settimeout(20)
            if self._tls is not None:
                used = self._tls().wrap_socket(connection, server_side=True)
            while (request := _request(used)) and not self._ended:
                self.hostile.arrived.append(request.split("\r\n")[0])
                self._behaviour(used, request)
        used.close()
        connection.close()
        self._connections.discard(connection)

    def stop(self) -> None:
        self._ended = True
        for each in (self._listener, *list(self._connections)):
            # close() alone would not wake a thread that waits.
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)


@contextmanager
def hostile(behaviour: Behaviour, tls: Callable[[], ssl.SSLContext] | None = None) -> Iterator[Hostile]:
    """A server that answers every request as a behaviour does, on as many connections as a client opens.

    tls: called for each connection, gives the certificate that it uses.
    """
    server = _Server(behaviour, tls)
    try:
        yield server.hostile
    finally:
        server.stop()


def _request(connection: socket.socket) -> str:
    """Reads one request with its body; returns its head, or "" at the end of the connection."""
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
    return head.decode("latin-1")


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


def passed_on(base_url: str) -> Behaviour:
    """Passes GET requests on to a faultless server."""

    def behaviour(connection: socket.socket, head: str) -> None:
        first, *lines = head.split("\r\n")
        headers = {name: value for name, _, value in (line.partition(": ") for line in lines) if "key" in name}
        reply = requests.get(base_url.removesuffix("/v0") + first.split(" ")[1], headers=headers, timeout=30)
        connection.sendall(answer(reply.content, status=b"%d OK" % reply.status_code))

    return behaviour


def overloaded(retry_after: bytes) -> Behaviour:
    return sends(answer(b"{}", b"Retry-After: " + retry_after, status=b"503 Service Unavailable"))


def from_the(number: int, behaviour: Behaviour, before: Behaviour) -> Behaviour:
    """Behaves like `before`, and from the n-th request on like `behaviour`."""
    arrived = itertools.count(1)

    def both(connection: socket.socket, head: str) -> Any:
        (behaviour if next(arrived) >= number else before)(connection, head)

    return both
