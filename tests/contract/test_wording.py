"""What the kit shows of requests, and what its strategies generate."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from rufus_mock.client import specification
from rufus_mock.contract import passing_inputs, values
from rufus_mock.contract.explore.strategies import invalid_bodies
from rufus_mock.contract.session.curl import curl
from rufus_mock.contract.session.masking import Masker
from rufus_mock.contract.wording import described
from rufus_mock.spec.validation import BodyValidator

OPERATIONS = specification().operations


@settings(deadline=None, max_examples=50)
@given(passing_inputs())
def test_strategies_give_what_the_contract_takes(passing: dict[str, Any]) -> None:
    BodyValidator(specification().schema("passing-input")).check(passing)


@settings(deadline=None, max_examples=50)
@given(
    st.sampled_from(["bindDevice", "insertSession", "insertPassings"]).flatmap(
        lambda id: st.tuples(st.just(id), values(OPERATIONS[id].body or {}))
    )
)
def test_invalid_bodies_are_invalid(made: tuple[str, Any]) -> None:
    schema = OPERATIONS[made[0]].body or {}
    validator = BodyValidator(schema)
    validator.check(made[1])
    for invalid in invalid_bodies(schema, made[1]):
        assert list(validator.problems(invalid.body)), invalid


@given(st.text("abc\"'\\/%é-", min_size=1, max_size=30))
def test_a_masked_key_is_nowhere(key: str) -> None:
    mask = Masker([key, None, ""])
    shown = mask(f"x {key} y {json.dumps(key)} {key!r}")
    assert len(key) < 12 or key not in shown
    assert mask.mask({"a": [key, 1, (key,)]}) == {mask("a"): [mask(key), 1, [mask(key)]]}


def test_a_request_is_a_line_for_a_shell() -> None:
    line = curl("POST", "http://x/v0/devices", '{"a":"it\'s"}' + " " * 500, "api_key", "…ad30")
    assert line.startswith("curl -X POST -H 'api_key: …ad30' -H 'Content-Type: application/json' --data-raw '")
    assert "\n" not in line
    assert len(described("x" * 1000)) == 100
