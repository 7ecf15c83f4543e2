"""RufusMock and the handles that a test uses."""

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import fields
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import requests

import rufus_mock
from rufus_mock import AdminError, MockCompany, RufusMock, VerificationFailed
from rufus_mock.base.resources import folder
from rufus_mock.fixtures.place import FixtureError
from rufus_mock.serving.server import Server
from rufus_mock.spec.contract import Contract
from rufus_mock.spec.dialects import OPENAPI
from rufus_mock.testing import connection
from rufus_mock.testing.connection import AdminConnection
from rufus_mock.testing.journal import Request
from rufus_mock.testing.keys import Keys
from rufus_mock.web.app import Config, create_app

SPACE = {"model": "M", "serial_number": "S-1"}


@pytest.fixture(scope="module")
def mock() -> Iterator[RufusMock]:
    with RufusMock() as mock:
        yield mock


@pytest.fixture
def company(mock: RufusMock) -> Iterator[MockCompany]:
    with mock.company() as company:
        yield company


def get(company: MockCompany, path: str, key: str | None = None) -> requests.Response:
    return requests.get(company.base_url + path, headers={"api_key": key or company.keys.read}, timeout=10)


def bind(company: MockCompany, **fields: str) -> requests.Response:
    headers = {"api_key": company.keys.write}
    return requests.post(company.base_url + "/devices", json={**SPACE, **fields}, headers=headers, timeout=10)


def test_the_documented_key_opens_the_documented_company(mock: RufusMock) -> None:
    assert mock.keys.read_write == "ror-ae4fc6c19681a20fad30"
    assert mock.keys.read == "ror-11111111111111111111"
    devices = get(mock, "/devices", mock.keys.read_write).json()["result"]
    assert [device["serial_number"] for device in devices] == ["O4A-00150", "O4A-00151"]


def test_of_several_keys_of_one_type_the_one_that_may_unbind_is_used(mock: RufusMock) -> None:
    assert mock.keys.write == "ror-33333333333333333333"


def test_the_error_for_a_missing_key_names_its_access_type() -> None:
    keys = Keys({"read": "ror-1"})
    with pytest.raises(LookupError, match="no key for read_write; it has: read"):
        _ = keys.read_write
    assert "ror" not in repr(keys)


@pytest.mark.parametrize("header", ["api_key", "x-api-key"])
def test_the_key_arrives_in_both_headers(company: MockCompany, header: str) -> None:
    url = company.base_url + "/devices"
    assert requests.get(url, headers={header: company.keys.read}, timeout=10).status_code == 200


def test_two_mocks_share_no_state() -> None:
    with RufusMock("empty") as first, RufusMock("empty", dialect=OPENAPI) as second:
        assert first.url != second.url
        assert bind(first).status_code == 201
        assert get(second, "/devices").json() == {
            "body": {
                "description": "Success",
                "result": [],
                "pagination": {"page": 1, "limit": 5000, "total": 0, "has_more": False},
            }
        }


def test_a_stopped_mock_leaves_no_threads_behind() -> None:
    before = {thread.ident for thread in threading.enumerate()}
    with RufusMock("empty") as mock:
        mock.faults.add(latency={"fixed": 1}, calls=1)
        get(mock, "/devices", mock.keys.read_write)
        mock.faults.add(answer="never")
        with pytest.raises(requests.ReadTimeout):
            requests.get(mock.base_url + "/devices", headers={"api_key": mock.keys.read_write}, timeout=0.1)
    assert {thread.ident for thread in threading.enumerate()} <= before


def test_a_seed_makes_the_identifiers_reproducible() -> None:
    def deviceid() -> str:
        with RufusMock("empty", seed=7) as mock:
            made: str = bind(mock).json()["deviceid"]
            return made

    assert deviceid() == deviceid()


def test_fixture_may_be_a_list_of_names_and_files() -> None:
    with RufusMock(["empty", folder("fixtures") / "documented.json"]) as mock:
        assert len(get(mock, "/devices").json()["result"]) == 2


def test_an_unknown_fixture_leaves_no_server_behind() -> None:
    with pytest.raises(FixtureError, match="no such fixture"):
        RufusMock("nothing")


def test_a_fixture_without_companies_leaves_no_server_behind(tmp_path: Path) -> None:
    (tmp_path / "none.json").write_text('{"companies": []}')
    before = threading.active_count()
    with pytest.raises(FixtureError, match="has no company"):
        RufusMock(tmp_path / "none.json")
    assert threading.active_count() == before


def test_a_stopped_mock_does_not_answer() -> None:
    mock = RufusMock("empty")
    mock.stop()
    with pytest.raises(requests.ConnectionError):
        get(mock, "/devices")
    with pytest.raises(AdminError, match=f"no mock answers at {mock.url}"):
        mock.reset()


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


def test_the_journal_holds_the_requests(company: MockCompany) -> None:
    bind(company, alias="Start")
    get(company, "/devices?page=1")
    first, second = company.requests
    assert (first.method, first.path, first.operation, first.status) == ("POST", "/v0/devices", "bindDevice", 201)
    assert first.body == {**SPACE, "alias": "Start"}
    assert first.key == company.keys.write[-4:]
    assert "api_key" in first.headers
    assert second.query == {"page": "1"}
    assert str(second).startswith("GET /v0/devices (listDevices) at ")
    assert str(second).endswith(": 200")
    company.forget()
    assert company.requests == []


def test_a_request_has_the_fields_of_the_schema() -> None:
    schema = Contract().schema("admin/journal-entry")
    assert [field.name for field in fields(Request)] == list(schema["properties"])


def test_a_fault_applies_until_its_block_ends(company: MockCompany) -> None:
    with company.faults.add(operation="listDevices", status=503, headers={"Retry-After": "3"}) as fault:
        response = get(company, "/devices")
        assert (response.status_code, response.headers["Retry-After"]) == (503, "3")
        assert fault.struck == 1
        assert [other.id for other in company.faults] == [fault.id]
        assert fault.id in repr(fault)
    assert get(company, "/devices").status_code == 200


def test_a_fault_for_one_call_is_spent_after_it(company: MockCompany) -> None:
    fault = company.faults.add(answer="cut", calls=1)
    spent = [fault.spent]
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        get(company, "/devices")
    spent.append(fault.spent)
    assert spent == [False, True]
    assert get(company, "/devices").status_code == 200
    company.faults.clear()
    assert list(company.faults) == []


def test_the_error_for_an_invalid_fault_names_the_member(company: MockCompany) -> None:
    with pytest.raises(AdminError, match="status") as raised:
        company.faults.add(status=999)
    assert raised.value.status == 400


def test_a_quota_answers_429(company: MockCompany) -> None:
    company.quota.set(requests=1, window_ms=60_000)
    assert [get(company, "/devices").status_code for _ in range(3)] == [200, 429, 429]
    assert company.quota.refused == 2
    company.quota.remove()
    assert get(company, "/devices").status_code == 200


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


def test_verify_accepts_the_expected_requests(company: MockCompany) -> None:
    bind(company, alias="Start")
    get(company, "/devices")
    company.verify("bindDevice", body={"alias": "Start"}, count=1)
    company.verify("listDevices")
    company.verify(path="/v0/*", at_least=2)
    company.verify("unbindDevice", count=0)


def test_a_failed_verification_shows_the_nearest_request_field_by_field(company: MockCompany) -> None:
    bind(company, alias="Start")
    with pytest.raises(VerificationFailed) as raised:
        company.verify("bindDevice", body={"alias": "Finish", "model": "M"}, count=1)
    lines = str(raised.value).splitlines()
    assert lines[0] == 'bindDevice with body {"alias":"Finish","model":"M"}: expected exactly 1, found 0'
    assert lines[1].startswith("  nearest 1: POST /v0/devices (bindDevice) at ")
    assert [line.strip() for line in lines[2:]] == ["/body/alias:", 'expected "Finish"', 'actual   "Start"']
    assert isinstance(raised.value, AssertionError)
    assert raised.value.answer["matched"] == 0


def test_a_failed_verification_describes_the_expected_requests(company: MockCompany) -> None:
    get(company, "/devices")
    with pytest.raises(
        VerificationFailed, match=r'^requests with path "/v0/devices", status 200: expected at least 2, found 1'
    ):
        company.verify(path="/v0/devices", status=200, at_least=2)
    with pytest.raises(VerificationFailed, match=r"^listDevices: expected exactly 2, found 1"):
        company.verify("listDevices", count=2)


def test_long_values_are_shortened_in_the_report(company: MockCompany) -> None:
    bind(company, alias="x" * 1000)
    with pytest.raises(VerificationFailed) as raised:
        company.verify("bindDevice", body={"alias": "y"}, count=1)
    assert max(map(len, str(raised.value).splitlines())) < 200


def test_threads_can_share_a_company(company: MockCompany) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: bind(company, serial_number=str(number)), range(16)))
        assert all(pool.map(lambda _: len(company.requests) == 16, range(16)))


def test_an_idle_connection_closed_by_the_server_is_reopened(mock: RufusMock) -> None:
    admin = AdminConnection(mock.url)
    company = MockCompany.fresh(admin)
    sock = admin._connection.sock
    sock.shutdown(2)
    assert company.requests == []
    admin.close()


def test_the_error_says_whether_the_mock_answered_before() -> None:
    with RufusMock("empty") as mock:
        admin = AdminConnection(mock.url)
        admin.call("GET", "/companies")
    with pytest.raises(AdminError, match=r"no mock answers at .* any more"):
        admin.call("GET", "/companies")


def test_a_mock_that_does_not_answer_in_time_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "TIMEOUT", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        admin = AdminConnection(f"http://127.0.0.1:{silent.getsockname()[1]}")
        with pytest.raises(AdminError, match=r"no mock answers at .*timed out") as raised:
            admin.call("GET", "/companies")
    assert raised.value.status is None


def test_the_token_gives_access_to_the_admin_api() -> None:
    with Server(create_app(Config(fixtures=["empty"], admin_token="secret"))) as server:
        with (
            closing(AdminConnection(server.url)) as admin,
            pytest.raises(AdminError, match="401 Unauthorized: send the header Authorization"),
        ):
            admin.call("GET", "/companies")
        with closing(AdminConnection(server.url, "secret")) as admin, MockCompany.fresh(admin) as company:
            assert get(company, "/devices").status_code == 200


@pytest.mark.parametrize("url", ["127.0.0.1:8080", "ftp://localhost", "http://"])
def test_a_url_that_cannot_be_a_mocks_is_refused(url: str) -> None:
    with pytest.raises(AdminError, match="expected one like"):
        AdminConnection(url)


def test_the_error_shows_the_response_of_a_server_that_is_not_a_mock(served_text: str) -> None:
    with pytest.raises(AdminError, match="404 not found here"):
        AdminConnection(served_text).call("GET", "/companies")


@pytest.fixture
def served_text() -> Iterator[str]:
    """The URL of a server that responds to every request with a 404 in plain text."""
    from http.server import BaseHTTPRequestHandler, HTTPServer

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(404)
            self.end_headers()
            self.wfile.write(b"not found here")

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_public_names_are_imported_on_first_use() -> None:
    code = (
        "import sys, rufus_mock, rufus_mock.pytest_plugin\n"
        "heavy = {'flask', 'granian', 'orjson', 'requests', 'jsonschema_rs', 'trustme'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
        "from rufus_mock import RufusMock\n"
        "assert 'requests' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=30)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        rufus_mock.nothing  # noqa: B018


def test_all_public_names_can_be_imported() -> None:
    for name in rufus_mock.__all__:
        assert getattr(rufus_mock, name).__module__.startswith("rufus_mock.")


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
