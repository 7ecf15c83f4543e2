"""The statements in the code and in the contract are the same."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from rufus_mock.assumptions import Statement, trace
from rufus_mock.assumptions.registry import STATEMENTS
from rufus_mock.base.resources import folder
from rufus_mock.spec.assumptions import Assumption
from rufus_mock.spec.contract import Contract
from rufus_mock.spec.dialects import DIALECTS

ASSUMPTIONS = Contract().assumptions


@pytest.mark.parametrize("statement", STATEMENTS.values(), ids=list(STATEMENTS))
def test_a_statement_has_a_strategy_for_each_variant(statement: object) -> None:
    assumption = ASSUMPTIONS[statement.id]  # type: ignore[attr-defined]
    assert list(statement.variants) == list(assumption.variants)  # type: ignore[attr-defined]
    parameters = {name for name, variant in assumption.variants.items() if variant.parameter is not None}
    assert parameters == ({"captured"} if statement.captured else set())  # type: ignore[attr-defined]


@pytest.mark.parametrize("assumption", ASSUMPTIONS.values(), ids=list(ASSUMPTIONS))
def test_an_assumption_has_variants_and_a_default_among_them(assumption: Assumption) -> None:
    assert len(assumption.variants) >= 2
    assert all(assumption.default[dialect] in assumption.variants for dialect in DIALECTS)
    assert assumption.measured_by
    assert set(assumption.operations) <= set(Contract().operations)


REASONS = ("no plausible alternative", "cannot be observed over HTTP")
"""What a reason for having no variants begins with."""


def assumed() -> Iterator[Any]:
    """Each evidence in schemas/ that says of a statement, or of a part of it, that it is assumed."""
    root = folder("schemas")
    for path in sorted(root.rglob("*.json")):
        name = path.relative_to(root).as_posix()
        # The project's own formats, the errors of variants, and the assumptions themselves.
        if not name.startswith(("admin", "fixture", "assumptions/", "errors/variants/", "profile", "reports/")):
            for place, evidence in evidences(json.loads(path.read_text(encoding="utf-8")), name):
                if evidence["level"] == "assumed" or "assumed" in evidence.get("note", ""):
                    yield pytest.param(evidence, id=place)


def evidences(node: Any, place: str) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(node, list):
        node = dict(enumerate(node))
    if isinstance(node, dict):
        if "x-evidence" in node:
            yield place, node["x-evidence"]
        for name, value in node.items():
            if name != "x-evidence":
                yield from evidences(value, f"{place}/{name}")


@pytest.mark.parametrize("evidence", list(assumed()))
def test_each_assumed_statement_has_variants_or_a_reason_why_not(evidence: dict[str, Any]) -> None:
    reason = evidence.get("no-variants")
    assert (reason is None) == ("assumptions" in evidence)
    if reason is None:
        assert evidence["assumptions"]
        assert all(id in ASSUMPTIONS for id in evidence["assumptions"])
    else:
        assert reason.startswith(REASONS)
        assert len(reason.partition(": ")[2]) > 10


def test_what_only_another_variant_asks_is_not_noted() -> None:
    inner = Statement("inner", {"a": lambda: 1, "b": lambda: 2})
    ask_inner = inner.asked("a")
    outer = Statement[[Callable[[], int]], int]("outer", {"alone": lambda _then: 0, "asks": lambda then: then()})
    traced = trace.begin()
    assert outer.asked("alone")(ask_inner) == 0
    assert traced.ids() == ("outer",)
    traced = trace.begin()
    assert outer.asked("asks")(ask_inner) == 1
    assert traced.ids() == ("inner", "outer")
    trace.end()


def test_no_assumption_is_read_before_it_is_needed() -> None:
    code = (
        "import rufus_mock.web.app; from rufus_mock.spec.assumptions import defaults, open_in;"
        "print(defaults.cache_info().currsize + open_in.cache_info().currsize)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, timeout=60, capture_output=True, text=True)
    assert done.stdout == "0\n"
