"""Defects that show only in one of twenty answers."""

import itertools
from collections.abc import Callable
from typing import Any

from tests.contract.mutants.mutant import Spoil, add
from tests.contract.mutants.spoiling import answers, rows


def _sometimes(operation: str, change: Callable[[dict[str, Any]], Any]) -> Spoil:
    """Changes each twentieth answer that has something to change."""

    def spoil(app: Any) -> None:
        turns = itertools.count(1)

        def changed(body: dict[str, Any]) -> Any:
            return change(body) if next(turns) % 20 == 0 else None

        answers(operation, changed)(app)

    return spoil


def _lacks_a_row(found: list[dict[str, Any]]) -> None:
    if len(found) > 1:
        del found[len(found) // 2]


for _operation, _rule in (
    ("getSessionPassings", "range"),
    ("getDevicePassings", "time-range"),
    ("continueDevicePassings", "resume"),
    ("getDeviceSessions", "all-sessions"),
    ("listDevices", "devices-of-company"),
):
    add(
        f"{_operation}_sometimes_lacks_a_row",
        _operation,
        _rule,
        _sometimes(_operation, rows(_lacks_a_row)),
        examples=12,
    )


def _more(name: str) -> Callable[[dict[str, Any]], Any]:
    def change(body: dict[str, Any]) -> None:
        found = body["result"]
        for entry in found if isinstance(found, list) else [found]:
            entry[name] += 1

    return change


add(
    "sessions_are_sometimes_miscounted",
    "getDevice",
    "device-counts",
    _sometimes("getDevice", _more("sessions")),
    examples=12,
)
add(
    "passings_are_sometimes_miscounted",
    "getSession",
    "session-counts",
    _sometimes("getSession", _more("passings")),
    examples=12,
)
add(
    "the_active_session_is_sometimes_inactive",
    "getActiveSession",
    "session-active",
    _sometimes("getActiveSession", lambda body: [s.update(active=False) for s in body["result"]] and None),
    examples=12,
)
