"""Writes each request to the journal of its company, or to the server's journal if it belongs to no company."""

import time

from flask import Response, request

from ...base.masking import tail
from ...world import World
from ...world.journal import Entry
from ..faults.delivery import Delivered
from .access import Guard
from .exchange import Exchange, read


class Recorder:
    """Stores requests and answers as they were sent. They are interpreted when someone reads the journal."""

    def __init__(self, world: World, guard: Guard) -> None:
        self._world = world
        self._guard = guard

    def record(self, exchange: Exchange, response: Response) -> None:
        """Record a request and its answer. Both are complete, but the answer may go out later."""
        environ = exchange.environ
        company = exchange.company
        body = exchange.body
        if body is None and ("CONTENT_LENGTH" in environ or "HTTP_TRANSFER_ENCODING" in environ):
            body = _unread(exchange)
        key = self._guard.api_key(environ)
        taken = time.perf_counter() - exchange.started
        status, duration, fault = _outcome(exchange, response, taken)
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
                fault,
                *exchange.for_journal(),
            )
        )


def _outcome(exchange: Exchange, response: Response, taken: float) -> tuple[int | None, float | None, str | None]:
    """Status, seconds until the answer goes out, id of the fault. An answer that never comes has no status."""
    if exchange.strike is None or not isinstance(response, Delivered):
        return response.status_code, taken, None
    if not response.arrives:
        return None, None, exchange.strike.fault.id
    return response.status_code, taken + response.delay, exchange.strike.fault.id


def _unread(exchange: Exchange) -> bytes | None:
    """The body that no operation has read. One that was too large stays unread."""
    if exchange.exceeded is not None:
        return None
    try:
        return read(request)
    except Exception:  # the answer does not depend on this body, so its defects do not matter
        return None
