"""Serves an application on a socket, on several threads that share the state."""

import socket
from collections.abc import Callable
from types import TracebackType
from typing import Any

from .certificates import Certificate
from .deliveries import Deliveries
from .gateway import Gateway
from .worker import BACKLOG, Worker

GRACE = 1.5
"""Seconds that running requests have to finish when the server stops."""


class Server:
    """Serves a WSGI application on a socket, which is bound and listens as soon as the Server is created.

    port: 0 picks a free port. certificate: if there is one, the server only speaks TLS. Raises OSError if the host and
    port cannot be bound.
    """

    def __init__(
        self,
        application: Callable[..., Any],
        host: str = "127.0.0.1",
        port: int = 0,
        certificate: Certificate | None = None,
    ) -> None:
        self._certificate = certificate
        self._socket = _listen(host, port)
        self.host: str
        self.port: int
        self.host, self.port = self._socket.getsockname()[:2]
        self._deliveries = Deliveries(self.port)
        self._gateway = Gateway(application, self._deliveries)
        self._worker: Worker | None = None

    @property
    def url(self) -> str:
        """The URL of the root."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        scheme = "https" if self._certificate else "http"
        return f"{scheme}://{host}:{self.port}"

    def start(self) -> None:
        """Start to answer requests, on threads of the worker, and return."""
        self._worker = Worker(self._socket, self._gateway, self._certificate)

    def stop(self) -> None:
        """Accept no more connections and wait until running requests are finished, for GRACE seconds at most."""
        if self._worker is None:
            self._socket.close()
            return
        self._deliveries.release_all()
        self._worker.stop(GRACE)

    def __enter__(self) -> "Server":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()


def _listen(host: str, port: int) -> socket.socket:
    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Accepted sockets inherit this. Without it, each response waits 40 ms for the client's delayed ACK.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
        listener.setblocking(False)
    except OSError:
        listener.close()
        raise
    return listener
