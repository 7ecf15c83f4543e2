"""What the lists of a company have in common: they come in pages of `limit`, and belong to one company."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...spec.dialects import OPENAPI
from ..judge.exchange import JudgedExchange
from ..judge.statements import Statement, rule
from ..reads.entries import only_entries
from ..run import Run
from ..session.exchange import Entry
from ..wording import described

_FAR_PAGE = 1000

_COMPANIES_APART = rule("companies-apart")


@dataclass(frozen=True)
class Listing:
    """A list: its operation, the field that identifies an entry, what the entries are called, and its rules."""

    operation_id: str
    identifier: str
    noun: str
    empty: Statement
    past_the_end: Statement
    pages: Statement
    pagination: Statement
    of_company: Statement

    def identifiers(self, entries: Sequence[Entry]) -> list[Any]:
        """The identifiers of the entries, in order."""
        return [entry.get(self.identifier) for entry in entries]


DEVICES = Listing(
    "listDevices",
    "deviceid",
    "devices",
    empty=rule("devices-empty-list"),
    past_the_end=rule("devices-past-the-end"),
    pages=rule("device-pages"),
    pagination=rule("device-pagination"),
    of_company=rule("devices-of-company"),
)
EVENTS = Listing(
    "listEvents",
    "event_token",
    "events",
    empty=rule("events-empty-list"),
    past_the_end=rule("events-past-the-end"),
    pages=rule("event-pages"),
    pagination=rule("event-pagination"),
    of_company=rule("events-of-company"),
)


def first_page(run: Run, listing: Listing) -> tuple[JudgedExchange, list[Entry]]:
    """The list without parameters. Raises CannotGoOn if the answer has no list."""
    exchange = run.ask(listing.operation_id)
    if not run.owned.bound and _is_refused(listing, exchange):
        return exchange, []
    entries = exchange.expect().entries()
    only_entries(exchange, listing.of_company, listing.noun)
    if exchange.body["result"] == []:
        exchange.against(listing.empty).exercised()
    if len(entries) < (exchange.operation.page_size or 0):
        _pagination(run, listing, exchange, {"page": 1, "total": len(entries), "has_more": False})
    return exchange, entries


def holds_nothing_of_another_company(run: Run, listing: Listing, found: Sequence[Any]) -> None:
    """Compares the list with that of --other-key, if one was given."""
    if not run.keys.other_key:
        return
    exchange = run.ask(listing.operation_id, key=run.keys.other_key)
    if _is_refused(listing, exchange):
        return
    theirs = listing.identifiers(exchange.expect().entries_if_any())
    if exchange.body.get("result") == []:
        exchange.against(listing.empty).exercised()
    both = [identifier for identifier in found if identifier in theirs]
    for statement in (listing.of_company, _COMPANIES_APART):
        exchange.against(statement).nothing_more(both, f"none of another company's {listing.noun}", "/result")


def _is_refused(listing: Listing, exchange: JudgedExchange) -> bool:
    """Whether the answer is a 404, as a list without entries may be."""
    return exchange.status == 404 and not exchange.against(listing.empty).status_is(200, "and []")


def ends_after_the_last_page(run: Run, listing: Listing, found: Sequence[Any]) -> None:
    """A page far past the end is empty."""
    exchange = run.ask(listing.operation_id, query={"page": _FAR_PAGE, "limit": 1})
    if exchange.status == 200 and exchange.expect().get("result") and len(found) < _FAR_PAGE:
        expected = f"no {listing.noun} past the last page"
        exchange.against(listing.pages).broken(expected, described(exchange.reply.body), "/result")
    else:
        exchange.against(listing.past_the_end).status_is(200, "and []")


def pages_join_to_the_list(run: Run, listing: Listing, found: Sequence[Any], limit: int = 1) -> None:
    """Two pages of `limit` have what the list begins with, each entry once."""
    if len(found) < 2:
        run.coverage.skip([listing.pages.name], f"the account has fewer than two {listing.noun}")
        return
    joined: list[Any] = []
    for page in (1, 2):
        exchange = run.ask(listing.operation_id, query={"page": page, "limit": limit})
        entries = listing.identifiers(exchange.expect().entries_if_any())
        expected, actual = f"at most {limit} of the {listing.noun}", f"{len(entries)} {listing.noun}"
        exchange.against(listing.pages).holds(len(entries) <= limit, expected, actual, "/result")
        joined += entries
        if len(found) < (exchange.operation.page_size or 0):
            more = page * limit < len(found)
            wanted = {"page": page, "limit": limit, "total": len(found), "has_more": more}
            _pagination(run, listing, exchange, wanted)
    beginning = list(found[: 2 * limit])
    once = len(set(map(str, found))) == len(found)
    expected = f"{described(beginning)}, each once"
    exchange.against(listing.pages).holds(joined == beginning and once, expected, described(joined), "/result")


def fits_one_page(run: Run, listing: Listing, found: Sequence[Any]) -> None:
    """A page of as many entries as there are has all of them, and no page follows."""
    if not 1 < len(found) <= (run.contract.operations[listing.operation_id].page_size or 0):
        return
    exchange = run.ask(listing.operation_id, query={"limit": len(found)})
    there = listing.identifiers(exchange.expect().entries_if_any())
    expected = f"all {len(found)} {listing.noun} on one page"
    same = sorted(map(str, there)) == sorted(map(str, found))
    exchange.against(listing.pages).holds(same, expected, f"{len(there)}", "/result")
    wanted = {"page": 1, "limit": len(found), "total": len(found), "has_more": False}
    _pagination(run, listing, exchange, wanted)


def _pagination(run: Run, listing: Listing, exchange: JudgedExchange, wanted: Mapping[str, Any]) -> None:
    pagination = exchange.body.get("pagination")
    if run.dialect == OPENAPI and isinstance(pagination, dict):
        for name, value in wanted.items():
            exchange.against(listing.pagination).field_is(value, pagination, name, "/pagination")
