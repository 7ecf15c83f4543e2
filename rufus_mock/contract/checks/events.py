"""The list of events. This API cannot create any, so an account without events is as good as one with some."""

from typing import Any

from ..judge.exchange import JudgedExchange
from ..judge.statements import rule
from ..run import Run
from ..session.exchange import Entry
from ..subject.material import Material
from .check import check
from .lists import (
    EVENTS,
    ends_after_the_last_page,
    first_page,
    holds_nothing_of_another_company,
    pages_join_to_the_list,
)
from .offering import demand

_STATUS = rule("event-status")
_ORDER = rule("events-order")

_STATUSES = (None, "DRAFT", "PUBLISHED")


@check("listEvents")
def events_are_listed(run: Run, material: Material) -> None:
    """The list has the company's events, in pages of `limit`; it may be empty"""
    del material
    demand(run, run.contract.operations["listEvents"])
    exchange, entries = first_page(run, EVENTS)
    found = EVENTS.identifiers(entries)
    _statuses_are_known(run, exchange, entries)
    _order_stays(run, found)
    ends_after_the_last_page(run, EVENTS, found)
    pages_join_to_the_list(run, EVENTS, found, limit=(len(found) + 1) // 2)
    holds_nothing_of_another_company(run, EVENTS, found)


def _statuses_are_known(run: Run, exchange: JudgedExchange, entries: list[Entry]) -> None:
    if not entries:
        run.coverage.skip([_STATUS.name], "the account has no events")
        return
    others = [entry.get("status") for entry in entries if entry.get("status") not in _STATUSES]
    exchange.against(_STATUS).nothing_more(others, "DRAFT, PUBLISHED or null", "/result/0/status")


def _order_stays(run: Run, found: list[Any]) -> None:
    if len(found) < 2:
        run.coverage.skip([_ORDER.name], "the account has fewer than two events")
        return
    again = run.ask("listEvents")
    order = EVENTS.identifiers(again.expect().entries_if_any())
    if sorted(map(str, order)) == sorted(map(str, found)):
        again.against(_ORDER).equals(found, order, "/result")
