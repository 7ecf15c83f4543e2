"""The statements in the code and in the contract are the same."""

from collections.abc import Callable

import pytest

from rufus_mock.assumptions import Statement, trace
from rufus_mock.assumptions.registry import STATEMENTS
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


def test_what_only_another_variant_asks_is_not_noted() -> None:
    inner = Statement("inner", {"a": lambda: 1, "b": lambda: 2})
    ask_inner = inner.asked("a")
    outer = Statement[[Callable[[], int]], int]("outer", {"alone": lambda _then: 0, "asks": lambda then: then()})
    trace.begin()
    assert outer.asked("alone")(ask_inner) == 0
    assert trace.noted() == ("outer",)
    trace.begin()
    assert outer.asked("asks")(ask_inner) == 1
    assert trace.noted() == ("inner", "outer")
    trace.end()
