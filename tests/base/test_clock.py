"""A company's clock: follows, stands, moves, and what the API says follows it."""

import pytest

from rufus_mock.base.clock import CompanyClock
from rufus_mock.base.timestamps import LATEST, START_BOUNDS
from tests.admin import Tenant
from tests.clocks import FrozenClock

NOON = "2026-05-01T12:00:00.000Z"


def test_it_follows_until_it_is_told_otherwise() -> None:
    base = FrozenClock(1000)
    clock = CompanyClock(base)
    assert (clock.now(), clock.frozen, clock.offset) == (1000, False, 0)
    clock.advance(500)
    base.milliseconds = 2000
    assert (clock.now(), clock.offset) == (2500, 500)
    clock.set(frozen=True)
    base.milliseconds = 3000
    assert (clock.now(), clock.frozen, clock.offset) == (2500, True, -500)
    clock.advance(-100)
    assert clock.now() == 2400
    clock.set(frozen=False)
    base.milliseconds = 4000
    assert clock.now() == 3400
    clock.set(now=7)
    base.milliseconds = 4001
    assert clock.now() == 8
    clock.reset()
    assert (clock.now(), clock.frozen) == (4001, False)


def test_it_cannot_leave_the_years_that_can_be_written() -> None:
    clock = CompanyClock(FrozenClock(0))
    with pytest.raises(ValueError, match="out of the range"):
        clock.advance(LATEST + 1)
    assert clock.now() == 0


def test_what_the_api_says_follows_the_clock(tenant: Tenant) -> None:
    assert tenant("PUT", "/clock", {"now": NOON, "frozen": True})["now"] == NOON
    deviceid = tenant.bind()
    tenant("POST", "/clock/advance", {"milliseconds": 60_000})
    token = tenant.api("POST", "/sessions", json={"deviceid": deviceid}).json()["token_session"]
    session = tenant.api("GET", f"/sessions/{token}").json()["result"][0]
    assert session["creation_date"] == "2026-05-01T12:01:00.000Z"
    assert session["duration"] == "2026-05-01T14:01:00.000Z"
    device = tenant.devices()[0]
    assert (device["creation_date"], device["last_seen"]) == (NOON, "2026-05-01T12:01:00.000Z")


def test_a_clock_can_be_set_to_a_time_without_an_offset(tenant: Tenant) -> None:
    assert tenant("PUT", "/clock", {"now": "2026-05-01 12:00:00", "frozen": True})["now"] == NOON


def test_a_clock_is_one_companys(tenant: Tenant) -> None:
    tenant("PUT", "/clock", {"now": NOON, "frozen": True})
    assert tenant.admin.create()("GET", "/clock")["offset_ms"] == 0
    assert tenant("DELETE", "/clock")["offset_ms"] == 0


@pytest.mark.parametrize(
    ("method", "path", "body", "parameter"),
    [
        ("PUT", "/clock", {}, "body"),
        ("PUT", "/clock", {"now": "noon"}, "now"),
        ("PUT", "/clock", {"now": "0000-01-01T00:00:00.000Z"}, "now"),
        ("PUT", "/clock", {"frozen": "yes"}, "frozen"),
        ("POST", "/clock/advance", {}, "milliseconds"),
        ("POST", "/clock/advance", {"milliseconds": 1.5}, "milliseconds"),
    ],
)
def test_a_wrong_time_is_a_400(tenant: Tenant, method: str, path: str, body: object, parameter: str) -> None:
    assert tenant.admin.problem(method, tenant.path + path, body)["parameter"] == parameter


def test_a_clock_that_would_leave_time_is_a_400(tenant: Tenant) -> None:
    tenant("PUT", "/clock", {"now": "9998-12-31T23:59:59.000Z", "frozen": True})
    problem = tenant.admin.problem("POST", f"{tenant.path}/clock/advance", {"milliseconds": 10_000_000})
    assert problem["parameter"] == "milliseconds"
    assert problem["expected"] == f"a clock in the range {START_BOUNDS}"
    assert tenant("GET", "/clock")["now"] == "9998-12-31T23:59:59.000Z"
