"""A run writes only to what is its own, whatever a server says: the kit and the calibration on servers that lie."""

from typing import Any

import pytest

from rufus_mock.calibration.run import calibrate
from rufus_mock.contract import Keys, Options, Report, run_contract
from rufus_mock.contract.checks import Check
from rufus_mock.contract.report.report import DRIFT
from tests.contract.lying import LIES, Liar
from tests.contract.mutants import checks_without_pages
from tests.servers import ADMIN, READ, WRITE, serving
from tools.calibration import QUICK

KEYS = {"may unbind": Keys(ADMIN), "may not unbind": Keys(READ, write_key=WRITE)}


def writing_checks() -> list[Check]:
    return [check for check in checks_without_pages() if check.writes][:4]


def state_of(liar: Liar) -> dict[str, Any]:
    """What the account held before the run, as it is now."""
    company = liar.company
    totals = company.passings._state.store.session_totals
    return {
        deviceid: [
            (session.token_session, session.active, totals(session.token_session))
            for session in company.sessions.of_device(deviceid)
        ]
        for deviceid in liar.others
        if deviceid in company.devices._devices
    }


def reported(liar: Liar, keys: Keys) -> Report:
    with serving(liar.app) as url:
        return run_contract(Options(url, keys, allow_writes=True, examples=1, seed=1), checks=writing_checks())


@pytest.mark.parametrize("keys", KEYS)
@pytest.mark.parametrize("name", LIES)
def test_a_server_that_lies_makes_the_kit_change_nothing_of_others(name: str, keys: str) -> None:
    liar = Liar(*LIES[name])
    before = state_of(liar)
    report = reported(liar, KEYS[keys])
    assert liar.written == []
    assert state_of(liar) == before
    is_device = liar.device.deviceid in (report.stopped_writing or "")
    named = f"device {liar.device.deviceid}" if is_device else f"session {liar.session.token_session}"
    assert (report.stopped_writing or "").startswith(f"{named}: named by ")
    assert f"{report.stopped_writing}; not touched" in report.left_behind
    assert (report.exit_status, report.writes, report.defects) == (DRIFT, False, [])
    operation = "bindDevice" if is_device else "insertSession"
    finding = next(each for each in report.drift if each.pointer == "#named")
    assert (finding.operation, finding.actual) == (operation, report.stopped_writing)
    assert finding.request.startswith("curl ")


@pytest.mark.parametrize("name", LIES)
def test_it_makes_the_calibration_change_nothing_of_others(name: str) -> None:
    liar = Liar(*LIES[name])
    before = state_of(liar)
    with serving(liar.app) as url:
        result = calibrate(Options(url, Keys(ADMIN), allow_writes=True), probes=QUICK)
    assert liar.written == []
    assert state_of(liar) == before
    assert [line for line in result.left_behind if line.endswith("; not touched")]
    assert result.profile["made"]["writes"] is False
    assert result.defects == []


def test_what_is_its_own_is_removed_although_the_run_stopped_writing() -> None:
    liar = Liar(*LIES["open names another device's session"])
    reported(liar, KEYS["may unbind"])
    assert set(liar.company.devices._devices) == liar.others
    liar = Liar(*LIES["open names another device's session"])
    report = reported(liar, KEYS["may not unbind"])
    own = set(liar.company.devices._devices) - liar.others
    assert [line.split()[1] for line in report.left_behind if line.startswith("device ")] == list(own)
    assert [s.active for deviceid in own for s in liar.company.sessions.of_device(deviceid)] == [False]


def test_a_session_of_the_same_device_is_written_to_only_if_it_is_empty() -> None:
    """A device that is the run's own, but names the first of its sessions again: that one has passings by then."""
    liar = Liar()
    first: list[str] = []

    def again(body: dict[str, Any]) -> None:
        first.append(body["token_session"])
        body["token_session"] = first[0]

    liar.change("insertSession", again)
    report = reported(liar, KEYS["may unbind"])
    assert liar.written == []
    assert set(liar.company.devices._devices) == liar.others
    assert report.exit_status == DRIFT
