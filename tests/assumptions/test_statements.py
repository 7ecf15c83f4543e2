"""The statements in the code and in the contract are the same."""

import pytest

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
