"""The list of events. This API cannot create any, so an account without events is as good as one with some."""

from typing import Any

from ..check import check
from ..material import Material
from ..offering import demand
from ..run import Exchange, Run
from ..text import described
from .lists import (
    EVENTS,
    ends_after_the_last_page,
    first_page,
    holds_nothing_of_another_company,
    pages_join_to_the_list,
)

_STATUSES = (None, "DRAFT", "PUBLISHED")


@check("listEvents")
def events_are_listed(run: Run, material: Material) -> None:
    """The list holds the company's events, in pages of `limit`; it may be empty"""
    del material
    demand(run, run.specification.operations["listEvents"])
    exchange, result = first_page(run, EVENTS)
    found = EVENTS.identifiers(result)
    _statuses_are_known(run, exchange, result)
    _order_stays(run, found)
    ends_after_the_last_page(run, EVENTS, found)
    pages_join_to_the_list(run, EVENTS, found, limit=(len(found) + 1) // 2)
    holds_nothing_of_another_company(run, EVENTS, found)


def _statuses_are_known(run: Run, exchange: Exchange, result: list[Any]) -> None:
    statuses = [entry.get("status") for entry in result if isinstance(entry, dict)]
    if not statuses:
        run.coverage.skip(["listEvents event-status"], "the account has no events")
        return
    others = [status for status in statuses if status not in _STATUSES]
    run.rule(exchange, "event-status", not others, "DRAFT, PUBLISHED or null", described(others), "/result/0/status")


def _order_stays(run: Run, found: list[Any]) -> None:
    if len(found) < 2:
        run.coverage.skip(["listEvents events-order"], "the account has fewer than two events")
        return
    again = run.ask("listEvents")
    order = EVENTS.identifiers(run.expect(again).get("result"))
    if sorted(map(str, order)) == sorted(map(str, found)):
        run.rule(again, "events-order", order == found, described(found), described(order), "/result")
