import pytest

from rufus_mock.client import specification
from rufus_mock.contract.judge.findings import Evidence
from rufus_mock.contract.judge.statements import rule, state_rule

CONTRACT = specification()
DECLARED = [each["id"] for each in CONTRACT.rules] + [
    each["id"] for operation in CONTRACT.operations.values() for each in operation.rules
]


def test_a_rule_has_one_id_in_the_whole_contract() -> None:
    assert sorted(set(DECLARED)) == sorted(DECLARED)


@pytest.mark.parametrize("rule_id", DECLARED)
def test_every_rule_of_the_contract_can_be_bound(rule_id: str) -> None:
    assert rule(rule_id).name.endswith(rule_id)
    assert rule(rule_id).blames is None


def test_a_rule_that_the_contract_does_not_have_cannot_be_bound() -> None:
    with pytest.raises(LookupError, match="no-such-rule"):
        rule("no-such-rule")


def test_a_departure_counts_for_the_asked_operation_or_for_the_one_that_left_the_state() -> None:
    asked = CONTRACT.operations["getSession"]
    by_read = rule("closed-inactive").departure(asked, 200, "false", "true", "/result/0/active")
    by_state = state_rule("closed-inactive").departure(asked, 200, "false", "true", "/result/0/active")
    assert (by_read.operation, by_state.operation) == ("getSession", "closeSession")
    assert {by_read.rests_on, by_state.rests_on} == {"closeSession closed-inactive"}


def test_the_kind_of_a_departure_follows_from_the_evidence() -> None:
    asked = CONTRACT.operations["closeSession"]
    kinds = {level: rule("close-again").resting_on(Evidence(level)) for level in ("documented", "observed", "assumed")}
    found = {level: statement.departure(asked, 200, "", "", "").kind for level, statement in kinds.items()}
    assert found == {"documented": "breaking", "observed": "breaking", "assumed": "note"}
