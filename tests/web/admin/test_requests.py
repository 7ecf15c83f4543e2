"""The journal: what came, what the contract says of it, and how often something was asked."""

import itertools
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rufus_mock.web.app import Config, create_app
from rufus_mock.web.request.api import Api
from rufus_mock.world.journal import Bounds, Entry, Journal
from rufus_mock.world.verification import NOTHING, mismatches, verify
from tests.admin import AdminClient, Tenant
from tests.conftest import Served, sent


def entry(body: bytes | None = None, operation: str | None = "bindDevice", path: str = "/v0/devices") -> Entry:
    size = len(body or b"")
    return Entry(0, "c", 0, "POST", path, "", operation, "", "1234", body, size, 201, 0.1, None, None, None)


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


# The ring


@given(
    st.integers(0, 6),
    st.integers(0, 8000),
    st.lists(st.tuples(st.integers(0, 5000), st.sampled_from(["a", "b"])), max_size=30),
)
def test_the_ring_holds_the_last_that_fit(entries: int, size: int, came: list[tuple[int, str]]) -> None:
    journal = Journal(Bounds(entries, size), itertools.count())
    for length, operation in came:
        journal.record(entry(b"x" * length, operation))
    found = journal.read()
    assert found.total == len(came)
    assert len(found.entries) <= entries
    assert sum(1000 + len(kept.path) + len(kept.body or b"") for kept in found.entries) <= size
    last = came[len(came) - len(found.entries) :]
    assert [kept.operation for kept in found.entries] == [operation for _, operation in last]
    evicted = [operation for _, operation in came[: len(came) - len(found.entries)]]
    assert {name: count for name, count in found.evicted.items() if count} == {
        name: evicted.count(name) for name in evicted
    }


def test_a_body_that_alone_is_too_large_is_not_kept() -> None:
    app = create_app(Config(fixtures=["empty"], journal=Bounds(10, 3000)))
    client = app.test_client()
    body = {"model": "M" * 5000, "serial_number": "S"}
    client.post("/v0/devices", json=body, headers={"api_key": "ror-ae4fc6c19681a20fad30"})
    answer = client.get("/__admin/requests").json
    assert answer is not None
    found = answer["requests"][0]
    assert (found["body"], found["body_kept"]) == (None, False)
    assert found["body_bytes"] > 5000


def test_nothing_is_lost_under_threads() -> None:
    numbers = itertools.count()
    journal = Journal(Bounds(100, 10**6), numbers)

    def write() -> None:
        for _ in range(2000):
            journal.record(entry()._replace(number=next(numbers)))

    with ThreadPoolExecutor(9) as pool:
        for _ in range(8):
            pool.submit(write)
        pool.submit(lambda: [journal.read() for _ in range(100)])
    found = journal.read()
    assert (found.total, len(found.entries), found.evicted["bindDevice"]) == (16_000, 100, 15_900)
    order = [kept.number for kept in found.entries]
    assert order == sorted(set(order))


# Verification


def test_a_call_is_verified(tenant: Tenant) -> None:
    tenant.bind("S-1")
    tenant.bind("S-2")
    for asked, verified, matched in (
        ({"operation": "bindDevice"}, True, 2),
        ({"operation": "bindDevice", "count": 2}, True, 2),
        ({"operation": "bindDevice", "count": 1}, False, 2),
        ({"operation": "bindDevice", "at_most": 1}, False, 2),
        ({"operation": "bindDevice", "at_least": 2, "at_most": 3}, True, 2),
        ({"operation": "bindDevice", "body": {"serial_number": "S-2"}, "count": 1}, True, 1),
        ({"operation": "unbindDevice"}, False, 0),
        ({"operation": "unbindDevice", "count": 0}, True, 0),
        ({"path": "/v0/dev*", "method": "post", "status": 201, "valid": True, "count": 2}, True, 2),
        ({"key": tenant.keys["read_write"][-4:], "query": {}, "count": 2}, True, 2),
        ({}, True, 2),
    ):
        found = tenant("POST", "/requests/verify", asked)
        assert (found["verified"], found["matched"]) == (verified, matched), asked


def test_a_miss_shows_the_nearest_requests_field_by_field(tenant: Tenant) -> None:
    token = tenant.api("POST", "/sessions", json={"deviceid": tenant.bind()}).json()["token_session"]
    for number, bib in ((1, "7"), (2, "8")):
        tenant.api("POST", "/passings", json={"token_session": token, "passings_list": [sent(number, bib=bib)]})
    asked = {"operation": "insertPassings", "body": {"passings_list": [{"bib": "9", "num_passing": 2}]}, "count": 1}
    found = tenant("POST", "/requests/verify", asked)
    assert found["message"] == "expected exactly 1, found 0"
    nearest = found["nearest"][0]
    assert nearest["request"]["body"]["passings_list"][0]["bib"] == "8"
    assert nearest["mismatches"] == [{"field": "/body/passings_list/0/bib", "expected": "9", "actual": "8"}]
    # A call of another operation is farther off, however little differs.
    assert [near["request"]["operation"] for near in found["nearest"]][:2] == ["insertPassings"] * 2


def test_all_journals_can_be_asked(tenant: Tenant) -> None:
    tenant.admin.call("DELETE", "/requests")  # no request of another test may have been evicted
    tenant.bind(tenant.id)
    asked = {"operation": "bindDevice", "body": {"serial_number": tenant.id}, "count": 1}
    assert tenant.admin.call("POST", "/requests/verify", asked)["verified"]


@pytest.mark.parametrize(
    ("asked", "verified"),
    [
        ({"operation": "bindDevice", "at_least": 2}, True),
        ({"operation": "bindDevice", "at_least": 3}, None),
        ({"operation": "bindDevice", "at_least": 6}, False),
        ({"operation": "bindDevice", "at_most": 1}, False),
        ({"operation": "bindDevice", "at_most": 4}, None),
        ({"operation": "bindDevice", "at_most": 5}, True),
        ({"operation": "bindDevice", "count": 3}, None),
        ({"operation": "bindDevice", "count": 1}, False),
        ({"operation": "bindDevice", "count": 9}, False),
        ({"operation": "listDevices", "count": 0}, True),
        ({"path": "/v0/sessions", "count": 0}, None),
    ],
)
def test_evicted_requests_that_could_matter_are_said(asked: dict[str, Any], verified: bool | None) -> None:
    # Two are left of five that bound devices; nothing else was evicted.
    app = create_app(Config(fixtures=["empty"], journal=Bounds(2, 10**6)))
    client = app.test_client()
    for number in range(5):
        client.post(
            "/v0/devices",
            json={"model": "M", "serial_number": str(number)},
            headers={"api_key": "ror-ae4fc6c19681a20fad30"},
        )
    found = client.post("/__admin/companies/00000001/requests/verify", json=asked).json
    assert found is not None
    assert found["verified"] is verified
    assert ("dropped" in found["message"]) is (verified is None)


@pytest.mark.parametrize(
    ("body", "parameter"),
    [
        ({"operation": "eatDevice"}, "operation"),
        ({"count": 1, "at_most": 2}, "count"),
        ({"count": -1}, "count"),
        ({"who": "me"}, "who"),
    ],
)
def test_a_question_that_cannot_be_is_a_400(tenant: Tenant, body: Any, parameter: str) -> None:
    assert tenant.admin.problem("POST", f"{tenant.path}/requests/verify", body)["parameter"] == parameter


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3),
    max_leaves=8,
)


@given(JSON, JSON)
def test_each_body_has_itself_and_what_it_says_is_true(body: Any, other: Any) -> None:
    assert not list(mismatches({"body": body}, {"body": body}))
    assert not list(mismatches({"body": {"a": body}}, {"body": {"a": body, "b": other}}))
    assert not list(mismatches({"body": [body]}, {"body": [other, body]}))
    for miss in mismatches({"body": body}, {"body": other}):
        assert miss.expected != miss.actual or type(miss.expected) is not type(miss.actual)


@pytest.mark.parametrize(
    ("expected", "actual", "fields"),
    [
        ({"a": 1}, {"a": True}, ["/body/a"]),
        ({"a": 1}, {"a": 1.0}, []),
        ([1, 1], [1], ["/body"]),
        ([{"a": 1}, {"b": 2}], [{"b": 2}, {"a": 1, "c": 3}], []),
        ([{"a": 1, "b": 1}], [{"a": 2, "b": 2}, {"a": 1, "b": 2}], ["/body/1/b"]),
        ({"a": None}, {}, ["/body/a"]),
        ({"a/b": 1}, None, ["/body"]),
    ],
)
def test_differences_are_found_where_they_are(expected: Any, actual: Any, fields: list[str]) -> None:
    assert [miss.field for miss in mismatches({"body": expected}, {"body": actual})] == fields


@pytest.mark.parametrize(
    ("expected", "actual", "misses"),
    [
        ({"a": 1}, {"a": 1, "b": 2}, [{"field": "/query/b", "actual": 2}]),
        ({"a": {"b": 1}}, {"a": {"b": 1, "c": None}}, [{"field": "/query/a/c", "actual": None}]),
        ({"a": [2]}, {"a": [1, 2, 3]}, [{"field": "/query/a/0", "actual": 1}, {"field": "/query/a/2", "actual": 3}]),
        ({"a": [{"b": 1}]}, {"a": [{"b": 1, "c": 2}]}, [{"field": "/query/a/0/c", "actual": 2}]),
        ({"a": 1}, {"b": 1}, [{"field": "/query/a", "expected": 1}, {"field": "/query/b", "actual": 1}]),
        ({"a": [1, 2]}, {"a": [2, 1]}, []),
    ],
)
def test_an_exact_question_finds_what_is_too_much(expected: Any, actual: Any, misses: list[dict[str, Any]]) -> None:
    found = mismatches({"query": expected, "exact": True}, {"query": actual})
    assert [
        {"field": miss.field}
        | {side: getattr(miss, side) for side in ("expected", "actual") if getattr(miss, side) is not NOTHING}
        for miss in found
    ] == misses
    assert all(miss.expected is not NOTHING for miss in mismatches({"query": expected}, {"query": actual}))


def test_headers_are_verified_by_their_names(tenant: Tenant) -> None:
    tenant.api("GET", "/devices", headers={"X-Trace": "1"})
    for names, verified in ((["x-trace", "API-Key"], True), (["X-TRACE", "api_key"], True), (["x-api-key"], False)):
        found = tenant("POST", "/requests/verify", {"headers": names})
        assert found["verified"] is verified, names
    assert found["nearest"][0]["mismatches"] == [
        {"field": "/headers", "expected": "x-api-key", "actual": tenant.journal()[0]["headers"]}
    ]


def test_a_request_without_a_body_has_nothing_where_one_was_expected(tenant: Tenant) -> None:
    tenant.api("GET", "/devices")
    found = tenant("POST", "/requests/verify", {"body": {"a": 1}})
    assert found["nearest"][0]["mismatches"] == [{"field": "/body", "expected": {"a": 1}}]
    assert tenant("POST", "/requests/verify", {"body": None})["verified"]


def test_a_verified_question_shows_no_misses() -> None:
    found = verify({"count": 0, "operation": "x"}, [], {})
    assert (found.verified, found.nearest, found.expected) == (True, [], "exactly 0")
