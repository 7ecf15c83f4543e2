"""Companies of a mock: created from fixtures, isolated, reset, restored and removed."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rufus_mock import AdminError, MockCompany, RufusMock
from rufus_mock.base.resources import folder
from rufus_mock.fixtures.place import FixtureError
from tests.testing.calls import SPACE, bind, get, post


def test_two_companies_of_one_mock_share_no_state(mock: RufusMock) -> None:
    with mock.company() as first, mock.company() as second:
        assert bind(first).status_code == 201
        first.faults.add(status=503)
        first.clock.freeze("2026-05-01T09:00:00.000Z")
        assert get(second, "/devices").json()["result"] == []
        assert [request.status for request in second.requests] == [200]
        assert not second.clock.frozen


@pytest.mark.parametrize(
    "fixture",
    [
        "documented",
        folder("fixtures") / "documented.json",
        {"devices": [{"deviceid": "0" * 64, **SPACE, "creation_date": "2024-01-01T00:00:00.000Z"}]},
    ],
    ids=["name", "path", "dict"],
)
def test_a_company_can_be_created_from_a_fixture(mock: RufusMock, fixture: str | Path | dict[str, object]) -> None:
    with mock.company(fixture) as company:
        assert get(company, "/devices").json()["result"]
        assert company.keys.read != mock.keys.read


@pytest.mark.parametrize("as_file", [True, False])
def test_a_company_can_be_created_from_the_state_of_another(mock: RufusMock, tmp_path: Path, as_file: bool) -> None:
    with mock.company(assume={"insert.time-without-offset": "as-sent", "insert.no-coordinates": "null"}) as company:
        deviceid = bind(company).json()["deviceid"]
        token_session = post(company, "/sessions", {"deviceid": deviceid}).json()["token_session"]
        passing = {"bib": "1", "num_passing": 1, "timestamp": "2026-05-01 09:00:00"}
        post(company, "/passings", {"token_session": token_session, "passings_list": [passing]})
        taken = company.state
    path = tmp_path / "state.json"
    path.write_text(json.dumps(taken))
    with mock.company(path if as_file else taken) as company:
        for name in ("devices", "assumptions"):
            assert company.state["companies"][0][name] == taken["companies"][0][name]


def test_the_error_for_an_invalid_fixture_names_the_file(mock: RufusMock, tmp_path: Path) -> None:
    path = tmp_path / "mine.json"
    path.write_text('{"companies": [{}]}')
    with pytest.raises(FixtureError, match=r"mine\.json: at /companies/0/id: expected a value"):
        mock.company(path)


def test_a_removed_company_no_longer_exists(mock: RufusMock) -> None:
    with mock.company() as company:
        pass
    assert get(company, "/devices").status_code == 403
    with pytest.raises(AdminError, match="Company not found") as raised:
        company.reset()
    assert raised.value.status == 404


def test_reset_restores_the_initial_state(mock: RufusMock) -> None:
    with mock.company("documented") as company:
        bind(company)
        company.faults.add(status=503)
        company.quota.set(requests=0, window_ms=60_000)
        company.clock.freeze("2020-01-01T00:00:00Z")
        company.reset()
        assert len(get(company, "/devices").json()["result"]) == 2
        assert list(company.faults) == []
        assert not company.clock.frozen
        assert len(company.requests) == 1


def test_a_saved_state_can_be_restored(company: MockCompany) -> None:
    bind(company)
    taken = company.state
    bind(company, serial_number="S-2")
    company.state = taken
    assert company.state == taken
    assert len(get(company, "/devices").json()["result"]) == 1


def test_threads_can_share_a_company(company: MockCompany) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: bind(company, serial_number=str(number)), range(16)))
        assert all(pool.map(lambda _: len(company.requests) == 16, range(16)))


def test_a_new_company_takes_a_few_milliseconds_at_most(mock: RufusMock) -> None:
    def once() -> float:
        begun = time.perf_counter()
        with mock.company():
            pass
        return time.perf_counter() - begun

    assert min(once() for _ in range(50)) < 0.005


def test_what_cannot_be_sent_as_json_is_an_admin_error(mock: RufusMock) -> None:
    with pytest.raises(AdminError, match=r"POST /__admin/companies: cannot be sent as JSON: .*surrogates"):
        mock.company(fixture={"name": "\ud800"})
