"""Connects the worker to a WSGI application."""

import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from ..web.faults.delivery import Delivery
from .deliveries import Deliveries
from .worker import Headers, Response


class Gateway:
    """What the worker calls for each request.

    The WSGI environment contains no variables of the process, so an HTTP_PROXY in it is always a request header.
    deliveries: sends the answers that faults have changed.
    """

    def __init__(self, application: Callable[..., Iterable[bytes]], deliveries: Deliveries) -> None:
        self._application = application
        self._deliveries = deliveries
        self._environ = {
            "GATEWAY_INTERFACE": "CGI/1.1",
            "SCRIPT_NAME": "",
            "SERVER_SOFTWARE": "Granian",
            "wsgi.errors": sys.stderr,
            "wsgi.input_terminated": True,
            "wsgi.multiprocess": False,
            "wsgi.multithread": True,
            "wsgi.run_once": False,
            "wsgi.version": (1, 0),
        }

    def __call__(self, response: Response, scope: dict[str, Any]) -> None:
        head = _Head()
        body = self._application(self._environ | scope, head)
        if isinstance(body, Delivery):
            self._deliveries.send(body, head.status, head.headers, response, scope)
        elif isinstance(body, list):
            response.response_bytes(head.status, head.headers, b"".join(body))
        else:
            response.response_iter(head.status, head.headers, _Chunks(body))


class _Head:
    """WSGI's start_response: stores the status and the headers."""

    __slots__ = ("headers", "status")

    def __call__(self, status: str, headers: Headers, exc_info: Any = None) -> None:  # noqa: ARG002
        self.status = int(status[:3])
        self.headers = headers


class _Chunks:
    """The iterator that the worker reads a body from."""

    __slots__ = ("__next__", "_body")

    __next__: Callable[[], bytes]

    def __init__(self, body: Iterable[bytes]) -> None:
        self._body = body
        iterator: Iterator[bytes] = iter(body)
        self.__next__ = iterator.__next__

    def close(self) -> None:
        close = getattr(self._body, "close", None)
        if close is not None:
            close()
