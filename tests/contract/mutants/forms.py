"""Defects in the form of values: numbers, texts, empty values, and junk in a success."""

import re
import unicodedata
from collections.abc import Callable
from typing import Any

from flask import Response

from tests.contract.mutants.mutant import NOTE, Spoil, add
from tests.contract.mutants.spoiling import answers, each, queries, raw, sent


def _text(operation: str, pattern: str, replacement: str) -> Spoil:
    """Changes the text of successes."""

    def change(response: Response) -> None:
        response.set_data(re.sub(pattern.encode(), replacement.encode(), response.get_data()))

    return raw(operation, change, lambda status: status < 300)


for _operation, _field, _answer in (
    ("getSession", "passings", "200 SessionInfo"),
    ("getDeviceSessions", "passings", "200 Sessions"),
    ("getDevice", "sessions", "200 DeviceInfo"),
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
add("num_passing_has_an_exponent", "getDevicePassings", "200 Passings", _text("getDevicePassings", r'"num_passing":(\d+)', r'"num_passing":\1e0'))  # fmt: skip
add("a_count_is_minus_zero", "getSession", "200 SessionInfo", _text("getSession", '"passings":0', '"passings":-0'))
add("a_count_is_not_a_number", "getSession", "200 SessionInfo", _text("getSession", r'"passings":\d+', '"passings":NaN'))
add("a_latitude_is_infinite", "getSessionPassings", "200 Passings", _text("getSessionPassings", r'"latitude":"[^"]*"', '"latitude":Infinity'))  # fmt: skip
add("alias_comes_twice", "getSession", "200 SessionInfo", _text("getSession", '"alias":', '"alias":"x","alias":'))
add("a_count_is_long", "getDevice", "200 DeviceInfo", _text("getDevice", r'"sessions":\d+', '"sessions":' + "9" * 5000))
for _name, _junk in (("null", "null"), ("numbers", "7"), ("lists", "[]"), ("texts", '"x"'), ("nested", "[" * 900 + "]" * 900)):  # fmt: skip
    for _operation, _rule in (
        ("getSessionPassings", "200 Passings"),
        ("getDevicePassings", "200 Passings"),
        ("continueDevicePassings", "200 PassingsContinued"),
        ("getDeviceSessions", "200 Sessions"),
        ("listDevices", "devices-of-company"),
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


add("numbers_wrap_at_32_bits", "getSessionPassings", "passing-as-sent", _number("getSessionPassings", "num_passing", lambda n: n % 2**31))  # fmt: skip
add("numbers_are_doubles_of_32_bits", "getDevicePassings", "time-range", _number("getDevicePassings", "num_passing", lambda n: n & ~1 if n > 2**52 else n))  # fmt: skip


def _time(pattern: str, replacement: str) -> Spoil:
    def change(passing: dict[str, Any]) -> None:
        passing["timestamp"] = re.sub(pattern, replacement, passing["timestamp"])

    return sent("insertPassings", lambda body: [change(passing) for passing in body["passings_list"]])


add("leap_days_are_the_day_before", "insertPassings", "passing-as-sent", _time("-02-29T", "-02-28T"))
add("the_last_millisecond_of_a_year_is_lost", "insertPassings", "passing-as-sent", _time(r"-12-31T23:59:59\.999Z", "-12-31T23:59:59.998Z"))  # fmt: skip
add("zeros_of_milliseconds_are_lost", "getSessionPassings", "200 Passings", _text("getSessionPassings", r"(:\d\d\.\d*?)0+Z", r"\1Z"))  # fmt: skip

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


def _field(operation: str, name: str, change: Callable[[str], str]) -> Spoil:
    return sent(operation, lambda body: body.update({name: change(body[name])}))


for _name, _change in _CHANGES.items():
    for _field_name in ("bib", "participant_id", "status"):
        add(f"{_field_name}_is_{_name}", "insertPassings", "passing-as-sent", _passing_text(_field_name, _change))
    add(f"session_alias_is_{_name}", "insertSession", "session-as-sent", _field("insertSession", "alias", _change))
    if _name not in ("cut_at_32", "without_leading_zeros"):
        for _field_name in ("model", "firmware", "serial_number"):
            add(f"{_field_name}_is_{_name}", "bindDevice", "bound-as-sent", _field("bindDevice", _field_name, _change))
    add(
        f"the_active_sessions_alias_is_{_name}",
        "getActiveSession",
        "session-as-sent",
        answers("getActiveSession", lambda b, c=_change: [s.update(alias=c(s["alias"] or "")) for s in b["result"]] and None),  # type: ignore[misc]  # fmt: skip
    )
    add(
        f"the_session_label_is_{_name}",
        "continueDevicePassings",
        "session-used",
        answers("continueDevicePassings", lambda b, c=_change: b.update(session_label=c(b["session_label"] or ""))),  # type: ignore[misc]
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
    sent("insertPassings", lambda b: b.update(passings_list=[p for p in b["passings_list"] if p["num_passing"]] or b["passings_list"])),  # fmt: skip
)
add(
    "coordinates_of_0_are_null",
    "getSessionPassings",
    "passing-as-sent",
    answers("getSessionPassings", each(lambda p: p.update(latitude=p["latitude"] if p["latitude"] != "0.0" else "null"))),
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
assert NOTE
