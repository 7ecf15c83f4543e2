"""Defects in the form of values: numbers, texts, empty values, and junk in a success."""

import re
import unicodedata
from collections.abc import Callable
from typing import Any

from flask import Response

from tests.contract.mutants.mutant import Spoil, add
from tests.contract.mutants.spoiling import answers, each, queries, raw, sent


def _text(operation: str, pattern: str, replacement: str) -> Spoil:
    """Changes the text of successes."""

    def change(response: Response) -> None:
        response.set_data(re.sub(pattern.encode(), replacement.encode(), response.get_data()))

    return raw(operation, change, lambda status: status < 300)


for _operation, _field, _answer in (
    ("getDeviceSessions", "passings", "200 Sessions"),
    ("insertPassings", "inserted_count", "201 PassingsInserted"),
    ("getSessionPassings", "num_passing", "200 Passings"),
    ("continueDevicePassings", "resumed_from", "200 PassingsContinued"),
):
    add(
        f"{_field}_of_{_operation}_has_a_fraction",
        _operation,
        _answer,
        _text(_operation, rf'"{_field}":(\d+)', rf'"{_field}":\1.0'),
    )
add(
    "num_passing_has_an_exponent",
    "getDevicePassings",
    "200 Passings",
    _text("getDevicePassings", r'"num_passing":(\d+)', r'"num_passing":\1e0'),
)
add("a_count_is_minus_zero", "getSession", "200 SessionInfo", _text("getSession", '"passings":0', '"passings":-0'))
add(
    "a_count_is_not_a_number", "getSession", "200 SessionInfo", _text("getSession", r'"passings":\d+', '"passings":NaN')
)
add(
    "a_latitude_is_infinite",
    "getSessionPassings",
    "200 Passings",
    _text("getSessionPassings", r'"latitude":"[^"]*"', '"latitude":Infinity'),
)
add("alias_comes_twice", "getSession", "200 SessionInfo", _text("getSession", '"alias":', '"alias":"x","alias":'))
add("a_count_is_long", "getDevice", "200 DeviceInfo", _text("getDevice", r'"sessions":\d+', '"sessions":' + "9" * 5000))
for _name, _junk, _operation, _rule in (
    ("null", "null", "getSessionPassings", "200 Passings"),
    ("numbers", "7", "getDevicePassings", "200 Passings"),
    ("lists", "[]", "continueDevicePassings", "200 PassingsContinued"),
    ("nested_lists", "[" * 900 + "]" * 900, "getDeviceSessions", "200 Sessions"),
    ("texts", '"x"', "listDevices", "devices-of-company"),
):
    _list = "passings" if _operation == "continueDevicePassings" else "result"
    add(
        f"{_operation}_has_{_name}_among_its_entries",
        _operation,
        _rule,
        _text(_operation, rf'"{_list}":\[\{{', f'"{_list}":[{_junk},{{'),
    )


def _number(operation: str, name: str, change: Callable[[int], int]) -> Spoil:
    return answers(operation, each(lambda passing: passing.update({name: change(passing[name])})))


add(
    "numbers_wrap_at_32_bits",
    "getSessionPassings",
    "passing-as-sent",
    _number("getSessionPassings", "num_passing", lambda n: n % 2**31),
)
add(
    "numbers_are_doubles_of_32_bits",
    "getDevicePassings",
    "time-range",
    _number("getDevicePassings", "num_passing", lambda n: n & ~1 if n > 2**52 else n),
)


def _time(pattern: str, replacement: str) -> Spoil:
    def change(body: dict[str, Any]) -> None:
        for passing in body["passings_list"]:
            passing["timestamp"] = re.sub(pattern, replacement, passing["timestamp"])

    return sent("insertPassings", change)


add("leap_days_are_the_day_before", "insertPassings", "passing-as-sent", _time("-02-29T", "-02-28T"))
add(
    "the_last_millisecond_of_a_year_is_lost",
    "insertPassings",
    "passing-as-sent",
    _time(r"-12-31T23:59:59\.999Z", "-12-31T23:59:59.998Z"),
)
add(
    "zeros_of_milliseconds_are_lost",
    "getSessionPassings",
    "200 Passings",
    _text("getSessionPassings", r"(:\d\d\.\d*?)0+Z", r"\1Z"),
)

_CHANGES: dict[str, Callable[[str], str]] = {
    "composed": lambda text: unicodedata.normalize("NFC", text),
    "compatible": lambda text: unicodedata.normalize("NFKC", text),
    "cut_at_32": lambda text: text[:32],
    "cut_at_255": lambda text: text[:255],
    "trimmed": str.strip,
    "in_small_letters": str.lower,
    "without_leading_zeros": lambda text: text.lstrip("0") or text,
    "escaped": lambda text: text.replace("<", "&lt;"),
}


def _passing_text(name: str, change: Callable[[str], str]) -> Spoil:
    def changed(body: dict[str, Any]) -> None:
        for passing in body["passings_list"]:
            if isinstance(passing.get(name), str):
                passing[name] = change(passing[name])

    return sent("insertPassings", changed)


def _member_of(operation: str, name: str, change: Callable[[str], str]) -> Spoil:
    return sent(operation, lambda body: body.update({name: change(body[name])}))


for _index, (_name, _change) in enumerate(_CHANGES.items()):
    _member = ("bib", "participant_id", "status", "chip", "timezone")[_index % 5]
    add(f"{_member}_is_{_name}", "insertPassings", "passing-as-sent", _passing_text(_member, _change))
    _member = ("model", "firmware", "serial_number")[_index % 3]
    add(f"{_member}_is_{_name}", "bindDevice", "bound-as-sent", _member_of("bindDevice", _member, _change))
    add(
        f"alias_of_a_session_is_{_name}",
        "insertSession",
        "session-as-sent",
        _member_of("insertSession", "alias", _change),
    )


def _read_alias(change: Callable[[str], str]) -> Callable[[dict[str, Any]], None]:
    def changed(body: dict[str, Any]) -> None:
        for session in body["result"]:
            session["alias"] = change(session["alias"] or "")

    return changed


add(
    "the_alias_of_the_active_session_is_trimmed",
    "getActiveSession",
    "session-as-sent",
    answers("getActiveSession", _read_alias(str.strip)),
)
add(
    "the_session_label_is_composed",
    "continueDevicePassings",
    "session-used",
    answers(
        "continueDevicePassings",
        lambda body: body.update(session_label=unicodedata.normalize("NFC", body["session_label"] or "")),
    ),
)

_RANGE, _NEXT = "/passings/session/[^/]+", "/passings/device2/[^/]+"


def _zero_is_none(name: str) -> Callable[[dict[str, str]], object]:
    return lambda query: query.get(name) == "0" and query.pop(name)


add("last_0_is_no_bound", "getSessionPassings", "range", queries(_RANGE, _zero_is_none("last")))
add("last_0_is_no_place", "continueDevicePassings", "resume", queries(_NEXT, _zero_is_none("last")))
add(
    "an_empty_alias_is_none",
    "insertSession",
    "session-as-sent",
    sent("insertSession", lambda body: body.update(alias=body["alias"] or None)),
)
add(
    "an_empty_status_is_null",
    "insertPassings",
    "passing-as-sent",
    sent("insertPassings", lambda body: [p.update(status=p["status"] or None) for p in body["passings_list"]]),
)
add(
    "the_passing_0_is_not_stored",
    "insertPassings",
    "passing-as-sent",
    sent(
        "insertPassings",
        lambda b: b.update(passings_list=[p for p in b["passings_list"] if p["num_passing"]] or b["passings_list"]),
    ),
)
add(
    "coordinates_of_0_are_null",
    "getSessionPassings",
    "passing-as-sent",
    answers(
        "getSessionPassings", each(lambda p: p.update(latitude=p["latitude"] if p["latitude"] != "0.0" else "null"))
    ),
)
add(
    "no_passings_are_null",
    "getSession",
    "200 SessionInfo",
    answers("getSession", lambda body: [s.update(passings=s["passings"] or None) for s in body["result"]] and None),
)
add(
    "an_alias_that_was_not_sent_is_missing",
    "getSession",
    "200 SessionInfo",
    answers("getSession", lambda body: [s.pop("alias") for s in body["result"] if s["alias"] is None] and None),
)
