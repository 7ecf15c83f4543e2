"""What the lists of a company's things have in common: they come in pages of `limit`, and belong to one company."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..exploring import CannotGoOn
from ..run import Exchange, Run
from ..text import described

_FAR_PAGE = 1000


@dataclass(frozen=True)
class Listing:
    """A list: its operation, the field that identifies an entry, what the entries are called, and its rules."""

    operation_id: str
    identifier: str
    noun: str
    empty: str
    past_the_end: str
    pages: str
    pagination: str
    of_company: str

    def identifiers(self, result: Any) -> list[Any]:
        """The identifiers of the entries, in order."""
        entries = result if isinstance(result, list) else []
        return [entry.get(self.identifier) for entry in entries if isinstance(entry, dict)]


DEVICES = Listing(
    "listDevices",
    "deviceid",
    "devices",
    empty="devices-empty-list",
    past_the_end="devices-past-the-end",
    pages="device-pages",
    pagination="device-pagination",
    of_company="devices-of-company",
)
EVENTS = Listing(
    "listEvents",
    "event_token",
    "events",
    empty="events-empty-list",
    past_the_end="events-past-the-end",
    pages="event-pages",
    pagination="event-pagination",
    of_company="events-of-company",
)


def first_page(run: Run, listing: Listing) -> tuple[Exchange, list[Any]]:
    """The list without parameters. Raises CannotGoOn if the answer holds none."""
    exchange = run.ask(listing.operation_id)
    body = run.expect(exchange)
    result = body.get("result")
    if not isinstance(result, list):
        raise CannotGoOn(f"no list of {listing.noun}")
    if not result:
        run.rule(exchange, listing.empty, True, "", "")
    if len(result) < (exchange.operation.page_size or 0):
        _pagination(run, listing, exchange, body, {"page": 1, "total": len(result), "has_more": False})
    return exchange, result


def holds_nothing_of_another_company(run: Run, listing: Listing, found: Sequence[Any]) -> None:
    """Compares the list with that of --other-key, if one was given."""
    if not run.keys.other_key:
        return
    exchange = run.ask(listing.operation_id, key=run.keys.other_key)
    result = run.expect(exchange).get("result")
    if result == []:
        run.rule(exchange, listing.empty, True, "", "")
    theirs = listing.identifiers(result)
    both = [identifier for identifier in found if identifier in theirs]
    for rule_id in (listing.of_company, "companies-apart"):
        run.rule(exchange, rule_id, not both, f"none of another company's {listing.noun}", described(both), "/result")


def ends_after_the_last_page(run: Run, listing: Listing, found: Sequence[Any]) -> None:
    """A page far past the end holds nothing."""
    exchange = run.ask(listing.operation_id, query={"page": _FAR_PAGE, "limit": 1})
    status = exchange.reply.status
    if status == 200 and run.expect(exchange).get("result") and len(found) < _FAR_PAGE:
        expected = f"no {listing.noun} past the last page"
        run.rule(exchange, listing.pages, False, expected, described(exchange.reply.body), "/result")
    else:
        run.status_rule(exchange, listing.past_the_end, status == 200, "200 and []")


def pages_join_to_the_list(run: Run, listing: Listing, found: Sequence[Any], limit: int = 1) -> None:
    """Two pages of `limit` hold what the list begins with, each entry once."""
    if len(found) < 2:
        name = f"{listing.operation_id} {listing.pages}"
        run.coverage.skip([name], f"the account has fewer than two {listing.noun}")
        return
    joined: list[Any] = []
    for page in (1, 2):
        exchange = run.ask(listing.operation_id, query={"page": page, "limit": limit})
        body = run.expect(exchange)
        entries = listing.identifiers(body.get("result"))
        size = f"{len(entries)} {listing.noun}"
        run.rule(
            exchange, listing.pages, len(entries) <= limit, f"at most {limit} of the {listing.noun}", size, "/result"
        )
        joined += entries
        if len(found) < (exchange.operation.page_size or 0):
            more = page * limit < len(found)
            wanted = {"page": page, "limit": limit, "total": len(found), "has_more": more}
            _pagination(run, listing, exchange, body, wanted)
    wanted_entries = list(found[: 2 * limit])
    run.rule(
        exchange,
        listing.pages,
        joined == wanted_entries and len(set(map(str, found))) == len(found),
        f"{described(wanted_entries)}, each once",
        described(joined),
        "/result",
    )


def _pagination(run: Run, listing: Listing, exchange: Exchange, body: dict[str, Any], wanted: dict[str, Any]) -> None:
    pagination = body.get("pagination")
    if run.dialect != "openapi" or not isinstance(pagination, dict):
        return
    for name, value in wanted.items():
        run.field_rule(exchange, listing.pagination, pagination, name, value, "/pagination")
