"""A run as a whole: its limits, what it leaves behind, and what its profile says and does not say."""

import json

import pytest

from rufus_mock.assumptions.profile import measured
from rufus_mock.base.defaults import CALIBRATION_READS, CALIBRATION_WRITES
from rufus_mock.calibration.probes import PROBES
from rufus_mock.calibration.run import calibrate
from rufus_mock.contract.embedded import fixture_keys
from rufus_mock.contract.session.errors import CouldNotRun
from rufus_mock.contract.session.options import Keys, Options
from rufus_mock.spec.contract import Contract
from tests.servers import mock
from tools.calibration import QUICK, Bench

WRITES = "--allow-writes, with a key that may write and unbind"

READABLE = {
    "access.missing-key": "400",
    "access.other-company": "not-found",
    "access.body-400": "description",
    "device2.start": "oldest-with-passings",
    "devices.past-the-end": "200",
    "events.order": "as-stored",
    "reads.first": "inclusive",
    "reads.full-pages": "always",
    "requests.identifier-case": "unknown",
    "requests.wrong-method": "405",
    "sessions.closes-itself": "no",
    "sessions.order": "oldest-first",
}
"""What can be read on the fixture, for example."""


def test_everything_is_measured_with_writes(bench: Bench) -> None:
    result = bench.calibrate({}, probes=PROBES)
    assumptions = Contract().assumptions
    expected = {id: each.default[bench.dialect] for id, each in assumptions.items() if bench.dialect in each.dialects}
    assert measured(result.profile) == expected
    assert result.profile["made"]["requests"] <= CALIBRATION_WRITES
    assert len(bench.api.world.get("00000001").devices) == 2


def test_what_can_be_read_is_measured_without_writes(bench: Bench) -> None:
    result = bench.calibrate({}, writes=False)
    verdicts = result.profile["assumptions"]
    assert {id: verdicts[id].get("variant") for id in READABLE} == READABLE
    assert result.profile["made"]["requests"] <= CALIBRATION_READS
    assert {each["verdict"] for each in verdicts.values()} == {"measured", "not-reached"}
    for id, assumption in Contract().assumptions.items():
        if "writes" in assumption.needs and bench.dialect in assumption.dialects:
            assert verdicts[id] == {"verdict": "not-reached", "needs": WRITES}


def test_only_get_requests_are_sent_without_writes(bench: Bench) -> None:
    journal = bench.api.world.get("00000001").journal
    before = journal.read().entries[-1].number if journal.read().entries else 0
    bench.calibrate({}, writes=False, probes=QUICK)
    assert {entry.method for entry in journal.read().entries if entry.number > before} == {"GET"}


def test_a_repeated_run_says_the_same(bench: Bench) -> None:
    one, two = (bench.calibrate({}, probes=QUICK).profile for _ in range(2))
    assert one["assumptions"] == two["assumptions"]
    assert one["texts"] == two["texts"]


def test_the_profile_contains_nothing_of_the_account(bench: Bench) -> None:
    company = bench.api.world.get("00000001")
    text = json.dumps([bench.calibrate({}, writes=writes, probes=QUICK).profile for writes in (True, False)])
    own = [value for device in company.devices for value in vars(device).values() if isinstance(value, str)]
    sessions = [each for device in company.devices for each in company.sessions.of_device(device.deviceid)]
    own += [value for each in sessions for value in (each.token_session, each.alias) if value]
    for secret in {*own, *fixture_keys().all(), "Ciudad 10K", "Barcelona", "rufus-mock contract"}:
        assert secret not in text


def test_a_mock_that_follows_a_profile_gives_the_same_profile(bench: Bench) -> None:
    chosen = {
        "access.body-400": 'captured:{"fault":"No"}',
        "access.body-403": "message",
        "access.missing-key": "403",
        "devices.bind-again-text": "captured:You have it already",
        "devices.identity": "serial",
        "events.empty-list": "404",
        "insert.other-times": "as-sent",
        "reads.first": "exclusive",
        "requests.unknown-path": "gateway-403",
        "sessions.duration": "closing-time",
    }
    first = bench.calibrate(chosen, probes=QUICK).profile
    assert {id: measured(first)[id] for id in chosen} == chosen
    second = bench.calibrate(measured(first), probes=QUICK).profile
    assert second["assumptions"] == first["assumptions"]
    assert second["texts"] == first["texts"]


@pytest.mark.parametrize("budget", [1, 4, 20, 60, 130])
def test_a_small_budget_ends_a_run_early_and_nothing_is_guessed(bench: Bench, budget: int) -> None:
    bench.choose({})
    options = Options(bench.base_url, fixture_keys(), allow_writes=True, budget=budget)
    if budget < 6:
        with pytest.raises(CouldNotRun, match=f"all {budget} requests of the budget are sent"):
            calibrate(options, probes=QUICK)
        return
    result = calibrate(options, probes=QUICK)
    assumptions = Contract().assumptions
    for id, variant in measured(result.profile).items():
        assert variant == assumptions[id].default[bench.dialect]
    assert result.stopped == f"all {budget} requests of the budget are sent"
    assert result.left_behind == []
    assert (
        result.profile["assumptions"]["devices.rebind"]["needs"]
        == f"a longer run; this one ended early: {result.stopped}"
    )


def test_without_the_unbind_permission_no_device_is_bound(bench: Bench) -> None:
    bench.choose({})
    keys = Keys(read_key=fixture_keys().read_key, write_key=fixture_keys().write_key)
    result = calibrate(Options(bench.base_url, keys, allow_writes=True), probes=QUICK)
    verdicts = result.profile["assumptions"]
    assert verdicts["sessions.insert-unknown-device"]["variant"] == "404"
    assert verdicts["insert.closed-token"]["variant"] == "echoed"
    assert verdicts["devices.type"]["needs"] == WRITES
    assert len(bench.api.world.get("00000001").devices) == 2


def test_an_empty_company_is_measured_too() -> None:
    with mock("pages", "empty") as url:
        result = calibrate(Options(url, fixture_keys(), allow_writes=False), probes=QUICK)
    verdicts = result.profile["assumptions"]
    assert verdicts["devices.empty-list"]["variant"] == "200"
    assert verdicts["devices.order"]["needs"] == "at least three devices, or --allow-writes"
    assert verdicts["sessions.none"]["needs"] == "a device without sessions, or --allow-writes"
