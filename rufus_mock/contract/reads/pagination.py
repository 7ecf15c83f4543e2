"""Compares the pagination of a list with what the list should hold."""

from ...spec.dialects import OPENAPI
from ..judge.exchange import JudgedExchange
from ..judge.statements import Statement
from ..run import Run


def pagination(
    run: Run,
    exchange: JudgedExchange,
    statement: Statement,
    total: int,
    page: int = 1,
    size: int | None = None,
    limit: int | None = None,
) -> None:
    """Compares it if the answer has one. size: entries on a page, if that is not the page size; limit: as requested."""
    found = exchange.body.get("pagination")
    if run.dialect != OPENAPI or not isinstance(found, dict):
        return
    size = size or run.contract.page_size
    wanted = {"page": page, "total": total, "has_more": page * size < total}
    if limit is not None:
        wanted["limit"] = limit
    for name, value in wanted.items():
        exchange.against(statement).field_is(value, found, name, "/pagination")
