"""Companies over HTTP: one request is full isolation."""

from collections.abc import Iterator

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from rufus_mock.base.clock import Clock
from rufus_mock.base.identifiers import Identifiers
from rufus_mock.serving.server import Server
from rufus_mock.web.app import Config, create_app
from rufus_mock.world import Key, World
from tests.admin import AdminClient, Tenant

DEVICE = "A" * 64
SESSION = "B" * 64
PASSINGS = [{"num_passing": 1, "timestamp": "2024-05-01T08:00:00.000Z", "bib": "7"}]
WHEN = "2024-05-01T07:00:00.000Z"


def fixture(**session: object) -> dict[str, object]:
    return {
        "devices": [
            {
                "deviceid": DEVICE,
                "model": "M",
                "serial_number": "S-1",
                "creation_date": WHEN,
                "sessions": [{"token_session": SESSION, "creation_date": WHEN, **session}],
            }
        ]
    }


@pytest.fixture
def own() -> Iterator[AdminClient]:
    """A server of the test's own, for what concerns all companies."""
    with Server(create_app(Config(fixtures=["edge-cases"]))) as server, requests.Session() as http:
        http.trust_env = False
        yield AdminClient(server.url, http)


def test_a_new_company_is_empty_and_has_a_key_of_each_access_type(tenant: Tenant) -> None:
    assert all(key.startswith(f"ror-{tenant.id}") for key in tenant.keys.values())
    assert tenant.devices() == []
    assert tenant.api("POST", "/devices", key="read", json={}).status_code == 403
    assert tenant.api("GET", "/devices", key="write").status_code == 403
    deviceid = tenant.bind()
    assert tenant.api("DELETE", f"/devices/{deviceid}", key="write").status_code == 403
    assert tenant.api("DELETE", f"/devices/{deviceid}").status_code == 200


def test_companies_are_apart(admin: AdminClient) -> None:
    one, other = admin.create(), admin.create()
    deviceid = one.bind()
    assert other.devices() == []
    assert other.api("GET", f"/devices/{deviceid}").status_code == 404
    assert other.bind() != deviceid
    assert [entry["path"] for entry in one.journal()] == ["/v0/devices"]


def test_a_body_is_not_needed(admin: AdminClient) -> None:
    assert admin.request("POST", "/companies").status_code == 201
    assert admin.request("PUT", "/companies/0badcafe").status_code == 201


def test_a_company_under_a_given_id_takes_the_place_of_the_one_that_had_it(admin: AdminClient) -> None:
    first = Tenant(admin, admin.call("PUT", "/companies/00c0ffee", {"name": "first"}, 201))
    first.bind()
    second = Tenant(admin, admin.call("PUT", "/companies/00c0ffee", {"name": "second"}, 201))
    assert second.keys["read"].startswith("ror-00c0ffee")
    assert second.devices() == []
    assert first.api("GET", "/devices").status_code == 403
    assert second("GET", "")["name"] == "second"


@pytest.mark.parametrize("id", ["C0FFEE00", "c0ffee", "c0ffee000"])
def test_an_id_is_eight_hex_digits(admin: AdminClient, id: str) -> None:
    assert admin.problem("PUT", f"/companies/{id}", {})["expected"] == "8 lower-case hex digits"


def test_a_company_can_begin_with_a_fixture_of_the_project(admin: AdminClient) -> None:
    one, other = admin.create(fixture="documented"), admin.create(fixture="documented")
    deviceid = one.devices()[0]["deviceid"]
    one.api("DELETE", f"/devices/{deviceid}")
    assert len(one.devices()) == 1
    assert len(other.devices()) == 2
    assert other.api("GET", f"/devices/{deviceid}").json()["result"]["passings"] == 1208


def test_a_company_can_begin_with_one_that_is_sent(admin: AdminClient) -> None:
    tenant = admin.create(fixture=fixture(passings=PASSINGS, active=True), name="sent")
    assert tenant("GET", "")["passings"] == 1
    assert tenant.api("GET", f"/passings/session/{SESSION}").json()["result"][0]["bib"] == "7"


def test_companies_that_share_a_fixture_do_not_share_what_they_write(admin: AdminClient) -> None:
    tenants = [admin.create(fixture=fixture(passings=PASSINGS, active=True)) for _ in range(2)]
    documented = [admin.create(fixture="documented") for _ in range(2)]
    token = "2A19294BB886C3D5C7783309BBC6E385515C843893A6BC126FECE3904C6E2B25"
    for number, (one, two) in enumerate(zip(tenants, documented, strict=True)):
        for tenant, session in ((one, SESSION), (two, token)):
            sent = {"num_passing": 1000 + number, "timestamp": WHEN, "bib": f"own {number}"}
            tenant.api("POST", "/passings", json={"token_session": session, "passings_list": [sent]})
    for number, (one, two) in enumerate(zip(tenants, documented, strict=True)):
        for tenant, session in ((one, SESSION), (two, token)):
            found = tenant.api("GET", f"/passings/session/{session}?first=1000").json()["result"]
            assert [passing["bib"] for passing in found] == [f"own {number}"]


@pytest.mark.parametrize(
    ("fixture", "parameter"),
    [
        ("nobody's", "fixture"),
        (7, "fixture"),
        ({"device": []}, "device"),
        ({"devices": [{"deviceid": DEVICE}]}, "model"),
        (fixture(passings={"csv": "/etc/passwd"}), "csv"),
        (fixture(passings=PASSINGS * 2), "passings"),
        (fixture(duration="0000-01-01T00:00:00.000Z"), "duration"),
    ],
)
def test_a_fixture_that_cannot_be_is_a_400_that_names_the_place(
    admin: AdminClient, fixture: object, parameter: str
) -> None:
    assert admin.problem("POST", "/companies", {"fixture": fixture})["parameter"] == parameter


def test_a_company_can_be_seeded(admin: AdminClient) -> None:
    assert admin.create(seed=7).bind() == admin.create(seed=7).bind() != admin.create(seed=8).bind()


def test_a_seeded_company_makes_the_same_identifiers_after_a_reset(admin: AdminClient) -> None:
    tenant = admin.create(seed=7)
    deviceid = tenant.bind()
    tenant("POST", "/reset")
    assert tenant.bind() == deviceid


def test_a_removed_company_is_gone(tenant: Tenant, admin: AdminClient) -> None:
    assert tenant("DELETE", "") == {"id": tenant.id}
    assert tenant.api("GET", "/devices").status_code == 403
    assert tenant.id not in {company["id"] for company in admin.call("GET", "/companies")["companies"]}


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "", None),
        ("DELETE", "", None),
        ("POST", "/reset", None),
        ("GET", "/state", None),
        ("PUT", "/state", {"companies": []}),
        ("GET", "/clock", None),
        ("PUT", "/clock", {"frozen": True}),
        ("DELETE", "/clock", None),
        ("POST", "/clock/advance", {"milliseconds": 1}),
        ("GET", "/requests", None),
        ("DELETE", "/requests", None),
        ("POST", "/requests/verify", {}),
        ("GET", "/faults", None),
        ("POST", "/faults", {"status": 500}),
        ("DELETE", "/faults", None),
        ("GET", "/faults/f1", None),
        ("DELETE", "/faults/f1", None),
        ("GET", "/quota", None),
        ("PUT", "/quota", {"requests": 1, "window_ms": 1}),
        ("DELETE", "/quota", None),
    ],
)
def test_an_unknown_company_is_a_404(admin: AdminClient, method: str, path: str, body: object) -> None:
    answer = admin.call(method, f"/companies/ffffffff{path}", body, 404)
    assert answer == {"description": "Company not found", "id": "ffffffff"}


def test_a_reset_goes_back_to_how_the_company_began(admin: AdminClient) -> None:
    tenant = admin.create(fixture=fixture(passings=PASSINGS, active=True))
    before = tenant("GET", "/state")
    tenant.bind("S-2")
    tenant.api("DELETE", f"/devices/{DEVICE}")
    tenant("PUT", "/clock", {"frozen": True, "now": WHEN})
    tenant("POST", "/faults", {"status": 500}, 201)
    tenant("PUT", "/quota", {"requests": 0, "window_ms": 1})
    assert tenant("POST", "/reset") == {"companies": [tenant.id]}
    assert tenant("GET", "/state") == before
    assert tenant("GET", "/requests") == {"requests": [], "total": 0, "evicted": 0}
    assert tenant("GET", "/faults") == {"faults": []}
    assert tenant("GET", "/quota")["quota"] is None
    assert not tenant("GET", "/clock")["frozen"]


def test_a_reset_of_all_goes_back_to_the_fixtures(own: AdminClient) -> None:
    before = own.request("GET", "/state").content
    tenant = own.create()
    changed = {"api_key": "ror-ae4fc6c19681a20fad30"}
    own.http.post(own.url + "/v0/devices", headers=changed, json={"model": "M", "serial_number": "new"}, timeout=30)
    assert own.request("GET", "/state").content != before
    assert own.call("POST", "/reset") == {"companies": ["00000001", "00000002"]}
    assert own.request("GET", "/state").content == before
    assert tenant.api("GET", "/devices").status_code == 403
    assert own.call("GET", "/requests")["total"] == 1


def test_a_company_with_no_beginning_of_its_own_is_reset_to_its_keys() -> None:
    world = World(Clock(), Identifiers(), page_size=10)
    company = world.get_or_create("00000009", "made by hand")
    world.add_key(company, Key("ror-" + "9" * 20, "READ"))
    company.devices.bind("M", "S-1")
    reset = world.reset_company("00000009")
    assert (reset.name, len(reset.devices)) == ("made by hand", 0)
    assert world.authenticate("ror-" + "9" * 20)[0] is reset


def test_the_mock_is_up_and_ready(admin: AdminClient) -> None:
    assert admin.call("GET", "/health")["status"] == "up"
    assert admin.call("GET", "/ready") == {"status": "ready"}


def test_the_document_is_served(admin: AdminClient) -> None:
    served = admin.contract.document(server=f"{admin.url}/__admin")
    assert admin.call("GET", "/openapi.json") == served


@pytest.mark.parametrize("path", ["/nothing", "", "/companies/"])
def test_an_unknown_path_is_json(admin: AdminClient, path: str) -> None:
    response = admin.http.get(f"{admin.url}/__admin{path}", timeout=30)
    assert (response.status_code, response.headers["content-type"]) == (404, "application/json")


@given(st.binary(max_size=40))
def test_no_body_whatever_makes_a_500(served_in: object, body: bytes) -> None:
    client = served_in["pages"].app.test_client()  # type: ignore[index]
    for method, path in (("POST", "/companies"), ("PUT", "/state"), ("POST", "/requests/verify")):
        assert client.open(f"/__admin{path}", method=method, data=body).status_code < 500
