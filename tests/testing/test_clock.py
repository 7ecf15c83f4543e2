"""The clock of a company."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from rufus_mock import AdminError, MockCompany
from tests.testing.calls import bind, get


def test_the_mock_uses_the_companys_clock(company: MockCompany) -> None:
    company.clock.freeze("2026-05-01T09:00:00.000Z")
    bind(company)
    company.clock.advance(hours=2)
    company.clock.advance(timedelta(milliseconds=5))
    bind(company, serial_number="S-2")
    dates = [device["creation_date"] for device in get(company, "/devices").json()["result"]]
    assert dates == ["2026-05-01T09:00:00.000Z", "2026-05-01T11:00:00.005Z"]
    assert company.clock.now == datetime(2026, 5, 1, 11, 0, 0, 5000, UTC)


def test_a_clock_can_be_set_and_started_again(company: MockCompany) -> None:
    noon = datetime(2026, 5, 1, 14, tzinfo=timezone(timedelta(hours=2)))
    assert company.clock.set(noon) - noon < timedelta(seconds=10)
    frozen = [company.clock.frozen]
    assert company.clock.freeze() == company.clock.now
    frozen.append(company.clock.frozen)
    company.clock.run("2030-01-01T00:00:00+02:00")
    frozen.append(company.clock.frozen)
    assert frozen == [False, True, False]
    assert company.clock.now.year == 2029
    assert abs(company.clock.reset() - datetime.now(UTC)) < timedelta(seconds=10)


def test_a_time_without_an_offset_is_refused(company: MockCompany) -> None:
    with pytest.raises(ValueError, match="without an offset"):
        company.clock.freeze(datetime(2026, 5, 1))
    with pytest.raises(AdminError, match="now"):
        company.clock.freeze("2026-05-01 09:00")
