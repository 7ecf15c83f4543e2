"""Events: they come from fixtures and snapshots, and the API lists them page by page."""

import json
from pathlib import Path
from typing import Any

import pytest

from rufus_mock import RufusMock
from rufus_mock.base.identifiers import Identifiers
from rufus_mock.client import Forbidden, RufusClient
from rufus_mock.fixtures.loader import load_fixtures
from rufus_mock.fixtures.place import FixtureError
from rufus_mock.fixtures.state_file import StateFile
from rufus_mock.spec.contract import Contract
from rufus_mock.web.app import Config, create_app
from rufus_mock.world import Event, World
from tests.admin import AdminClient
from tests.clocks import FrozenClock
from tests.conftest import Account
from tests.servers import ADMIN, OTHER_COMPANY, WRITE, mock

START = 1_714_550_400_000
"""2024-05-01T08:00:00.000Z"""


def event(number: int, **fields: Any) -> dict[str, Any]:
    return {"event_token": f"E-{number}", **fields}


def add(account: Account, count: int) -> list[str]:
    for number in range(count):
        account.company.events.add(Event(f"E-{number}"))
    return [f"E-{number}" for number in range(count)]


def tokens(body: dict[str, Any]) -> list[str]:
    return [entry["event_token"] for entry in body["result"]]


def test_an_event_has_all_fields_in_the_order_of_the_contract(either: Account, contract: Contract) -> None:
    either.company.events.add(Event("E-1"))
    either.company.events.add(Event("E-2", "10K", "2024", "Cádiz", START, START + 1, "DRAFT"))
    bare, full = either.get("/events")["result"]
    assert tuple(bare) == tuple(full) == contract.fields("event-summary")
    assert bare == {**dict.fromkeys(bare), "event_token": "E-1"}
    assert full == {
        "event_token": "E-2",
        "name": "10K",
        "edition": "2024",
        "location": "Cádiz",
        "start_date": "2024-05-01T08:00:00.000Z",
        "end_date": "2024-05-01T08:00:00.001Z",
        "status": "DRAFT",
    }


def test_a_company_without_events_gets_an_empty_list(either: Account) -> None:
    body = either.get("/events")
    assert body.pop("pagination", None) == (
        {"page": 1, "limit": 1000, "total": 0, "has_more": False} if either.dialect == "openapi" else None
    )
    assert body == {"description": "Success", "result": []}


def test_events_come_in_pages(either: Account) -> None:
    added = add(either, 5)
    for page, expected in {1: added[:2], 2: added[2:4], 3: added[4:], 4: []}.items():
        body = either.get("/events", params={"page": page, "limit": 2})
        assert tokens(body) == expected
        if either.dialect == "openapi":
            assert body["pagination"] == {"page": page, "limit": 2, "total": 5, "has_more": page < 3}
        else:
            assert "pagination" not in body


def test_a_page_holds_1000_events_without_a_limit(either: Account) -> None:
    added = add(either, 1001)
    assert tokens(either.get("/events")) == added[:1000]
    assert tokens(either.get("/events", params={"page": 2})) == added[1000:]


@pytest.mark.parametrize(
    ("query", "parameter", "expected"),
    [
        ({"limit": 0}, "limit", "at least 1"),
        ({"limit": 1001}, "limit", "at most 1000"),
        ({"limit": "all"}, "limit", "integer"),
        ({"page": 0}, "page", "at least 1"),
        ({"page": "first"}, "page", "integer"),
    ],
)
def test_a_page_or_limit_out_of_bounds_is_a_400(
    either: Account, query: dict[str, Any], parameter: str, expected: str
) -> None:
    (problem,) = either.get("/events", 400, params=query)["errors"]
    assert (problem["in"], problem["parameter"], problem["expected"]) == ("query", parameter, expected)


def test_each_operation_has_its_own_page_size(contract: Contract) -> None:
    sizes = {id: operation.page_size for id, operation in contract.operations.items() if operation.page_size}
    assert sizes == {
        "listDevices": 5000,
        "listEvents": 1000,
        "getSessionPassings": 5000,
        "getDevicePassings": 5000,
        "continueDevicePassings": 5000,
    }


@pytest.mark.parametrize("method", ["POST", "DELETE", "PATCH"])
def test_events_can_only_be_listed(account: Account, method: str) -> None:
    response = account.request(method, "/events")
    assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("dialect", ["pages", "openapi"])
@pytest.mark.parametrize(("fixture", "count"), [("documented", 2), ("edge-cases", 4), ("empty", 0)])
def test_the_client_lists_the_events_of_the_projects_fixtures(dialect: str, fixture: str, count: int) -> None:
    with mock(dialect, fixture) as url, RufusClient(url, ADMIN) as client:
        events = list(client.events())
        assert len(events) == count
        assert list(client.events(limit=1)) == events
        assert list(RufusClient(url, OTHER_COMPANY).events()) == []
        with pytest.raises(Forbidden):
            list(RufusClient(url, WRITE).events())


def test_the_documented_fixture_holds_the_event_of_the_contract(contract: Contract) -> None:
    with RufusMock(fixture="documented") as mock, RufusClient(mock.base_url, mock.keys.read) as client:
        assert [next(client.events())] == contract.schema("event-summary")["examples"]


def test_the_admin_api_counts_restores_and_resets_events(admin: AdminClient) -> None:
    tenant = admin.create(fixture={"events": [event(1, name="10K"), event(2)]})
    assert tenant("GET", "")["events"] == 2
    taken = tenant("GET", "/state")
    (company,) = taken["companies"]
    company["events"] = [event(3, start_date="2024-05-01T08:00:00.000Z", status="PUBLISHED")]
    tenant("PUT", "/state", taken)
    assert tokens(tenant.api("GET", "/events").json()) == ["E-3"]
    changed = admin.request("GET", f"{tenant.path}/state").content
    admin.request("PUT", f"{tenant.path}/state", data=changed)
    assert admin.request("GET", f"{tenant.path}/state").content == changed
    tenant("POST", "/reset")
    assert tokens(tenant.api("GET", "/events").json()) == ["E-1", "E-2"]


def test_companies_that_begin_with_the_same_fixture_have_the_same_events(admin: AdminClient) -> None:
    one, other = (admin.create(fixture="edge-cases") for _ in range(2))
    assert one.api("GET", "/events").json() == other.api("GET", "/events").json()


def test_a_state_file_keeps_the_events(tmp_path: Path) -> None:
    state = StateFile(tmp_path / "state.json")
    key = {"api_key": ADMIN}
    first = create_app(Config(fixtures=["edge-cases"]))
    state.save(first.extensions["rufus_mock"].world)
    second = create_app(Config(fixtures=["empty"], state=state))
    listed = [app.test_client().get("/v0/events", headers=key).json for app in (first, second)]
    assert listed[0] == listed[1]
    assert len((listed[0] or {})["result"]) == 4


@pytest.mark.parametrize(
    ("events", "message"),
    [
        ([event(1), event(1)], "/companies/0/events/1/event_token: the company has an event with this event_token"),
        ([{}], "/companies/0/events/0/event_token: expected a value: it is required, found missing"),
        ([event(1, event_token="")], "/companies/0/events/0/event_token: expected"),
        ([event(1, date="2024")], "/companies/0/events/0/date: expected no such field, only event_token, name"),
        ([event(1, name=7)], "/companies/0/events/0/name: expected string or null, found 7"),
        ([event(1, start_date="2024-05-01")], "/companies/0/events/0/start_date: expected"),
        ([event(1, end_date="2024-02-30T00:00:00.000Z")], "/companies/0/events/0/end_date: expected UTC, to the mill"),
        ({}, "/companies/0/events: expected array"),
    ],
)
def test_a_bad_event_in_a_fixture_is_named_with_its_place(
    contract: Contract, tmp_path: Path, events: Any, message: str
) -> None:
    path = tmp_path / "fixture.json"
    key = {"api_key": "ror-" + "0" * 20, "access": "READ"}
    path.write_text(json.dumps({"companies": [{"id": "0000000a", "keys": [key], "events": events}]}))
    with pytest.raises(FixtureError) as error:
        load_fixtures(World(FrozenClock(0), Identifiers(1), contract.page_size), contract, [path])
    assert str(error.value).startswith(f"{path}: ")
    assert message in str(error.value)
