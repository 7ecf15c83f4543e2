"""A snapshot restores what later answers depend on under other variants."""

from typing import Any

import orjson
import pytest

from rufus_mock.fixtures.snapshots import snapshot
from rufus_mock.world.devices import _REMEMBERED
from tests.admin import AdminClient
from tests.assumptions.calls import HOUR, Mock

NOON = "2023-11-14T22:13:20.000Z"
DURATION, LAST_SEEN = "sessions.duration=closing-time", "devices.last-seen=last-insert"
REBIND, IDENTITY = "devices.rebind=same-id", "devices.identity=serial-model-and-type"


def restored(taken: Any, *chosen: str) -> Mock:
    """A mock with other variants and the state of a snapshot."""
    mock = Mock(*chosen)
    assert mock.put("/__admin/state", taken) == 200
    assert state(mock) == taken
    return mock


def state(mock: Mock) -> Any:
    """A snapshot without the assumptions that the company follows."""
    taken = orjson.loads(snapshot([mock.company]))
    taken["companies"][0].pop("assumptions", None)
    return taken


@pytest.mark.parametrize("closed_by", ["close", "open", "nothing"])
def test_when_a_session_was_closed_and_a_device_sent_passings(closed_by: str) -> None:
    mock = Mock()
    deviceid = mock.bind()
    token = mock.open(deviceid)
    mock.at(1 * HOUR)
    mock.insert(token, (1, NOON))
    if closed_by == "close":
        mock("PATCH", f"/sessions/close/{token}")
    elif closed_by == "open":
        mock.open(deviceid)
    other = restored(state(mock), DURATION, LAST_SEEN)
    hour = "00:13" if closed_by == "nothing" else "23:13"
    assert other.session(token)["duration"][11:16] == hour
    _, body = other("GET", f"/devices/{deviceid}")
    assert body["result"]["last_seen"] == "2023-11-14T23:13:20.000Z"


def test_the_deviceids_of_unbound_devices() -> None:
    mock = Mock()
    former = mock.bind(type="x")
    mock("DELETE", f"/devices/{former}")
    taken = state(mock)
    assert taken["companies"][0]["unbound"] == [{"deviceid": former, "serial_number": "1", "model": "A", "type": "x"}]
    assert restored(taken, REBIND).bind() == former


def test_devices_that_another_variant_takes_for_the_same() -> None:
    mock = Mock(IDENTITY)
    bound = [mock.bind(type=type) for type in ("x", "y")]
    _, body = restored(state(mock))("GET", "/devices")
    assert [device["deviceid"] for device in body["result"]] == bound


def test_a_company_remembers_a_limited_number_of_unbound_devices() -> None:
    company = Mock().company
    for number in range(_REMEMBERED + 5):
        company.unbind(company.devices.bind("A", str(number)).deviceid)
    serial_numbers = [hardware.serial_number for hardware, _ in company.devices.unbound]
    assert serial_numbers == [str(number) for number in range(5, _REMEMBERED + 5)]


def test_a_new_company_gets_the_passings_of_a_snapshot_as_they_were_stored(admin: AdminClient) -> None:
    chosen = {
        "insert.no-coordinates": "null",
        "insert.coordinate-number": "number",
        "insert.time-without-offset": "as-sent",
        "insert.duplicates": "both-kept",
    }
    mock = Mock(*(f"{id}={variant}" for id, variant in chosen.items()))
    token_session = mock.open(mock.bind())
    mock.insert(token_session, (1, "2026-05-10 09:00:00"), (1, NOON))
    taken = orjson.loads(snapshot([mock.company]))
    created = admin.create(fixture=taken).id
    (copied,) = admin.call("GET", f"/companies/{created}/state")["companies"]
    assert copied["devices"] == taken["companies"][0]["devices"]
    assert copied["assumptions"] == chosen


def test_a_fixture_for_a_new_company_must_have_a_company(admin: AdminClient) -> None:
    problem = admin.problem("POST", "/companies", {"fixture": {"snapshot": 1, "companies": []}})
    assert (problem["pointer"], problem["expected"]) == ("/fixture/companies", "expected a company, found none")
