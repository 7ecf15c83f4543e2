"""What the comparison of runs calls new, gone, coming and going, or not looked at."""

from dataclasses import replace
from typing import Any

import pytest

from rufus_mock.contract.report.changes import KeptRun, changes

STATEMENT = "getDevice 404 DeviceNotFound"
OTHER = "getSession 404 SessionNotFound"


def finding(name: str = "a", kind: str = "breaking", operation: str = "getDevice") -> dict[str, Any]:
    return {
        "fingerprint": name,
        "kind": kind,
        "operation": operation,
        "rests_on": STATEMENT,
        "pointer": "#status",
    }


def run(*found: dict[str, Any], exercised: tuple[str, ...] = (STATEMENT,), writes: bool = False) -> KeptRun:
    return KeptRun.of(
        {
            "run_id": "x",
            "started": "2026-11-25T03:00:00+00:00",
            "dialect": "pages",
            "writes": writes,
            "operations": [{"operation": "getDevice", "exercised": list(exercised)}],
            "findings": list(found),
            "accepted": [],
        }
    )


def compared(*runs: KeptRun, accepted: tuple[str, ...] = (), drift: bool = False) -> dict[str, Any]:
    runs = tuple(replace(each, run_id=str(number)) for number, each in enumerate(runs))
    found = changes(runs, set(accepted), {STATEMENT: "the reason"})
    return found.as_dict(conforms=not runs[-1].findings, drift=drift, other_dialect=None, skipped=())


def names(history: dict[str, Any]) -> dict[str, list[str]]:
    """The fingerprints in each list that is not empty."""
    lists = ("new", "gone", "comes_and_goes", "not_looked_at")
    return {name: [entry["fingerprint"] for entry in history[name]] for name in lists if history[name]}


HELD, BROKEN, NOT = run(), run(finding()), run(exercised=(OTHER,))


@pytest.mark.parametrize(
    ("runs", "expected", "changed", "green"),
    [
        ((HELD,), {}, False, True),
        ((HELD, HELD), {}, False, True),
        ((HELD, BROKEN), {"new": ["a"]}, True, False),
        ((NOT, BROKEN), {"new": ["a"]}, True, False),
        ((BROKEN, BROKEN), {}, False, False),
        ((BROKEN, HELD), {"gone": ["a"]}, True, True),
        ((BROKEN, NOT), {"not_looked_at": ["a"]}, False, False),
        ((BROKEN, NOT, HELD), {"gone": ["a"]}, True, True),
        ((BROKEN, NOT, BROKEN), {}, False, False),
        ((HELD, BROKEN, HELD), {"gone": ["a"], "comes_and_goes": ["a"]}, True, True),
        ((HELD, BROKEN, HELD, HELD), {"comes_and_goes": ["a"]}, False, True),
        ((HELD, BROKEN, HELD, BROKEN), {"new": ["a"], "comes_and_goes": ["a"]}, True, False),
    ],
)
def test_the_last_run_is_compared_with_the_earlier_ones(
    runs: tuple[KeptRun, ...], expected: dict[str, list[str]], changed: bool, green: bool
) -> None:
    history = compared(*runs)
    assert names(history) == expected
    assert (history["changed"], history["green"]) == (changed, green)


def test_nothing_is_new_in_the_first_run_but_its_drift_is_a_change() -> None:
    history = compared(BROKEN, drift=True)
    assert names(history) == {}
    assert (history["changed"], history["green"], history["earlier_runs"]) == (True, False, 0)


def test_a_departure_is_gone_only_if_its_operation_was_reached_too() -> None:
    history = compared(run(finding(operation="getSession")), HELD)
    assert names(history) == {"not_looked_at": ["a"]}
    assert history["not_looked_at"][0]["reason"] == "the reason"


def test_a_run_that_only_reads_does_not_say_that_what_writes_found_is_gone() -> None:
    history = compared(run(finding(), writes=True), run())
    assert names(history) == {"not_looked_at": ["a"]}
    assert names(compared(run(finding(), writes=True), run(writes=True))) == {"gone": ["a"]}


def test_what_a_baseline_accepts_is_not_new() -> None:
    assert names(compared(HELD, BROKEN, accepted=("a",))) == {}


def test_each_statement_that_was_broken_at_least_once_has_its_states() -> None:
    history = compared(HELD, BROKEN, NOT, run(finding("b", "note")))
    assert history["statements"] == [{"statement": STATEMENT, "runs": ["held", "broken", "not exercised", "held"]}]
