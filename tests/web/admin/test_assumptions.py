"""Assumptions over the admin API: list, choose, reset, and see which ones mattered."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from rufus_mock.serving.server import Server
from rufus_mock.spec.contract import Contract
from rufus_mock.web.app import Config, create_app
from tests.admin import AdminClient, Tenant

LAST_WINS = {"insert.duplicates": "last-wins"}


@pytest.fixture
def explaining() -> Iterator[str]:
    with Server(create_app(Config(explain=True))) as server:
        yield server.url


def open_session(tenant: Tenant, deviceid: str) -> requests.Response:
    return tenant.api("POST", "/sessions", json={"deviceid": deviceid})


def insert(tenant: Tenant, token_session: str, number: int) -> requests.Response:
    passing = {"bib": "7", "num_passing": number, "timestamp": "2026-05-10T08:00:00.000Z"}
    return tenant.api("POST", "/passings", json={"token_session": token_session, "passings_list": [passing]})


def test_all_assumptions_are_listed_with_their_variants(admin: AdminClient) -> None:
    listed = admin.call("GET", "/assumptions")["assumptions"]
    assert [entry["id"] for entry in listed] == list(Contract().assumptions)
    duplicates = next(entry for entry in listed if entry["id"] == "insert.duplicates")
    assert duplicates["operations"] == ["insertPassings"]
    assert (duplicates["default"], duplicates["variant"]) == ("first-stays", "first-stays")
    assert [variant["id"] for variant in duplicates["variants"]] == ["first-stays", "last-wins", "both-kept", "409"]


@pytest.mark.parametrize("body", [LAST_WINS, {"assumptions": LAST_WINS}])
def test_a_company_follows_the_variants_that_are_chosen_for_it(tenant: Tenant, body: Any) -> None:
    tenant("PUT", "/assumptions", {"insert.status": "200"})
    shown = tenant("PUT", "/assumptions", body)
    assert shown["changed"] == ["insert.duplicates"]
    assert shown["assumptions"]["insert.duplicates"] == "last-wins"
    assert tenant("GET", "/assumptions") == shown
    assert tenant("PUT", "/assumptions", shown) == shown


def test_a_variant_takes_effect_at_once_and_until_it_is_reset(tenant: Tenant) -> None:
    device = tenant.bind()
    tenant("PUT", "/assumptions", {"sessions.insert-status": "200"})
    assert open_session(tenant, device).status_code == 200
    assert tenant("DELETE", "/assumptions")["changed"] == []
    assert open_session(tenant, device).status_code == 201


@pytest.mark.parametrize(
    ("body", "pointer", "expected", "actual"),
    [
        ({"insert.duplicatez": "x"}, "/insert.duplicatez", "an assumption such as insert.duplicates", "'insert.dup"),
        (
            {"insert.duplicates": "last"},
            "/insert.duplicates",
            "one of last-wins, first-stays, both-kept, 409",
            "'last'",
        ),
        ({"insert.status": "201:x"}, "/insert.status", "201 without a text", "'201:x'"),
        ({"insert.status": 200}, "/insert.status", "string", "200 (integer)"),
    ],
)
def test_an_unknown_id_or_variant_is_a_400_that_suggests_others(
    tenant: Tenant, body: Any, pointer: str, expected: str, actual: str
) -> None:
    problem = tenant("PUT", "/assumptions", body, 400)["errors"][0]
    assert problem["pointer"] == pointer
    assert problem["expected"].startswith(expected)
    assert problem["actual"].startswith(actual)
    assert tenant("GET", "/assumptions")["changed"] == []


def test_a_company_can_be_created_with_variants_and_a_reset_restores_them(admin: AdminClient) -> None:
    id = admin.call("POST", "/companies", {"assumptions": LAST_WINS}, 201)["id"]
    assert admin.call("GET", f"/companies/{id}/assumptions")["changed"] == ["insert.duplicates"]
    admin.call("PUT", f"/companies/{id}/assumptions", {"insert.status": "200"})
    admin.call("POST", f"/companies/{id}/reset")
    assert admin.call("GET", f"/companies/{id}/assumptions")["changed"] == ["insert.duplicates"]
    problem = admin.problem("POST", "/companies", {"assumptions": {"insert.status": "202"}})
    assert (problem["pointer"], problem["expected"]) == ("/assumptions/insert.status", "one of 201, 200")
    admin.call("DELETE", f"/companies/{id}")


def test_a_snapshot_keeps_the_variants(tenant: Tenant) -> None:
    tenant("PUT", "/assumptions", LAST_WINS)
    state = tenant("GET", "/state")
    assert state["companies"][0]["assumptions"] == LAST_WINS
    tenant("DELETE", "/assumptions")
    tenant("PUT", "/state", state)
    assert tenant("GET", "/assumptions")["changed"] == ["insert.duplicates"]
    state["companies"][0]["assumptions"] = {"insert.duplicates": "none"}
    problem = tenant("PUT", "/state", state, 400)["errors"][0]
    assert problem["pointer"] == "/companies/0/assumptions/insert.duplicates"
    assert "expected one of first-stays, last-wins, both-kept, 409" in problem["expected"]
    assert tenant("GET", "/assumptions")["changed"] == ["insert.duplicates"]


def test_the_journal_and_its_summary_say_which_assumptions_mattered(tenant: Tenant) -> None:
    session = open_session(tenant, tenant.bind()).json()["token_session"]
    assert insert(tenant, session, 1).json()["inserted_count"] == 1
    entries = tenant("GET", "/requests")["requests"]
    assert "sessions.insert-status" in entries[1]["assumptions"]
    assert "insert.status" in entries[2]["assumptions"]
    assert "insert.inserted-count" not in entries[2]["assumptions"]
    insert(tenant, session, 1)
    used = tenant("GET", "/assumptions/used")
    assert (used["total"], used["evicted"]) == (4, 0)
    by_id = {each["id"]: each for each in used["used"]}
    assert by_id["insert.status"] == {
        "id": "insert.status",
        "statement": "Which status an insert gets.",
        "variant": "201",
        "others": ["200"],
        "requests": 2,
        "operations": ["insertPassings"],
    }
    assert by_id["insert.inserted-count"]["requests"] == 1


def test_answers_explain_themselves_if_the_server_is_asked_to(explaining: str) -> None:
    answer = requests.get(f"{explaining}/v0/devices", timeout=10)
    assert "access.missing-key" in answer.headers["x-rufus-mock-assumptions"].split(", ")
    assert "requests.unknown-path" not in answer.headers["x-rufus-mock-assumptions"]


def test_answers_do_not_explain_themselves_by_default(admin: AdminClient) -> None:
    assert "x-rufus-mock-assumptions" not in requests.get(f"{admin.url}/v0/devices", timeout=10).headers


def test_a_variant_that_the_dialect_does_not_leave_open_changes_nothing() -> None:
    config = Config(fixtures=["empty"], dialect="openapi", assumptions={"devices.pagination": "present"})
    with Server(create_app(config)) as server:
        shown = requests.get(f"{server.url}/__admin/companies/00000001/assumptions", timeout=10).json()
    assert shown["assumptions"]["devices.pagination"] == "absent"
    assert shown["changed"] == []
