"""Defects in listing events. The path is assumed, so each departure is a note."""

import itertools
from collections.abc import Callable
from typing import Any

from flask import Flask, request

from rufus_mock.spec.dialects import OPENAPI, PAGES
from tests.contract.mutants.access import lets_in
from tests.contract.mutants.mutant import NOTE, Spoil, add, mutant
from tests.contract.mutants.spoiling import answers, companies, put, queries, raw, status_is


@mutant("listEvents", "events-of-company", NOTE)
def the_list_shows_another_companys_events(app: Flask) -> None:
    first, second = companies(app)[:2]
    second.events = first.events


@mutant("listEvents", "events-order", NOTE)
def events_come_in_another_order_each_time(app: Flask) -> None:
    backwards = itertools.cycle([True, False])
    answers("listEvents", lambda body: body["result"].reverse() if next(backwards) else None)(app)


def _of_each_event(change: Callable[[dict[str, Any]], Any]) -> Spoil:
    def changed(body: dict[str, Any]) -> None:
        for event in body["result"]:
            change(event)

    return answers("listEvents", changed)


def _events_note(name: str, rests_on: str, spoil: Spoil, dialect: str = PAGES) -> None:
    add(name, "listEvents", rests_on, spoil, NOTE, dialect)


_events_note("limit_of_events_is_ignored", "event-pages", queries("/events", lambda query: query.pop("limit", None)))
_events_note("page_of_events_is_ignored", "event-pages", queries("/events", lambda query: query.pop("page", None)))
_events_note(
    "each_page_of_events_lacks_its_last",
    "event-pages",
    answers("listEvents", lambda body: body["result"].pop() and None if "limit" in request.args else None),
)
_events_note(
    "events_come_twice",
    "event-pages",
    answers("listEvents", lambda body: body.update(result=[e for e in body["result"] for _ in range(2)])),
)
_events_note("events_have_other_times", "200 Events", _of_each_event(put(start_date="3 February 2024")))
_events_note("events_have_no_token", "200 Events", _of_each_event(lambda event: event.pop("event_token")))
_events_note("event_tokens_are_numbers", "200 Events", _of_each_event(put(event_token=1)))
_events_note("event_names_are_objects", "200 Events", _of_each_event(put(name={"en": "10K"})))
_events_note("events_are_cancelled", "event-status", _of_each_event(put(status="CANCELLED")))
_events_note(
    "the_list_calls_its_result_events",
    "200 Events",
    answers("listEvents", lambda body: {"description": "Success", "events": body["result"]}),
)
_events_note("the_list_of_events_has_another_text", "200 Events", answers("listEvents", put(description="Events")))
_events_note(
    "the_total_of_events_is_off_by_one",
    "event-pagination",
    answers("listEvents", lambda body: body["pagination"].update(total=body["pagination"]["total"] + 1)),
    OPENAPI,
)
_events_note(
    "there_are_never_more_events",
    "event-pagination",
    answers("listEvents", lambda body: body["pagination"].update(has_more=False)),
    OPENAPI,
)
_events_note(
    "the_list_of_events_has_no_pagination",
    "200 Events",
    answers("listEvents", lambda body: body.pop("pagination") and None),
    OPENAPI,
)
_events_note(
    "no_events_past_the_end_is_a_404",
    "events-past-the-end",
    raw("listEvents", lambda response: b'"result":[]' in response.get_data() and status_is(404)(response)),
)
_events_note("the_limit_of_events_has_no_maximum", "wrong-parameter", queries("/events", lambda q: _at_most(q, 1000)))
_events_note("events_need_no_key", "key-required", lambda app: lets_in(app, lambda key: key is None, "listEvents"))
_events_note("events_lie_at_another_path", "events-path", raw("listEvents", status_is(404)))


def _at_most(query: dict[str, str], limit: int) -> None:
    if query.get("limit", "").isdigit():
        query["limit"] = str(min(int(query["limit"]), limit))
