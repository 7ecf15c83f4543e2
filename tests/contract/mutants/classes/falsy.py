"""Falsy values: 0, "", null, an absent field and "0.0" taken for each other."""

from functools import partial
from typing import Any

from flask import request

from tests.contract.mutants.classes.changing import (
    ONWARDS,
    RANGE,
    SPAN,
    of_each_read,
    of_each_sent,
    of_entries,
    queries_of,
    rows_if,
)
from tests.contract.mutants.classes.defect import defect
from tests.contract.mutants.spoiling import answers, sent

_add = partial(defect, "falsy")

_EPOCH = "1970-01-01T00:00:00.000Z"
_SHOWN = ("passing-as-sent", "200 Passings", "200 PassingsContinued")


def _drops(name: str, falsy: str) -> Any:
    """Takes a falsy value of a query parameter for an absent one."""
    return lambda query: query.get(name) == falsy and query.pop(name)


def _nulls(*names: str) -> Any:
    """Makes null of empty text."""
    return lambda thing: thing.update({name: None for name in names if thing.get(name) == ""})


_add("last_0_is_no_bound", RANGE, " range", queries_of(RANGE, _drops("last", "0")))
_add("last_0_resumes_nowhere", ONWARDS, "resume", queries_of(ONWARDS, _drops("last", "0")))
_add("to_the_epoch_is_no_bound", SPAN, "time-range", queries_of(SPAN, _drops("to", _EPOCH)))
_add("a_range_from_0_is_without_passing_0", RANGE, (" range", "passing-as-sent"), rows_if(
    RANGE, lambda: "first" not in request.args, lambda found: [p for p in found if p["num_passing"] != 0]
))  # fmt: skip
_add(
    "resumed_from_0_is_null",
    ONWARDS,
    ("session-used", "200 PassingsContinued"),
    answers(ONWARDS, lambda body: body.update(resumed_from=body["resumed_from"] or None)),
    "resumed_from",
)


def _numbered(body: dict[str, Any]) -> None:
    """Gives a passing without a number, or with number 0, the next free one."""
    taken = max((p["num_passing"] for p in body["passings_list"]), default=0)
    for passing in body["passings_list"]:
        passing["num_passing"] = passing["num_passing"] or taken + 1


_add(
    "num_passing_0_gets_another_number",
    "insertPassings",
    ("passing-as-sent", " range"),
    sent("insertPassings", _numbered),
)
_add(
    "num_passing_0_is_not_stored",
    "insertPassings",
    ("passing-as-sent", "fresh-count", "201 PassingsInserted"),
    sent(
        "insertPassings",
        lambda body: (
            len(body["passings_list"]) > 1
            and body.update(passings_list=[p for p in body["passings_list"] if p["num_passing"] != 0])
        ),
    ),
)
_add(
    "an_empty_alias_of_a_session_is_null",
    "insertSession",
    "session-as-sent",
    sent("insertSession", _nulls("alias")),
    "alias",
)
_add(
    "an_empty_alias_is_null_in_the_list_of_sessions",
    "getDeviceSessions",
    ("session-as-sent", "200 Sessions"),
    of_entries("getDeviceSessions", _nulls("alias")),
    "alias",
)
_add(
    "an_empty_label_is_null",
    ONWARDS,
    "session-used",
    answers(ONWARDS, _nulls("session_label")),
    "session_label",
)
_add(
    "empty_texts_of_a_device_are_null",
    "bindDevice",
    "bound-as-sent",
    sent("bindDevice", _nulls("alias", "firmware", "type")),
    "alias",
    "firmware",
    "type",
)
_add(
    "an_empty_bib_is_0",
    "insertPassings",
    "passing-as-sent",
    of_each_sent(lambda p: p["bib"] == "" and p.update(bib="0")),
    "bib",
)
_add(
    "bib_0_is_empty",
    "insertPassings",
    "passing-as-sent",
    of_each_sent(lambda p: p["bib"] == "0" and p.update(bib="")),
    "bib",
)
_add(
    "an_empty_status_is_null",
    "insertPassings",
    "passing-as-sent",
    of_each_sent(_nulls("status", "participant_id", "timezone")),
    "status",
    "participant_id",
    "timezone",
)
_add(
    "a_chip_that_is_null_is_empty",
    SPAN,
    _SHOWN,
    of_each_read(SPAN, lambda p: p["chip"] is None and p.update(chip="")),
    "chip",
)
_add(
    "coordinates_of_zero_are_empty",
    "insertPassings",
    ("passing-as-sent", "200 Passings"),
    of_each_sent(lambda p: p.update({n: "" for n in ("latitude", "longitude") if p.get(n) in ("0.0", 0)})),
    "latitude",
    "longitude",
)
_add(
    "a_coordinate_of_zero_is_missing_when_reading_on",
    ONWARDS,
    _SHOWN,
    of_each_read(ONWARDS, lambda p: p["latitude"] == "0.0" and p.pop("latitude")),
    "latitude",
)
_add(
    "no_passings_is_null",
    "getSession",
    ("200 SessionInfo", "session-counts"),
    of_entries("getSession", lambda s: s["passings"] == 0 and s.update(passings=None)),
    "passings",
)
_add(
    "no_sessions_are_left_out_of_a_device",
    "getDevice",
    ("200 DeviceInfo", "device-counts"),
    of_entries("getDevice", lambda d: d["sessions"] == 0 and d.pop("sessions")),
    "sessions",
)
_add(
    "inactive_is_left_out",
    "getDeviceSessions",
    "200 Sessions",
    of_entries("getDeviceSessions", lambda s: s["active"] is False and s.pop("active")),
    "active",
)


def _without_0(body: dict[str, Any]) -> None:
    if body["inserted_count"] == 0:
        del body["inserted_count"]


_add(
    "inserted_count_is_left_out_if_it_is_0",
    "insertPassings",
    "201 PassingsInserted",
    answers("insertPassings", _without_0),
    "inserted_count",
)
_add(
    "numbers_of_0_are_left_out_of_a_passing",
    RANGE,
    _SHOWN,
    of_each_read(RANGE, lambda p: p["num_passing"] == 0 and p.pop("num_passing")),
    "num_passing",
)
