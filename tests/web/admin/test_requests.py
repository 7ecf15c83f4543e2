"""The journal: which requests it has, and what it says of each."""

from typing import Any

import pytest

from rufus_mock.web.app import Config, create_app
from rufus_mock.web.request.api import Api
from tests.admin import AdminClient, Tenant
from tests.conftest import Served


def test_an_entry_says_what_came(tenant: Tenant) -> None:
    tenant.api("POST", "/devices", params={"a": ["1", "2"], "b": ""}, json={"model": "M", "serial_number": "S"})
    found = tenant.journal()[0]
    assert (found["method"], found["path"], found["operation"]) == ("POST", "/v0/devices", "bindDevice")
    assert found["query"] == {"a": ["1", "2"], "b": ""}
    assert found["body"] == {"model": "M", "serial_number": "S"}
    assert (found["status"], found["valid"], found["problems"], found["fault"]) == (201, True, [], None)
    assert {"api_key", "content-type", "content-length", "user-agent"} <= set(found["headers"])
    assert found["key"] == tenant.keys["read_write"][-4:]
    assert found["company"] == tenant.id
    assert 0 < found["duration_ms"] < 30_000


def test_a_key_never_stands_in_the_journal(tenant: Tenant) -> None:
    tenant.api("GET", "/devices")
    text = tenant.admin.request("GET", f"{tenant.path}/requests").text
    assert not any(key in text for key in tenant.keys.values())


def test_the_other_key_header_is_shown_as_it_came(tenant: Tenant) -> None:
    url = tenant.admin.url + "/v0/devices"
    for header in ("x-api-key", "api-key", "api_key"):
        tenant.admin.http.get(url, headers={header: tenant.keys["read"]}, timeout=30)
    names = [set(found["headers"]) & {"api_key", "api-key", "x-api-key"} for found in tenant.journal()]
    # WSGI cannot tell api-key from api_key.
    assert names == [{"x-api-key"}, {"api_key"}, {"api_key"}]


@pytest.mark.parametrize(
    ("method", "path", "arguments", "status", "parameter"),
    [
        ("POST", "/devices", {"json": {"model": 7, "serial_number": "S"}}, 400, "model"),
        ("POST", "/devices", {"data": b"{no"}, 400, "body"),
        ("GET", "/devices?page=0", {}, 400, "page"),
        ("POST", "/devices", {"key": "read", "json": {}}, 403, "api_key"),
        ("GET", "/participants", {}, 404, "path"),
        ("PUT", "/devices", {"data": b"x"}, 405, "path"),
        ("POST", "/passings", {"data": b" " * (16 * 1024 * 1024 + 1)}, 413, "body"),
    ],
)
def test_the_journal_says_what_the_contract_has_against_a_request(
    tenant: Tenant, method: str, path: str, arguments: Any, status: int, parameter: str
) -> None:
    assert tenant.api(method, path, **arguments).status_code == status
    found = tenant.journal()[0]
    assert (found["status"], found["valid"]) == (status, False)
    assert found["problems"][0]["parameter"] == parameter


def test_what_is_not_found_is_valid_all_the_same(tenant: Tenant) -> None:
    tenant.api("GET", "/devices/X")
    assert tenant.journal()[0]["valid"]


@pytest.mark.parametrize(
    ("headers", "key", "status"),
    [({}, None, 400), ({"api_key": "ror-ffffffffffffffffffff"}, "ffff", 403), ({"api_key": "short"}, "", 403)],
)
def test_requests_that_belong_to_no_company_are_the_servers(
    admin: AdminClient, headers: dict[str, str], key: str | None, status: int
) -> None:
    path = f"/v0/devices/of-nobody-{key}"
    admin.http.get(admin.url + path, headers=headers, timeout=30)
    found = [found for found in admin.call("GET", "/requests")["requests"] if found["path"] == path][-1]
    assert (found["company"], found["key"], found["status"], found["valid"]) == (None, key, status, False)


def test_the_admin_api_is_not_in_the_journal(tenant: Tenant) -> None:
    tenant.admin.http.get(tenant.admin.url + "/__admin/nothing", headers={"api_key": tenant.keys["read"]}, timeout=30)
    assert tenant.journal() == []


def test_a_defect_is_in_the_journal(tenant: Tenant, served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(served.api.world.get(tenant.id).devices, "page", broken)
    assert tenant.api("GET", "/devices").status_code == 500
    assert tenant.journal()[0]["status"] == 500


def test_a_path_is_shown_as_text(tenant: Tenant) -> None:
    tenant.api("GET", "/devices/L%C3%A4ser")
    assert tenant.journal()[0]["path"] == "/v0/devices/Läser"


def test_the_last_ones_and_forgetting(tenant: Tenant) -> None:
    for number in range(4):
        tenant.api("GET", f"/devices/{number}")
    shown = tenant("GET", "/requests?limit=2")
    assert [found["path"][-1] for found in shown["requests"]] == ["2", "3"]
    assert shown["total"] == 4
    assert tenant("GET", "/requests?limit=0")["requests"] == []
    assert tenant("DELETE", "/requests") == {"forgotten": 4}
    assert tenant("GET", "/requests") == {"requests": [], "total": 0, "evicted": 0}


def test_without_an_admin_api_there_is_no_journal() -> None:
    app = create_app(Config(fixtures=["empty"], admin=False))
    api = Api.of(app)
    client = app.test_client()
    client.get("/v0/devices", headers={"api_key": "ror-ae4fc6c19681a20fad30"})
    assert client.get("/__admin/health").status_code == 404
    assert api.world.get("00000001").journal.read().total == 0


def test_a_request_to_no_operation_is_in_the_journal_whatever_its_key_and_body() -> None:
    client = create_app(Config(fixtures=["empty"], max_body=10)).test_client()
    client.post("/v0/nothing", data=b"x" * 100, headers={"api_key": "ror-ae4fc6c19681a20fad30"})
    client.post("/v0/nothing", data=b"small", headers={"api_key": "ror-ffffffffffffffffffff"})
    answer = client.get("/__admin/requests").json
    assert answer is not None
    found = [(found["company"], found["status"], found["body"]) for found in answer["requests"]]
    assert found == [("00000001", 404, None), (None, 404, "small")]


def test_all_journals_can_be_forgotten() -> None:
    client = create_app(Config(fixtures=["empty"])).test_client()
    client.get("/v0/devices", headers={"api_key": "ror-ae4fc6c19681a20fad30"})
    client.get("/v0/devices")
    assert client.get("/__admin/requests").json["total"] == 2  # type: ignore[index]
    assert client.delete("/__admin/requests").json == {"forgotten": 2}
