"""granian's worker, run in this process. The only module that uses granian.

granian's own command starts a supervisor and a worker process. A mock keeps its state in one process and has to start
quickly, so the worker runs here, on our own socket. The extension module is not a public interface, so pyproject.toml
pins granian to one minor version, and tests/serving/test_worker.py names each part that this module relies on.
"""

import asyncio
import socket
import threading
from collections.abc import Callable
from typing import Any, Protocol

from granian import _granian
from granian._futures import _new_cbscheduler

from .certificates import Certificate

_extension: Any = _granian  # its type stubs are out of date

THREADS = 4
"""Python threads that handle requests. More would only wait for each other, as the interpreter runs one at a time.

A slow request body occupies one thread until it has arrived completely, so three slow bodies still leave one thread for
all other requests. A response that a fault holds back occupies no thread: see deliveries.py.
"""

BACKLOG = 1024
"""Connections that may wait to be accepted, and requests that may wait for a thread."""

LOGGER = "_granian"
"""The logger of the extension."""

_IDLE_TIMEOUT = 30
_RUNTIME_BLOCKING_THREADS = 512
_OLDEST_TLS = "tls1.2"
"""Older timing programs need it: Java has supported TLS 1.3 only since versions 11 and 8u261."""

Headers = list[tuple[str, str]]


class Chunks(Protocol):
    """A body in parts. It also has __next__, which granian calls for each part."""

    def close(self) -> None:
        """granian calls this at the end, if there is such a method."""


class Response(Protocol):
    """granian's side of one request. One of the two methods is called once, on any thread, at any time."""

    def response_bytes(self, status: int, headers: Headers, body: bytes, /) -> None:
        """Send a complete response."""

    def response_iter(self, status: int, headers: Headers, body: Chunks, /) -> None:
        """Send a response in chunks. Returns when the last one is sent."""


OnRequest = Callable[[Response, dict[str, Any]], None]
"""What granian calls for each request, on one of its threads, with the members of the WSGI environment."""


class Worker:
    """Answers the requests that arrive on a listening socket, from its creation until stop().

    The worker closes the socket. certificate: if there is one, only TLS is spoken.
    """

    def __init__(self, listener: socket.socket, on_request: OnRequest, certificate: Certificate | None) -> None:
        self._signal = _extension.WorkerSignal()
        self._stopped = threading.Event()
        self._signal.add_cb(self._stopped.set)
        self._worker = _extension.WSGIWorker(
            worker_id=1,
            sock=(None, _extension.SocketHolder(listener.detach(), False, BACKLOG)),
            ipc=None,  # there is no supervisor
            threads=1,  # of the Rust runtime
            blocking_threads=_RUNTIME_BLOCKING_THREADS,
            py_threads=THREADS,
            py_threads_idle_timeout=_IDLE_TIMEOUT,
            backpressure=BACKLOG,
            http_mode="auto",  # HTTP/1 or HTTP/2
            ssl_crl=[],
            metrics=(None, None),
            **_tls(certificate),
        )
        self._loop = asyncio.new_event_loop()  # granian requires one, but with WSGI nothing runs in it
        scheduler = _new_cbscheduler(self._loop, on_request, impl_asyncio=True)
        self._worker.serve_mtr(scheduler, self._loop, self._signal)

    def stop(self, grace: float) -> None:
        """Accept no more connections and wait until running requests are finished, for `grace` seconds at most."""
        self._signal.set()
        self._stopped.wait(grace)
        self._worker = None
        self._loop.close()


def _tls(certificate: Certificate | None) -> dict[str, Any]:
    oldest = {"ssl_protocol_min": _OLDEST_TLS}
    if certificate is None:
        return oldest
    files = {"ssl_cert": str(certificate.certificate), "ssl_key": str(certificate.private_key)}
    return {"ssl_enabled": True, **files, **oldest}
