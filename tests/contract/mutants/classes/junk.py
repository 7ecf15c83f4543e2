"""Junk in a 200: entries and values of another type, numbers that are none, texts that are too deep or not text."""

from functools import partial
from typing import Any

from tests.contract.mutants.classes.changing import (
    ONWARDS,
    RANGE,
    SPAN,
    asks,
    in_text,
    of_each_read,
    rows_if,
    whole_text,
)
from tests.contract.mutants.classes.defect import defect
from tests.contract.mutants.spoiling import answers, put

_add = partial(defect, "junk")


def _always() -> bool:
    return True


def _with(entry: Any) -> Any:
    """The list with one more entry."""
    return lambda found: [*found, entry]


_add("a_passing_is_null", RANGE, "200 Passings", rows_if(RANGE, _always, _with(None)))
_add("a_passing_by_time_is_a_list", SPAN, "200 Passings", rows_if(SPAN, _always, _with([])))
_add("a_passing_is_a_text", ONWARDS, "200 PassingsContinued", rows_if(ONWARDS, _always, _with("end")))
_add(
    "a_session_is_followed_by_a_null",
    "getSession",
    "200 SessionInfo",
    answers("getSession", lambda body: body["result"].append(None)),
)
_add(
    "the_active_session_is_a_text_in_a_list",
    "getActiveSession",
    "200 SessionInfo",
    answers("getActiveSession", put(result=["active"])),
)
_add("device_info_is_null", "getDevice", "200 DeviceInfo", whole_text("getDevice", b"null"))
_add("the_answer_to_an_insert_is_a_list", "insertPassings", "201 PassingsInserted", whole_text("insertPassings", b"[]"))
_add("the_answer_to_a_close_is_a_text", "closeSession", "200 SessionClosed", whole_text("closeSession", b'"OK"'))
_add("the_answer_to_an_unbind_is_empty", "unbindDevice", "200 DeviceUnbound", whole_text("unbindDevice", b""))
_add(
    "inserted_count_is_infinite",
    "insertPassings",
    "201 PassingsInserted",
    in_text("insertPassings", rb'"inserted_count":\d+', b'"inserted_count":Infinity'),
)
_add(
    "a_count_is_nan",
    "getSession",
    "200 SessionInfo",
    in_text("getSession", rb'"passings":\d+', b'"passings":NaN'),
)
_add(
    "a_count_has_5000_digits",
    "getDevice",
    ("200 DeviceInfo", "device-counts"),
    in_text("getDevice", rb'"passings":\d+', b'"passings":1' + b"0" * 4999),
)
_add(
    "a_num_passing_has_5000_digits",
    SPAN,
    ("200 Passings", "passing-as-sent", "time-range"),
    in_text(SPAN, rb'"num_passing":\d+', b'"num_passing":1' + b"0" * 4999, 1),
)
_add(
    "an_alias_is_1000_levels_deep",
    "getActiveSession",
    ("200 SessionInfo", "session-as-sent"),
    in_text("getActiveSession", rb'"alias":(null|"(?:[^"\\]|\\.)*")', b'"alias":' + b"[" * 1000 + b"]" * 1000),
)
_add(
    "a_result_is_1000_levels_deep",
    "getDeviceSessions",
    "200 Sessions",
    in_text("getDeviceSessions", rb'"result":\[.*\]', b'"result":' + b'[{"a":' * 500 + b"1" + b"}]" * 500),
)
_add(
    "an_alias_is_half_a_surrogate_pair",
    "getSession",
    ("session-as-sent", "200 SessionInfo"),
    in_text("getSession", rb'"alias":(null|"(?:[^"\\]|\\.)*")', b'"alias":"\\\\ud800"'),
)
_add(
    "an_answer_is_not_utf_8",
    "getDevice",
    ("200 DeviceInfo", "bound-as-sent"),
    in_text("getDevice", rb'"alias":"', b'"alias":"\xff'),
)
_add(
    "every_bib_is_an_object",
    ONWARDS,
    ("200 PassingsContinued", "passing-as-sent"),
    of_each_read(ONWARDS, put(bib={"bib": "1"})),
    "bib",
)
_add("a_session_is_null", "getSession", "200 SessionInfo", answers("getSession", put(result=[None])))
_add(
    "the_active_session_is_a_list", "getActiveSession", "200 SessionInfo", answers("getActiveSession", put(result=[[]]))
)
_add("a_page_by_range_ends_with_a_null", RANGE, "200 Passings", rows_if(RANGE, lambda: asks("page"), _with(None)))
_add("a_page_by_time_ends_with_a_number", SPAN, "200 Passings", rows_if(SPAN, lambda: asks("page"), _with(0)))
_add(
    "reading_on_from_a_time_gives_numbers",
    ONWARDS,
    ("200 PassingsContinued", "resume"),
    rows_if(ONWARDS, lambda: asks("from"), lambda found: [p["num_passing"] for p in found]),
)
_add(
    "first_is_nan_without_passings",
    "getSession",
    "200 SessionInfo",
    in_text("getSession", rb'"first":null', b'"first":NaN'),
)
_add(
    "a_missing_label_is_1000_levels_deep",
    ONWARDS,
    ("200 PassingsContinued", "session-used"),
    in_text(ONWARDS, rb'"session_label":null', b'"session_label":' + b"[" * 1000 + b"]" * 1000),
)
