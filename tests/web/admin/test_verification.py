"""How often a request was made, and how the nearest ones differ from the expected one."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rufus_mock.web.app import Config, create_app
from rufus_mock.world.journal import Bounds
from rufus_mock.world.verification import NOTHING, mismatches, verify
from tests.admin import Tenant
from tests.conftest import sent


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
