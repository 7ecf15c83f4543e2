"""HTTP as bytes on a socket: for requests that no client library would send."""

import json
import socket
import ssl
from dataclasses import dataclass
from typing import Any

from rufus_mock.serving.server import Server
from tests.servers import ADMIN


@dataclass(frozen=True)
class Answer:
    """One answer as it came, without interim ones (1xx)."""

    status: int
    headers: dict[str, str]
    body: bytes
    interim: tuple[int, ...] = ()

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def exchange(server: Server | tuple[str, int], request: bytes, tls: ssl.SSLContext | None = None) -> Answer:
    """Send these bytes and read until the server closes the connection: the request must ask for that."""
    address = (server.host, server.port) if isinstance(server, Server) else server
    with socket.create_connection(address, timeout=30) as connection:
        if tls is not None:
            connection = tls.wrap_socket(connection, server_hostname="api.runonrufus.com")
        connection.sendall(request)
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
        connection.close()
    return _parsed(answer)


def ask(server: Server, line: str | bytes, *headers: str | bytes, body: bytes = b"", host: str | None = "h") -> Answer:
    """Send a request of these lines and of this body with the key of the documented company."""
    fields = [
        line,
        *([f"Host: {host}"] if host is not None else []),
        *headers,
        f"api_key: {ADMIN}",
        "Connection: close",
    ]
    head = b"\r\n".join(field if isinstance(field, bytes) else field.encode("latin-1") for field in fields)
    return exchange(server, head + b"\r\n\r\n" + body)


def _parsed(answer: bytes) -> Answer:
    interim: list[int] = []
    while True:
        head, _, rest = answer.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        status = int(first.split(" ")[1])
        if status >= 200:
            break
        interim.append(status)
        answer = rest
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    return Answer(status, headers, rest, tuple(interim))
