"""Times have bounds where they enter. A time outside them is a 400 that names them."""

import json

import pytest

from rufus_mock.base.timestamps import BOUNDS, EARLIEST, LATEST, START_BOUNDS, render
from rufus_mock.spec.contract import Contract
from tests.admin import Tenant
from tests.conftest import Account, sent


def test_the_bounds_of_times_are_those_of_the_contract(contract: Contract) -> None:
    times = contract.limits["times"]
    assert (times["earliest"], times["latest"]) == (render(EARLIEST), render(LATEST))
    for name in ("admin/requests/set-clock", "fixture-company"):
        assert START_BOUNDS in json.dumps(contract.schema(name))


@pytest.mark.parametrize(
    "now",
    ["9999-12-31T23:59:59.999Z", "9999-01-01T00:00:00.000Z", "0001-12-31T23:59:59.999Z", "0000-01-01T00:00:00.000Z"],
)
@pytest.mark.parametrize("frozen", [True, False])
def test_a_clock_near_the_end_of_time_is_a_400_that_names_the_bounds(tenant: Tenant, now: str, frozen: bool) -> None:
    before = tenant("GET", "/clock")["offset_ms"]
    problem = tenant.admin.problem("PUT", f"{tenant.path}/clock", {"now": now, "frozen": frozen})
    assert problem["pointer"] == "/now"
    assert problem["expected"].endswith(BOUNDS if now.startswith("0000") else START_BOUNDS)
    clock = tenant("GET", "/clock")
    assert (clock["offset_ms"], clock["frozen"]) == (before, False)


@pytest.mark.parametrize(
    ("now", "day_of_duration"), [("0002-01-01T00:00:00.000Z", "0002-01-01"), ("9998-12-31T23:59:59.999Z", "9999-01-01")]
)
@pytest.mark.parametrize("frozen", [True, False])
def test_at_the_bounds_of_a_clock_all_can_be_read(tenant: Tenant, now: str, day_of_duration: str, frozen: bool) -> None:
    tenant("PUT", "/clock", {"now": now, "frozen": frozen})
    tenant("PUT", "/quota", {"requests": 10, "window_ms": 1000})
    deviceid = tenant.bind()
    token = tenant.api("POST", "/sessions", json={"deviceid": deviceid}).json()["token_session"]
    assert tenant.api("GET", f"/sessions/{token}").json()["result"][0]["duration"].startswith(day_of_duration)
    taken = tenant.admin.request("GET", f"{tenant.path}/state").content
    assert tenant.admin.request("PUT", f"{tenant.path}/state", data=taken).status_code == 200
    assert tenant.admin.request("GET", f"{tenant.path}/state").content == taken


@pytest.mark.parametrize("timestamp", ["0001-01-01T00:00:00+00:01", "9999-12-31T23:59:60Z", "0000-12-31T23:59:59.999Z"])
def test_a_passing_out_of_time_is_a_400_that_names_the_bounds(account: Account, timestamp: str) -> None:
    token = account.open(account.bind())
    body = account.post("/passings", {"token_session": token, "passings_list": [sent(1), sent(2, timestamp)]}, 400)
    (problem,) = body["errors"]
    assert problem["pointer"] == "/passings_list/1/timestamp"
    assert problem["expected"].endswith(BOUNDS)
    assert account.session(token)["passings"] == 0


@pytest.mark.parametrize("timestamp", [render(EARLIEST), render(LATEST)])
def test_a_passing_at_the_bounds_is_found_by_its_time(account: Account, timestamp: str) -> None:
    deviceid = account.bind()
    account.insert(account.open(deviceid), sent(1, timestamp))
    assert account.read_device(deviceid, **{"from": timestamp, "to": timestamp})[0]["timestamp"] == timestamp


@pytest.mark.parametrize("name", ["from", "to"])
@pytest.mark.parametrize("value", ["0000-01-01T00:00:00Z", "0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00"])
def test_a_query_out_of_time_is_a_400_that_names_the_bounds(account: Account, name: str, value: str) -> None:
    body = account.get(f"/passings/device/{account.bind()}", 400, params={name: value})
    assert body["errors"][0]["expected"].endswith(BOUNDS)
