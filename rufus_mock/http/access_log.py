"""One line of log a request. A key is shown by its last four characters only."""

import logging
import time

from flask import Flask, Response, g, request

from .access import Guard

logger = logging.getLogger("rufus_mock.access")


def register_access_log(app: Flask, guard: Guard) -> None:
    """Logs each answer of `app` at level INFO; costs nothing when that is off."""

    @app.before_request
    def start() -> None:
        g.started = time.perf_counter()

    @app.after_request
    def log(response: Response) -> Response:
        if logger.isEnabledFor(logging.INFO):
            key = guard.api_key(request.environ)
            logger.info(
                "%s %s %s %d %dB %.1fms key=%s",
                request.remote_addr or "-",
                request.method,
                printable(request.full_path if request.query_string else request.path),
                response.status_code,
                response.content_length or 0,
                (time.perf_counter() - g.started) * 1000,
                masked(key),
            )
        return response


def masked(key: str | None) -> str:
    """A key by its last four characters; "-" for none."""
    if not key:
        return "-"
    return "…" + printable(key[-4:]) if len(key) > 8 else "…"


def printable(text: str) -> str:
    """`text` on one line: control characters, a line feed in a path for one, escaped."""
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text)
