"""Writes each request into the journal of its company, or into the server's where it has none."""

import time
from typing import Any

from flask import Response, request

from ...base.errors import ApiError, ContentTooLarge
from ...base.masking import tail
from ...world import Company, World
from ...world.journal import Entry
from .access import Guard
from .exchange import Exchange, read

_TOO_LARGE = 413


class Recorder:
    """Writes down what was asked and answered, as raw as it came: what it means is worked out when someone reads it."""

    def __init__(self, world: World, guard: Guard, own_path: str) -> None:
        self._world = world
        self._guard = guard
        self._own_path = own_path

    def record(self, environ: dict[str, Any], exchange: Exchange, response: Response) -> None:
        """Record a request that an operation has answered."""
        key = self._guard.api_key(environ)
        company = exchange.company
        body = exchange.body
        if body is None and ("CONTENT_LENGTH" in environ or "HTTP_TRANSFER_ENCODING" in environ):
            body = _unread(response)
        taken = time.perf_counter() - exchange.started
        status: int | None = response.status_code
        duration: float | None = taken
        fault = None
        if exchange.strike is not None:
            fault = exchange.strike.fault
            duration = taken + exchange.strike.latency
            if fault.answer == "never":
                status = duration = None
        journal = self._world.journal if company is None else company.journal
        journal.record(
            Entry(
                next(journal.numbers),
                None if company is None else company.id,
                time.time_ns() - int(taken * 1e9),
                environ["REQUEST_METHOD"],
                environ["PATH_INFO"],
                environ["QUERY_STRING"],
                exchange.operation,
                "\n".join(environ),
                key and tail(key),
                body or None,
                len(body) if body else 0,
                status,
                duration,
                exchange.refusal,
                exchange.problems,
                None if fault is None else fault.id,
            )
        )

    def record_failure(self, response: Response, error: ApiError | None = None) -> None:
        """Record a request that no operation has answered: there is none for it, or something came in between."""
        environ = request.environ
        if environ["PATH_INFO"].startswith(self._own_path):
            return
        exchange = Exchange.of(environ)
        if exchange.company is None:
            exchange.company = self._owner(self._guard.api_key(environ))
        if error is not None:
            exchange.failed(error)
        if response.status_code == _TOO_LARGE:
            exchange.failed(ContentTooLarge())
        self.record(environ, exchange, response)

    def _owner(self, key: str | None) -> Company | None:
        try:
            return self._world.authenticate(key)[0] if key else None
        except ApiError:
            return None


def _unread(response: Response) -> bytes | None:
    """The body that no operation has read. One that was too large stays unread."""
    if response.status_code == _TOO_LARGE:
        return None
    try:
        return read(request)
    except Exception:  # whatever is wrong with it: the answer is made, and the journal can do without
        return None
