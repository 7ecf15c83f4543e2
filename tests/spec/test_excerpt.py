"""What is said of a large value with much wrong in it: the first ten problems, as soon as they are found."""

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rufus_mock.base.errors import BadRequest
from rufus_mock.spec.contract import Contract
from rufus_mock.spec.excerpt import KEPT, LONG
from rufus_mock.spec.validation import BodyValidator, described
from tests.conftest import sent

SCHEMA = {
    "type": "object",
    "properties": {
        "list": {"type": "array", "maxItems": 150, "items": {"type": "array", "items": {"type": "integer"}}}
    },
}


def problems(schema: dict[str, Any], value: Any) -> list[dict[str, str]]:
    with pytest.raises(BadRequest) as caught:
        BodyValidator(schema).check(value)
    found: list[dict[str, str]] = caught.value.fields["errors"]
    return found


def test_the_first_ten_of_a_million_wrong_entries_are_named_at_once(contract: Contract) -> None:
    body = {"token_session": "A", "passings_list": [1.5] * 1_000_000}
    started = time.process_time()
    found = problems(contract.operations["insertPassings"].body or {}, body)
    # To collect all errors took a minute.
    assert time.process_time() - started < 5
    assert [problem["pointer"] for problem in found] == [f"/passings_list/{index}" for index in range(10)]


def test_what_is_wrong_far_down_a_list_keeps_its_place(contract: Contract) -> None:
    passings = [sent(number) for number in range(3000)]
    del passings[2500]["bib"]
    found = problems(contract.operations["insertPassings"].body or {}, {"token_session": 7, "passings_list": passings})
    assert {(problem["pointer"], problem["actual"]) for problem in found} == {
        ("/token_session", "7 (integer)"),
        ("/passings_list/2500/bib", "missing"),
    }


def test_a_list_that_is_too_long_is_one_problem() -> None:
    (problem,) = problems(SCHEMA, {"list": [[]] * 151})
    assert problem["pointer"] == "/list"
    assert problem["expected"] == "at most 150 entries"


def test_ten_thousand_unknown_members_are_one_problem(contract: Contract) -> None:
    fixture = {"companies": [], **{f"x{number}": 0 for number in range(10_000)}}
    (problem,) = problems(contract.schema("fixture"), fixture)
    assert problem["parameter"] == "x0"


@given(st.lists(st.lists(st.sampled_from([1, "x"]), max_size=3), max_size=2 * LONG), st.integers(0, 2 * LONG))
def test_the_problems_are_among_those_of_the_whole_value(lists: list[list[Any]], length: int) -> None:
    value = {"list": [*lists, [1] * length + ["x"]]}
    named = {
        f"/list/{i}/{j}" for i, entries in enumerate(value["list"]) for j, entry in enumerate(entries) if entry != 1
    }
    found = {problem["pointer"] for problem in problems(SCHEMA, value)} - {"/list"}
    assert found <= named
    assert len(found) >= min(len(named), KEPT - 1)


def test_a_value_is_described_without_writing_all_of_it() -> None:
    assert described([0] * 1_000_000) == "[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0… (array)"
    assert described("é" * 100) == '"' + "é" * 58 + "… (string)"
    assert described({"a": None}) == '{"a": null} (object)'
