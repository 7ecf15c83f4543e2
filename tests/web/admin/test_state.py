"""Snapshots: what was taken goes back in byte for byte."""

import threading
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rufus_mock.fixtures.snapshots import snapshot
from rufus_mock.web.app import Config, create_app
from rufus_mock.web.request.api import Api
from rufus_mock.world.store.ordered import BLOCK, OrderedRows
from tests.admin import AdminClient, Tenant
from tests.conftest import sent


def test_what_is_put_back_is_what_was_taken(admin: AdminClient) -> None:
    tenant = admin.create(fixture="edge-cases")
    taken = admin.request("GET", f"{tenant.path}/state").content
    for device in tenant.devices():
        tenant.api("DELETE", f"/devices/{device['deviceid']}")
    tenant.bind("another")
    assert admin.request("GET", f"{tenant.path}/state").content != taken
    response = admin.request("PUT", f"{tenant.path}/state", data=taken)
    assert response.json() == {"companies": [tenant.id]}
    assert admin.request("GET", f"{tenant.path}/state").content == taken


def test_a_snapshot_is_compact_json_and_a_fixture(tenant: Tenant) -> None:
    tenant.bind()
    response = tenant.admin.request("GET", f"{tenant.path}/state")
    assert response.text.startswith('{"snapshot":1,"companies":[{"id":"')
    copy = tenant.admin.create(fixture=response.json()["companies"][0])
    assert copy.devices() == tenant.devices()
    assert copy.keys != tenant.keys


def test_a_snapshot_larger_than_a_body_may_be_goes_back_in() -> None:
    client = create_app(Config(fixtures=["documented"], max_body=1000)).test_client()
    taken = client.get("/__admin/state").data
    assert len(taken) > 1_000_000
    assert client.put("/__admin/state", data=taken).json == {"companies": ["00000001", "00000002"]}
    assert client.get("/__admin/state").data == taken
    assert client.post("/__admin/companies", data=b" " * 2000).status_code == 413


def test_journal_clock_and_faults_survive_a_restored_state(tenant: Tenant) -> None:
    taken = tenant("GET", "/state")
    tenant("PUT", "/clock", {"now": "2026-05-01T09:00:00.000Z", "frozen": True})
    tenant("POST", "/faults", {"operation": "getDevice", "status": 500}, 201)
    tenant.bind()
    tenant("PUT", "/state", taken)
    assert tenant.devices() == []
    assert [entry["operation"] for entry in tenant.journal()] == ["bindDevice", "listDevices"]
    assert len(tenant("GET", "/faults")["faults"]) == 1
    deviceid = tenant.bind()
    assert tenant.devices()[0]["creation_date"] == "2026-05-01T09:00:00.000Z"
    assert tenant.api("GET", f"/devices/{deviceid}").status_code == 500


def test_sessions_keep_their_order_when_the_clock_went_back(tenant: Tenant) -> None:
    deviceid = tenant.bind()
    tokens = []
    for now in ("2026-05-03T00:00:00.000Z", "2026-05-01T00:00:00.000Z", "2026-05-02T00:00:00.000Z"):
        tenant("PUT", "/clock", {"now": now, "frozen": True})
        tokens.append(tenant.api("POST", "/sessions", json={"deviceid": deviceid}).json()["token_session"])
    taken = tenant.admin.request("GET", f"{tenant.path}/state").content
    tenant.admin.request("PUT", f"{tenant.path}/state", data=taken)
    assert tenant.admin.request("GET", f"{tenant.path}/state").content == taken
    found = tenant.api("GET", f"/sessions/device/{deviceid}").json()["result"]
    assert [session["token_session"] for session in found] == tokens


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"companies": []}, "/companies"),
        (
            {"companies": [{"id": "ffffffff", "keys": [{"api_key": "ror-" + "f" * 20, "access": "READ"}]}]},
            "/companies/0/id",
        ),
        ({"companies": [{"id": "ffffffff", "keys": []}]}, "/companies/0/keys"),
        ({}, "/companies"),
    ],
)
def test_a_state_that_is_not_this_companys_is_a_400(tenant: Tenant, change: Any, pointer: str) -> None:
    assert tenant.admin.problem("PUT", f"{tenant.path}/state", change)["pointer"] == pointer


def test_a_state_cannot_take_another_companys_key(tenant: Tenant, admin: AdminClient) -> None:
    other = admin.create()
    state = tenant("GET", "/state")
    state["companies"][0]["keys"][0]["api_key"] = other.keys["read"]
    tenant.bind()
    assert other.id in admin.problem("PUT", f"{tenant.path}/state", state)["actual"]
    assert len(tenant.devices()) == 1
    assert other.devices() == []


def test_a_whole_state_takes_the_place_of_all_companies() -> None:
    app = create_app(Config(fixtures=["empty"]))
    client = app.test_client()
    taken = client.get("/__admin/state").json
    made = client.post("/__admin/companies").json
    assert taken is not None
    assert made is not None
    taken["companies"][1]["id"] = "0000000e"
    taken["companies"][1]["keys"][0]["api_key"] = "ror-" + "e" * 20
    assert client.put("/__admin/state", json=taken).json == {"companies": ["00000001", "0000000e"]}
    for key, status in (("ror-" + "e" * 20, 200), ("ror-" + "9" * 20, 403), (made["keys"]["read"], 403)):
        assert client.get("/v0/devices", headers={"api_key": key}).status_code == status
    twice = {"companies": [taken["companies"][1], {**taken["companies"][1], "id": "0000000d"}]}
    assert client.put("/__admin/state", json=twice).status_code == 400
    assert client.get("/v0/devices", headers={"api_key": "ror-" + "e" * 20}).status_code == 200


def test_writers_go_on_while_a_snapshot_is_taken() -> None:
    app = create_app(Config(fixtures=["empty"], seed=1))
    api = Api.of(app)
    company = api.world.get("00000001")
    session = company.sessions.open(company.devices.bind("M", "S").deviceid)
    client = app.test_client()
    key = {"api_key": "ror-ae4fc6c19681a20fad30"}
    done = threading.Event()

    def write() -> None:
        for start in range(0, 6000, 50):
            passings = [sent(number) for number in range(start, start + 50)]
            body = {"token_session": session.token_session, "passings_list": passings}
            assert client.post("/v0/passings", json=body, headers=key).status_code == 201
        done.set()

    writer = threading.Thread(target=write)
    writer.start()
    sizes = [0]
    while not done.is_set():
        taken = app.test_client().get("/__admin/companies/00000001/state").json
        assert taken is not None
        found = taken["companies"][0]["devices"][0]["sessions"][0]["passings"]
        # Requests are whole in it, or not in it.
        assert [passing["num_passing"] for passing in found] == list(range(len(found)))
        assert len(found) % 50 == 0
        sizes.append(len(found))
    writer.join()
    assert sizes == sorted(sizes)
    assert snapshot([company]).count(b'"num_passing"') == 6000


@given(
    st.lists(st.integers(0, 60), max_size=80),
    st.lists(st.tuples(st.booleans(), st.integers(0, 60)), max_size=40),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_copy_and_its_original_go_their_own_ways(
    monkeypatch: pytest.MonkeyPatch, before: list[int], after: list[tuple[bool, int]]
) -> None:
    monkeypatch.setattr("rufus_mock.world.store.ordered.BLOCK", 4)
    original: OrderedRows[str] = OrderedRows(1)
    for number in before:
        original.add((number,), "before")
    copy = original.copy()
    models = [dict.fromkeys(before, "before"), dict.fromkeys(before, "before")]
    for to_copy, number in after:
        (copy if to_copy else original).add((number,), "after")
        models[to_copy].setdefault(number, "after")
    for rows, model in zip((original, copy), models, strict=True):
        assert rows.rows(0, len(rows)) == [model[number] for number in sorted(model)]
    assert BLOCK > 4


def test_a_seed_makes_no_identifier_that_a_restored_state_has(admin: AdminClient) -> None:
    tenant = admin.create(seed=5)
    deviceid = tenant.bind()
    token = tenant.api("POST", "/sessions", json={"deviceid": deviceid}).json()["token_session"]
    again = admin.create(seed=5, fixture=tenant("GET", "/state")["companies"][0])
    other = again.bind("S-2")
    fresh = again.api("POST", "/sessions", json={"deviceid": other}).json()["token_session"]
    assert other != deviceid
    assert fresh != token
    assert again.api("GET", f"/sessions/{token}").status_code == 200
