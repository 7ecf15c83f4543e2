"""Types and forms of values: integers as floats, large numbers, rare dates, and milliseconds that end in 0."""

import re
from functools import partial
from typing import Any

from rufus_mock.spec.dialects import OPENAPI
from tests.contract.mutants.classes.changing import (
    ONWARDS,
    RANGE,
    SPAN,
    field,
    in_text,
    of_each_read,
    of_each_sent,
    of_entries,
    queries_of,
    text_of,
)
from tests.contract.mutants.classes.defect import defect
from tests.contract.mutants.spoiling import answers

_add = partial(defect, "values")

_STORED = ("passing-as-sent", "200 Passings", "200 PassingsContinued")
_INSERTED = ("passing-as-sent",)

_add(
    "a_session_counts_its_passings_in_a_float",
    "getSession",
    ("200 SessionInfo", "session-counts"),
    of_entries("getSession", field("passings", float)),
    "passings",
)
_add(
    "a_session_counts_its_passings_with_an_exponent",
    "getSession",
    ("200 SessionInfo", "session-counts"),
    in_text("getSession", rb'"passings":(\d+)', rb'"passings":\g<1>e0'),
    "passings",
)
_add(
    "a_list_of_sessions_counts_passings_in_floats",
    "getDeviceSessions",
    ("200 Sessions", "all-sessions"),
    of_entries("getDeviceSessions", field("passings", float)),
    "passings",
)
_add(
    "a_device_counts_its_sessions_in_a_float",
    "getDevice",
    ("200 DeviceInfo", "device-counts"),
    of_entries("getDevice", field("sessions", float)),
    "sessions",
)
_add(
    "inserted_passings_are_counted_in_a_float",
    "insertPassings",
    ("201 PassingsInserted", "fresh-count"),
    answers("insertPassings", field("inserted_count", float)),
    "inserted_count",
)
_add("num_passing_is_a_float_by_range", RANGE, _STORED, of_each_read(RANGE, field("num_passing", float)), "num_passing")
_add("num_passing_is_a_float_by_time", SPAN, _STORED, of_each_read(SPAN, field("num_passing", float)), "num_passing")
_add(
    "resumed_from_is_a_float",
    ONWARDS,
    ("200 PassingsContinued", "session-used"),
    answers(ONWARDS, field("resumed_from", float)),
    "resumed_from",
)
_add(
    "the_total_of_devices_is_a_float",
    "listDevices",
    ("200 Devices", "device-pagination"),
    answers("listDevices", lambda body: field("total", float)(body["pagination"])),
    "total",
    dialect=OPENAPI,
)

_add(
    "duplicates_are_counted_in_a_float",
    "insertPassings",
    ("201 PassingsInserted", "fresh-count"),
    answers("insertPassings", field("duplicate_count", float)),
    "duplicate_count",
    dialect=OPENAPI,
)


def _to_32_bits(number: int) -> int:
    return min(number, 2**31 - 1)


def _as_real(number: int) -> int:
    """Through a 32-bit float, as a database column of type real does it."""
    bits = number.bit_length()
    return number if bits <= 24 else number >> (bits - 24) << (bits - 24)


_add(
    "a_num_passing_above_2_to_the_31_is_capped",
    "insertPassings",
    _STORED,
    of_each_sent(field("num_passing", _to_32_bits)),
)
_add(
    "a_large_num_passing_loses_its_last_digits_in_reads_by_time",
    SPAN,
    _STORED,
    of_each_read(SPAN, field("num_passing", _as_real)),
)


def _wraps(query: dict[str, str]) -> None:
    if query.get("last", "").isdigit() and int(query["last"]) >= 2**31:
        query["last"] = "0"


_add(
    "a_last_above_2_to_the_31_is_0",
    RANGE,
    (" range", "404 PassingsNotFound", "200 Passings"),
    queries_of(RANGE, _wraps),
)


def _before_march(timestamp: str) -> str:
    return re.sub(r"^(\d{4})-02-29T", r"\1-03-01T", timestamp)


def _iso_year(timestamp: str) -> str:
    """The year of the week, as the letters YYYY give it in some formatters."""
    return re.sub(r"^(\d{4})-12-31T", lambda match: f"{int(match[1]) + 1}-12-31T", timestamp)


_add(
    "february_29_becomes_march_1",
    "insertPassings",
    _INSERTED,
    of_each_sent(text_of("timestamp", _before_march)),
    "timestamp",
    becomes=_before_march,
)
_add(
    "december_31_is_in_the_next_year",
    SPAN,
    _STORED,
    of_each_read(SPAN, text_of("timestamp", _iso_year)),
    "timestamp",
    becomes=_iso_year,
)
_add(
    "milliseconds_lose_their_final_zeros_when_reading_on",
    ONWARDS,
    _STORED,
    of_each_read(ONWARDS, text_of("timestamp", lambda text: re.sub(r"(\.\d+?)0+Z$", r"\1Z", text))),
    "timestamp",
)
_add(
    "milliseconds_lose_their_first_zeros",
    RANGE,
    _STORED,
    of_each_read(RANGE, text_of("timestamp", lambda text: re.sub(r"\.0(\d\d)Z$", r".\g<1>0Z", text))),
    "timestamp",
)
_add(
    "first_has_no_milliseconds_if_they_are_zero",
    "getSession",
    ("200 SessionInfo", "session-first-last"),
    of_entries("getSession", text_of("first", lambda text: text.replace(".000Z", "Z"))),
    "first",
)
_add(
    "times_after_2038_wrap",
    "insertPassings",
    _INSERTED,
    of_each_sent(text_of("timestamp", lambda t: f"{int(t[:4]) - 136}{t[4:]}" if t[:4].isdigit() and t > "2039" else t)),
    "timestamp",
)


def _without_zeros(text: str) -> str:
    return text.lstrip("0") or text if text.isdigit() else text


def _in_full(text: str) -> Any:
    """What a spreadsheet makes of 12E3."""
    return str(int(float(text))) if re.fullmatch(r"\d{1,3}E\d{1,2}", text) else text


_add(
    "bibs_lose_their_leading_zeros",
    "insertPassings",
    _INSERTED,
    of_each_sent(text_of("bib", _without_zeros)),
    "bib",
    becomes=_without_zeros,
)
_add(
    "a_chip_that_looks_like_a_number_is_one",
    "insertPassings",
    _INSERTED,
    of_each_sent(text_of("chip", _in_full)),
    "chip",
    becomes=_in_full,
)


def _to_latitude(text: str) -> str:
    try:
        return text if abs(float(text)) <= 90 else "90" if float(text) > 0 else "-90"
    except ValueError:
        return text


_add(
    "longitudes_end_at_90",
    "insertPassings",
    _INSERTED,
    of_each_sent(text_of("longitude", _to_latitude)),
    "longitude",
)
_add(
    "active_is_1_or_0",
    "getActiveSession",
    ("200 SessionInfo", "active-only", "session-active"),
    of_entries("getActiveSession", field("active", int)),
    "active",
)
