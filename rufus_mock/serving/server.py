"""Serves an application with granian in this process, on several threads that share the state.

granian's own command starts a supervisor and a worker process. A mock keeps its state in one process and has to start
quickly, so the worker runs in this process, on our own socket. This uses granian's extension module, which is not a
public interface, so pyproject.toml pins granian to one minor version.
"""

import asyncio
import socket
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any

from granian import _granian
from granian._futures import _new_cbscheduler

from .certificates import Certificate
from .gateway import Gateway

_extension: Any = _granian  # its type stubs are out of date

THREADS = 4
"""Python threads that handle requests. More would only wait for each other, as the interpreter runs one at a time.

A slow request body occupies one thread until it has arrived completely, so three slow bodies still leave one thread for
all other requests. A response that a fault holds back occupies no thread: see gateway.py.
"""

GRACE = 1.5
"""Seconds that running requests have to finish when the server stops."""

_BACKLOG = 1024
_IDLE_TIMEOUT = 30
_RUNTIME_BLOCKING_THREADS = 512
_OLDEST_TLS = "tls1.2"
"""Older timing programs need it: Java has supported TLS 1.3 only since versions 11 and 8u261."""


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
        self._gateway = Gateway(application, self.port)
        self._stop = _extension.WorkerSignal()
        self._stopped = threading.Event()
        self._stop.add_cb(self._stopped.set)
        self._worker: Any = None
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def url(self) -> str:
        """The URL of the root."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        scheme = "https" if self._certificate else "http"
        return f"{scheme}://{host}:{self.port}"

    def start(self) -> None:
        """Start to answer requests, on granian's threads, and return."""
        self._worker = _extension.WSGIWorker(
            1,  # number of this worker
            (None, _extension.SocketHolder(self._socket.detach(), False, _BACKLOG)),  # granian closes the socket
            None,  # no channel to a supervisor
            1,  # threads of the Rust runtime
            _RUNTIME_BLOCKING_THREADS,
            THREADS,
            _IDLE_TIMEOUT,
            _BACKLOG,  # requests that may wait for a thread
            "auto",  # HTTP/1 or HTTP/2
            None,  # settings of HTTP/1
            None,  # settings of HTTP/2
            None,  # no static files
            *_tls(self._certificate),
            (None, None),  # no metrics
        )
        self._loop = asyncio.new_event_loop()  # granian requires one, but with WSGI nothing runs in it
        scheduler = _new_cbscheduler(self._loop, self._gateway, impl_asyncio=True)
        self._worker.serve_mtr(scheduler, self._loop, self._stop)

    def stop(self) -> None:
        """Accept no more connections and wait until running requests are finished, for GRACE seconds at most."""
        if self._loop is None:
            self._socket.close()
            return
        self._gateway.release_all()
        self._stop.set()
        self._stopped.wait(GRACE)
        self._worker = None
        self._loop.close()

    def __enter__(self) -> "Server":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()


def _tls(certificate: Certificate | None) -> tuple[Any, ...]:
    """granian's TLS arguments: on or off, files, password, oldest version, no client certificates."""
    if certificate is None:
        return (False, None, None, None, _OLDEST_TLS, None, [], False)
    files = (str(certificate.certificate), str(certificate.private_key))
    return (True, *files, None, _OLDEST_TLS, None, [], False)


def _listen(host: str, port: int) -> socket.socket:
    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Accepted sockets inherit this. Without it, each response waits 40 ms for the client's delayed ACK.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        listener.bind(address)
        listener.listen(_BACKLOG)
        listener.setblocking(False)
    except OSError:
        listener.close()
        raise
    return listener
