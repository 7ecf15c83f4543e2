"""Logs one line for each request. Keys and the admin token are masked everywhere in it."""

import logging
import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from flask import Flask

from ...base.masking import Masker, masked
from ...base.printable import printable
from .access import Guard

logger = logging.getLogger("rufus_mock.access")

WriteLine = Callable[[str], None]


def register_access_log(app: Flask, guard: Guard, masker: Masker, write: WriteLine | None = None) -> None:
    """Call `write` with one line for each answer of `app`. Without it, the lines go to the logger.

    The log wraps the WSGI application, because Flask's hooks and the request object cost several times as much.
    """
    application: Callable[..., Iterable[bytes]] = app.wsgi_app

    def logged(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if write or logger.isEnabledFor(logging.INFO):
            start_response = partial(
                _start, write or logger.info, guard, masker, environ, time.perf_counter(), start_response
            )
        return application(environ, start_response)

    app.wsgi_app = logged  # type: ignore[method-assign]


def _start(
    write: WriteLine,
    guard: Guard,
    masker: Masker,
    environ: dict[str, Any],
    started: float,
    start_response: Callable[..., Any],
    status: str,
    headers: list[tuple[str, str]],
    *exc_info: Any,
) -> Any:
    length = next((value for name, value in headers if name == "Content-Length"), 0)
    milliseconds = (time.perf_counter() - started) * 1000
    write(
        f"{environ.get('REMOTE_ADDR') or '-'} {masker(_request_line(environ))} {status[:3]} {length}B "
        f"{milliseconds:.1f}ms key={printable(masked(guard.api_key(environ)))}"
    )
    return start_response(status, headers, *exc_info)


def _request_line(environ: dict[str, Any]) -> str:
    """The method, the path as text (WSGI represents its bytes as Latin-1 characters), and the query as it was sent."""
    path = environ["PATH_INFO"].encode("latin-1").decode(errors="replace")
    query = environ["QUERY_STRING"]
    return printable(f"{environ['REQUEST_METHOD']} {path}{'?' if query else ''}{query}")
