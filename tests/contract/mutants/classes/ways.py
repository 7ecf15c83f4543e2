"""Ways of reading that should agree, with a defect in one of them: one read, one page, or one bound."""

from functools import partial
from typing import Any

from flask import request

from tests.contract.mutants.classes.changing import (
    ONWARDS,
    RANGE,
    SPAN,
    asks,
    of_each_read,
    of_entries,
    on_page,
    queries_of,
    rows_if,
)
from tests.contract.mutants.classes.defect import defect
from tests.contract.mutants.spoiling import answers, put

_add = partial(defect, "ways")

_SHOWN = ("passing-as-sent", "200 Passings", "200 PassingsContinued")
"""What a passing that one read shows otherwise breaks."""

_add("reads_by_time_lack_the_chip", SPAN, _SHOWN, of_each_read(SPAN, put(chip=None)), "chip")
_add("reads_by_range_lack_the_gender", RANGE, _SHOWN, of_each_read(RANGE, put(gender=None)), "gender")
_add(
    "reading_on_swaps_the_coordinates",
    ONWARDS,
    _SHOWN,
    of_each_read(ONWARDS, lambda p: p.update(latitude=p["longitude"], longitude=p["latitude"])),
    "latitude",
    "longitude",
)
_add(
    "reading_on_cuts_the_milliseconds",
    ONWARDS,
    _SHOWN,
    of_each_read(ONWARDS, lambda p: p.update(timestamp=p["timestamp"][:20] + "000Z")),
    "timestamp",
)
_add(
    "participants_are_missing_if_a_read_by_time_has_bounds",
    SPAN,
    _SHOWN,
    of_each_read(SPAN, put(participant_id=None), lambda: asks("from", "to")),
    "participant_id",
)
_add(
    "page_2_by_range_lacks_the_status",
    RANGE,
    _SHOWN,
    of_each_read(RANGE, put(status=None), lambda: on_page(2)),
    "status",
    large=True,
)


def _all_of_the_last_session(found: list[Any]) -> None:
    for passing in found:
        passing["token_session"] = found[-1]["token_session"]


_add(
    "page_2_by_time_gives_all_passings_to_one_session",
    SPAN,
    ("passing-as-sent", "time-range", "time-pages-joined", "200 Passings"),
    rows_if(SPAN, lambda: on_page(2), _all_of_the_last_session),
    large=True,
)
_add(
    "page_2_onwards_is_page_1",
    ONWARDS,
    ("resume", "200 PassingsContinued"),
    queries_of(ONWARDS, lambda query: query.pop("page", None)),
    large=True,
)
_add(
    "a_range_with_a_page_ignores_first",
    RANGE,
    (" range", "pages-joined"),
    queries_of(RANGE, lambda query: "page" in query and query.pop("first", None)),
)
_add(
    "a_span_with_a_page_ignores_to",
    SPAN,
    ("time-range", "time-pages-joined"),
    queries_of(SPAN, lambda query: "page" in query and query.pop("to", None)),
)
_add(
    "reading_on_until_a_time_ignores_last",
    ONWARDS,
    ("resume", "session-used"),
    queries_of(ONWARDS, lambda query: "to" in query and query.pop("last", None)),
)
_add(
    "a_range_that_ends_with_a_full_page_lacks_one",
    RANGE,
    (" range", "pages-joined"),
    rows_if(RANGE, lambda: asks("last"), lambda found: found.pop(-2) and None if len(found) == 5000 else None),
    large=True,
)
_add(
    "a_span_lacks_the_passings_of_closed_sessions_if_it_has_an_end",
    SPAN,
    ("time-range", "time-pages-joined"),
    rows_if(
        SPAN,
        lambda: asks("to"),
        lambda found: [p for p in found if p["token_session"] == found[-1]["token_session"]],
    ),
)


def _no_label(body: dict[str, Any]) -> None:
    """Leaves out the label of a session that was jumped to."""
    if request.args.get("token_session", body["session_used"]) != body["session_used"]:
        body["session_label"] = None


_add("a_session_that_is_jumped_to_has_no_label", ONWARDS, "session-used", answers(ONWARDS, _no_label), "session_label")
_add(
    "the_active_session_has_no_passings_yet",
    "getActiveSession",
    "session-counts",
    of_entries("getActiveSession", put(passings=0)),
    "passings",
)
_add(
    "the_list_calls_devices_by_their_model",
    "listDevices",
    ("bound-as-sent", "200 Devices"),
    of_entries("listDevices", lambda device: device.update(alias=device["model"])),
    "alias",
)
_add(
    "the_list_of_sessions_counts_the_passings_of_the_device",
    "getDeviceSessions",
    "all-sessions",
    answers(
        "getDeviceSessions",
        lambda body: (
            [s.update(passings=sum(o["passings"] for o in body["result"])) for s in body["result"][-1:]] and None
        ),
    ),
    "passings",
)
