"""Defects in one of several ways of reading the same, in pages and limits, and in counts."""

from collections.abc import Callable
from typing import Any

from flask import Flask, request

from rufus_mock.spec.dialects import OPENAPI
from tests.contract.mutants.mutant import NOTE, Spoil, add
from tests.contract.mutants.spoiling import answers, each, queries, rows

_RANGE, _SPAN, _NEXT = "/passings/session/[^/]+", "/passings/device/[^/]+", "/passings/device2/[^/]+"


def _alone(name: str, other: str) -> Callable[[dict[str, str]], object]:
    """A bound is ignored unless the other one is given."""
    return lambda query: other in query or query.pop(name, None)


for _operation, _path, _low, _high, _rule in (
    ("getSessionPassings", _RANGE, "first", "last", "range"),
    ("getDevicePassings", _SPAN, "from", "to", "time-range"),
    ("continueDevicePassings", _NEXT, "from", "to", "continued-time-range"),
):
    add(f"{_low}_alone_is_ignored_by_{_operation}", _operation, _rule, queries(_path, _alone(_low, _high)))
    add(f"{_high}_alone_is_ignored_by_{_operation}", _operation, _rule, queries(_path, _alone(_high, _low)))


def _with_a_page(*names: str) -> Callable[[dict[str, str]], object]:
    def change(query: dict[str, str]) -> None:
        if query.get("page", "1") != "1":
            for name in names:
                query.pop(name, None)

    return change


add("page_two_ignores_first", "getSessionPassings", "pages-joined", queries(_RANGE, _with_a_page("first")))
add("page_two_ignores_last", "getSessionPassings", "pages-joined", queries(_RANGE, _with_a_page("last")))
add("page_two_ignores_to", "getDevicePassings", "time-pages-joined", queries(_SPAN, _with_a_page("to")))
add("page_two_ignores_last_passing", "continueDevicePassings", "resume", queries(_NEXT, _with_a_page("last")))


def _on(page: str, change: Callable[[dict[str, Any]], Any]) -> Callable[[dict[str, Any]], Any]:
    return lambda body: change(body) if request.args.get("page") == page else None


for _operation in ("getSessionPassings", "getDevicePassings"):
    add(
        f"page_two_of_{_operation}_has_no_bibs",
        _operation,
        "passing-as-sent",
        answers(_operation, _on("2", each(lambda passing: passing.update(bib="")))),
    )
add(
    "page_three_comes_in_reverse",
    "getSessionPassings",
    "passings-order",
    answers("getSessionPassings", _on("2", rows(lambda found: found.reverse()))),
)
add(
    "chips_are_only_in_one_read",
    "getDevicePassings",
    "passing-as-sent",
    answers("getDevicePassings", each(lambda passing: passing.update(chip=None))),
)
add(
    "continued_passings_have_another_status",
    "continueDevicePassings",
    "passing-as-sent",
    answers("continueDevicePassings", each(lambda passing: passing.update(status="OK"))),
)


def _count(operation: str, member: str, most: int) -> Spoil:
    def change(body: dict[str, Any]) -> None:
        found = body["result"]
        for entry in found if isinstance(found, list) else [found]:
            entry[member] = min(entry[member], most)

    return answers(operation, change)


add("passings_of_a_session_count_to_a_page", "getSession", "session-counts", _count("getSession", "passings", 5000))
add("passings_of_a_device_count_to_a_page", "getDevice", "device-counts", _count("getDevice", "passings", 5000))
add("sessions_of_a_device_count_to_20", "getDevice", "device-counts", _count("getDevice", "sessions", 20), examples=6)
add(
    "only_the_newest_25_sessions_are_listed",
    "getDeviceSessions",
    "all-sessions",
    answers("getDeviceSessions", lambda body: body.update(result=body["result"][-25:])),
    examples=6,
)


def _newest(many: int) -> Spoil:
    def change(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
        tokens = list(dict.fromkeys(passing["token_session"] for passing in found))
        return [passing for passing in found if passing["token_session"] in tokens[-many:]]

    return answers("getDevicePassings", rows(change))


add("only_the_newest_20_sessions_have_passings", "getDevicePassings", "time-range", _newest(20), examples=6)


def _limit(change: int) -> Callable[[dict[str, str]], object]:
    def changed(query: dict[str, str]) -> None:
        if query.get("limit", "").isdigit() and int(query["limit"]) > 1:
            query["limit"] = str(int(query["limit"]) + change)

    return changed


add("the_limit_is_one_too_many", "listDevices", "device-pages", queries("/devices", _limit(1)))
add("the_limit_is_one_too_few", "listDevices", "device-pages", queries("/devices", _limit(-1)))


def _more_on_a_full_page(body: dict[str, Any]) -> None:
    pagination = body["pagination"]
    if len(body.get("result", [])) == pagination["limit"]:
        pagination["has_more"] = True


add(
    "a_full_last_page_of_devices_has_more",
    "listDevices",
    "device-pagination",
    answers("listDevices", _more_on_a_full_page),
    dialect=OPENAPI,
)
add(
    "a_full_last_page_of_passings_has_more",
    "getSessionPassings",
    "passings-pagination",
    answers("getSessionPassings", _more_on_a_full_page),
    dialect=OPENAPI,
)


def active_session_has_another_first(app: Flask) -> None:
    def change(body: dict[str, Any]) -> None:
        for session in body["result"]:
            session["first"] = session["last"]

    answers("getActiveSession", change)(app)


add(
    "active_session_has_another_first",
    "getActiveSession",
    "session-first-last",
    active_session_has_another_first,
    NOTE,
)
