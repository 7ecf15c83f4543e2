"""RufusMock: its keys, its fixtures, its end, and the names that the package exports."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest
import requests

import rufus_mock
from rufus_mock import AdminError, MockCompany, RufusMock
from rufus_mock.base.resources import folder
from rufus_mock.fixtures.place import FixtureError
from rufus_mock.spec.dialects import OPENAPI
from rufus_mock.testing.keys import Keys
from tests.testing.calls import bind, get


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
