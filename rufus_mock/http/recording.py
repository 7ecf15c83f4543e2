"""Writes each request into the journal of its company, or into the server's where it has none."""

import time

from flask import Flask, Response, request

from ..errors import ApiError, ContentTooLarge
from ..world import Company, World
from ..world.journal import Entry
from .exchange import Exchange, read

SHORTEST_KEY = 8
"""Of a key that is not longer, the last four characters would tell too much."""


def register_recording(app: Flask, world: World, key_headers: list[str], own_path: str) -> None:
    """Records each request to `app` but those below `own_path`."""
    variables = ["HTTP_" + name.upper().replace("-", "_") for name in key_headers]

    def owner(key: str) -> Company | None:
        try:
            return world.authenticate(key)[0]
        except ApiError:
            return None

    @app.after_request
    def record(response: Response) -> Response:
        environ = request.environ
        path = environ["PATH_INFO"]
        if path.startswith(own_path):
            return response
        exchange = Exchange.of(environ)
        key = environ.get(variables[0]) or environ.get(variables[1])
        company = exchange.company
        if company is None and key and exchange.operation is None:
            company = owner(key)
        body = exchange.body
        if body is None and ("CONTENT_LENGTH" in environ or "HTTP_TRANSFER_ENCODING" in environ):
            body = _unread(response)
        status: int | None = response.status_code
        taken = time.perf_counter() - exchange.started
        duration: float | None = taken
        strike = exchange.strike
        if strike is not None:
            duration = taken + strike.latency
            if strike.fault.answer == "never":
                status = duration = None
        refusal = None if exchange.refusal is None else type(exchange.refusal).__name__
        if response.status_code == 413 and strike is None:
            refusal = ContentTooLarge.__name__  # Werkzeug's own, before anyone could note it
        journal = world.journal if company is None else company.journal
        journal.record(
            Entry(
                next(journal.numbers),
                None if company is None else company.id,
                time.time_ns() - int(taken * 1e9),
                environ["REQUEST_METHOD"],
                path,
                environ["QUERY_STRING"],
                exchange.operation,
                " ".join([name for name in environ if name[:5] == "HTTP_" or name[:8] == "CONTENT_"]),
                key[-4:] if key and len(key) > SHORTEST_KEY else key and "",
                body or None,
                len(body) if body else 0,
                status,
                duration,
                refusal,
                None if exchange.refusal is None else exchange.refusal.fields.get("errors"),
                None if strike is None else strike.fault.id,
            )
        )
        return response


def _unread(response: Response) -> bytes | None:
    """The body that no operation has read. One that was too large stays unread."""
    if response.status_code == 413:
        return None
    try:
        return read(request)
    except Exception:  # whatever is wrong with it: the answer is made, and the journal can do without
        return None
