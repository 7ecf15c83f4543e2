"""The public strategies generate values that are valid by the contract and that the mock accepts."""

from typing import Any

import pytest
from hypothesis import HealthCheck, find, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from rufus_mock import strategies as rufus
from rufus_mock.base.identifiers import epc
from rufus_mock.base.timestamps import parse, render
from rufus_mock.spec.contract import Contract
from rufus_mock.spec.dialects import in_dialect
from rufus_mock.spec.validation import BodyValidator
from tests.conftest import Account

VALIDATORS = {
    name: BodyValidator(in_dialect(Contract().schema(name), "pages"))
    for name in ("deviceid", "token_session", "passing-input", "passing", "device", "session", "event-summary")
}
MADE: dict[str, SearchStrategy[Any]] = {
    "deviceid": rufus.deviceids(),
    "token_session": rufus.token_sessions(),
    "passing-input": rufus.passing_inputs(),
    "passing": rufus.passings(),
    "device": rufus.devices(),
    "session": rufus.sessions(),
    "event-summary": rufus.events(),
}


@given(st.sampled_from(sorted(MADE)).flatmap(lambda name: st.tuples(st.just(name), MADE[name])))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_values_are_valid_by_the_contract(made: tuple[str, Any]) -> None:
    name, value = made
    VALIDATORS[name].check(value)
    if isinstance(value, dict) and name != "passing-input":
        assert tuple(value) == Contract().fields(name)


@given(rufus.sessions())
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_session_has_first_and_last_only_if_it_has_passings(session: dict[str, Any]) -> None:
    assert (session["first"] is None) == (session["last"] is None) == (session["passings"] == 0)
    assert session["first"] is None or session["first"] <= session["last"]


@given(rufus.participants(), rufus.api_keys(), rufus.bibs(), rufus.chips())
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_participants_keys_bibs_and_chips_have_the_right_form(
    person: dict[str, Any], key: str, bib: str, chip: str
) -> None:
    assert person["chip"] == epc(int(person["bib"]))
    assert len(key) == 24
    assert bib == str(int(bib))
    assert len(bytes.fromhex(chip)) == 12


@given(rufus.timestamps("2026-05-10T07:00:00+02:00", "2026-05-10T05:00:00.001Z"))
def test_times_stay_within_the_limits(text: str) -> None:
    assert text in {"2026-05-10T05:00:00.000Z", "2026-05-10T05:00:00.001Z"}


def test_an_invalid_time_limit_is_refused() -> None:
    with pytest.raises(ValueError, match="not a time"):
        rufus.timestamps("yesterday")


def test_the_strategies_include_edge_cases() -> None:
    assert find(rufus.passing_inputs(), lambda passing: passing.get("chip") is None)
    assert find(rufus.passing_inputs(), lambda passing: isinstance(passing.get("latitude"), float))
    assert find(rufus.passing_inputs(), lambda passing: not passing["bib"].isascii())


def test_a_keyword_argument_replaces_the_strategy_of_a_field() -> None:
    assert find(rufus.passing_inputs(chip=st.just("x")), lambda _: True)["chip"] == "x"
    assert find(rufus.sessions(passings=st.just(3)), lambda _: True)["passings"] == 3
    assert find(rufus.events(status=st.just("DRAFT")), lambda _: True)["status"] == "DRAFT"
    assert find(rufus.devices(alias=st.just("Finish")), lambda _: True)["alias"] == "Finish"


@given(rufus.passing_lists(max_size=5))
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_the_mock_accepts_the_passings(account: Account, passings: list[dict[str, Any]]) -> None:
    device = account.company.devices.bind("M", f"S-{len(account.company.devices.page(1, 5000)[0])}")
    token = account.open(device.deviceid)
    assert account.insert(token, *passings)["inserted_count"] == len(passings)
    read = account.read(token)
    sent = {passing["num_passing"]: render(parse(passing["timestamp"])) for passing in passings}
    assert {passing["num_passing"]: passing["timestamp"] for passing in read} == sent
