"""HTTP around the operations: JSON whatever happens, compact, and never a 500."""

import gzip
import json
import logging
import socket
import subprocess
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rufus_mock.spec.contract import Contract
from rufus_mock.web.app import Config
from tests.conftest import Account, Served, sent

OPERATIONS = list(Contract().operations.values())
PAGE = "https://shop.example"


def test_the_vendors_own_curl_line_gets_the_vendors_own_answer(served: Served, contract: Contract) -> None:
    token = "2A19294BB886C3D5C7783309BBC6E385515C843893A6BC126FECE3904C6E2B25"
    device = "65A1B7E0C6BC3D32C268C1506E3F6F39E225DC6ED79573E177E7243E8E38115B"
    headers = ["Content-Type: application/json", "api_key: ror-ae4fc6c19681a20fad30"]
    line = ["curl", "--silent", "-X", "GET", "-H", headers[0], "-H", headers[1]]
    for path, answer in {
        f"/sessions/{token}": "answers/session-info",
        f"/passings/session/{token}?last=3": "answers/passings",
        "/devices/1C3A38059155C47209E3F09210B22D02B079F231A6D4D53421D65E076CD82D56": "answers/device-info",
        f"/sessions/device/{device}/active": "answers/session-info",
    }.items():
        printed = subprocess.run([*line, served.base_url + path], capture_output=True, check=True, text=True).stdout
        (example,) = contract.schema(answer)["examples"]
        assert printed == json.dumps(example, separators=(",", ":"))


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v0", 404),
        ("GET", "/v0/", 404),
        ("GET", "/", 404),
        ("GET", "/v0/devices/", 404),
        ("GET", "/v0//devices", 404),
        ("GET", "/v0/nothing?x=1", 404),
        ("GET", "/v0/sessions/close/x/y", 404),
        ("PUT", "/v0/devices", 405),
        ("PATCH", "/v0/passings", 405),
        ("OPTIONS", "/v0/devices", 405),
        ("TRACE", "/v0/devices", 405),
        ("BREW", "/v0/devices", 405),
    ],
)
def test_what_is_no_operation_is_answered_in_json(
    served: Served, http: requests.Session, method: str, path: str, status: int
) -> None:
    response = http.request(method, served.server.url + path, allow_redirects=False)
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/json"
    assert response.json()["description"]


def test_405_names_the_methods_in_allow(account: Account) -> None:
    response = account.request("PUT", "/devices")
    assert response.headers["Allow"] == "GET, HEAD, POST"
    assert response.json()["allowed"] == ["GET", "HEAD", "POST"]


def test_head_is_answered_without_a_body(account: Account) -> None:
    response = account.request("HEAD", "/devices")
    assert (response.status_code, response.content) == (200, b"")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"text"',
        b"7",
        b"\xff",
        b'{"model":"\\ud800"}',
        b'{"a":1e999}',
        b"[" * 5000,
        b"NaN",
        gzip.compress(b"{}", mtime=0),
    ],
)
def test_a_body_that_is_no_json_object_is_a_400_that_says_so(account: Account, data: bytes) -> None:
    body = account.body(account.request("POST", "/devices", data=data), 400)
    assert body["errors"][0]["in"] == "body"
    assert "object" in body["errors"][0]["expected"]


def test_a_400_says_which_parameter_where_what_was_expected_and_what_came(account: Account) -> None:
    token = account.open(account.bind())
    passings = [sent(1), {**sent(2), "bib": 17}, {"num_passing": -1, "timestamp": "x" * 500, "bib": "1"}]
    body = account.post("/passings", {"token_session": token, "passings_list": passings}, 400)
    errors = {error["pointer"]: error for error in body["errors"]}
    assert errors["/passings_list/1/bib"] == {
        "in": "body",
        "parameter": "bib",
        "pointer": "/passings_list/1/bib",
        "expected": "string",
        "actual": "17 (integer)",
    }
    assert errors["/passings_list/2/num_passing"]["expected"] == "at least 0"
    assert len(errors["/passings_list/2/timestamp"]["actual"]) < 100
    missing = account.post("/devices", {"model": "M"}, 400)["errors"][0]
    assert (missing["parameter"], missing["actual"]) == ("serial_number", "missing")


def test_a_400_lists_ten_problems_at_most(account: Account) -> None:
    body = account.post("/passings", {"token_session": "T", "passings_list": [{}] * 5000}, 400)
    assert len(body["errors"]) == 10


def test_an_empty_list_of_passings_is_a_400(account: Account) -> None:
    body = account.post("/passings", {"token_session": "T", "passings_list": []}, 400)
    assert body["errors"][0]["expected"] == "at least 1 entry"


def test_json_is_compact(account: Account) -> None:
    response = account.request("POST", "/devices", json={"model": "M", "serial_number": "S"})
    assert response.text.startswith('{"description":"Device binded succesfully","deviceid":"')
    session = account.request("POST", "/sessions", json={"deviceid": response.json()["deviceid"]})
    assert '","token_session":"' in session.text


@pytest.mark.parametrize("content_type", [None, "text/plain", "application/x-www-form-urlencoded", "application/json"])
def test_the_content_type_of_a_request_does_not_matter(account: Account, content_type: str | None) -> None:
    data = json.dumps({"model": "M", "serial_number": "S"}).encode()
    headers = {"Content-Type": content_type} if content_type else {}
    account.body(account.request("POST", "/devices", data=data, headers=headers), 201)


def test_unknown_fields_and_parameters_are_ignored(account: Account) -> None:
    deviceid = account.post("/devices?x=1", {"model": "M", "serial_number": "S", "colour": "red"})["deviceid"]
    assert "colour" not in account.get(f"/devices/{deviceid}?y=2")["result"]


def test_a_body_sent_in_chunks_is_taken(account: Account) -> None:
    def chunks() -> Iterator[bytes]:
        yield b'{"model":"M",'
        yield b'"serial_number":"S"}'

    account.body(account.request("POST", "/devices", data=chunks()), 201)


@pytest.fixture(scope="module")
def small_bodies() -> Iterator[Served]:
    served = Served(Config(fixtures=["empty"], max_body=1000))
    with served.server:
        yield served


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_that_is_too_large_is_a_413_that_names_the_limit(
    small_bodies: Served, http: requests.Session, chunked: bool
) -> None:
    account = Account(small_bodies.base_url, small_bodies.api.world, http, "pages")
    data = json.dumps({"model": "M" * 1000, "serial_number": "S"}).encode()
    response = account.request("POST", "/devices", data=iter([data]) if chunked else data)
    assert account.body(response, 413)["limit"] == 1000
    assert account.get("/devices")["result"] == []


def test_a_defect_is_a_500_in_json(
    either: Account, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("a defect")

    monkeypatch.setattr(either.company.devices, "page", broken)
    with caplog.at_level(logging.ERROR):
        response = either.request("GET", "/devices")
    expected = {"body": None} if either.dialect == "openapi" else {"description": "Internal server error"}
    assert (response.status_code, response.json()) == (500, expected)
    assert "a defect" in caplog.text


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda children: st.lists(children, max_size=4) | st.dictionaries(st.text(), children, max_size=4),
    max_leaves=8,
)
timestamps = st.sampled_from(
    ["2026-05-10T09:00:00.000Z", "0000-01-01T00:00:00Z", "9999-12-31T23:59:59-23:59", "2016-12-31T23:59:60Z"]
)
passing_like = st.fixed_dictionaries(
    {},
    optional={
        "bib": st.text() | json_values,
        "num_passing": st.integers() | st.floats(allow_nan=False, allow_infinity=False) | json_values,
        "timestamp": timestamps | json_values,
        "latitude": json_values,
        "longitude": json_values,
        "chip": json_values,
        "chips": json_values,
        "status": json_values,
    },
)
paths = st.lists(st.text(min_size=1, max_size=8) | st.sampled_from(["device", "active", "close"]), max_size=4)


def never_a_500(response: requests.Response) -> None:
    assert response.status_code < 500, response.text
    assert response.headers["Content-Type"] == "application/json"
    if response.request.method != "HEAD":
        response.json()


fuzz = settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])


@fuzz
@given(operation=st.sampled_from(OPERATIONS), body=json_values, data=st.data())
def test_no_body_makes_a_500(account: Account, operation: Any, body: Any, data: st.DataObject) -> None:
    if operation.id == "insertPassings":
        session = account.company.sessions
        token = next(iter(session._sessions), None) or account.open(account.bind())
        body = {"token_session": token, "passings_list": data.draw(st.lists(passing_like, max_size=3))}
    elif isinstance(body, dict):
        body |= data.draw(
            st.dictionaries(st.sampled_from(["model", "serial_number", "type", "alias", "deviceid"]), json_values)
        )
    path = operation.path.format(deviceid="D", token_session="T")
    encoded = json.dumps(body).encode("utf-8", "replace")
    never_a_500(account.request(operation.method, path, data=encoded))


@fuzz
@given(operation=st.sampled_from(OPERATIONS), data=st.binary(max_size=200))
def test_no_bytes_make_a_500(account: Account, operation: Any, data: bytes) -> None:
    never_a_500(account.request(operation.method, operation.path.format(deviceid="D", token_session="T"), data=data))


@fuzz
@given(
    method=st.sampled_from(["GET", "POST", "PATCH", "DELETE", "PUT", "HEAD", "OPTIONS"]),
    parts=paths,
    query=st.dictionaries(st.text(), st.text()),
)
def test_no_path_makes_a_500(account: Account, method: str, parts: list[str], query: dict[str, str]) -> None:
    path = "/".join(quote(part.encode("utf-8", "replace"), safe="") for part in parts)
    never_a_500(
        account.request(
            method,
            "/" + path,
            params={k.encode("utf-8", "replace"): v.encode("utf-8", "replace") for k, v in query.items()},
        )
    )


@fuzz
@given(
    operation=st.sampled_from([operation for operation in OPERATIONS if operation.query["properties"]]),
    values=st.dictionaries(
        st.sampled_from(["page", "limit", "first", "last", "from", "to", "token_session"]),
        st.text(max_size=12) | st.integers().map(str) | timestamps,
    ),
)
def test_no_query_makes_a_500(account: Account, operation: Any, values: dict[str, str]) -> None:
    devices, _ = account.company.devices.page(1, 1)
    deviceid = devices[0]["deviceid"] if devices else account.bind()
    token = next(iter(account.company.sessions._sessions), None) or account.open(deviceid)
    path = operation.path.format(deviceid=deviceid, token_session=token)
    never_a_500(
        account.request(operation.method, path, params={k: v.encode("utf-8", "replace") for k, v in values.items()})
    )


@pytest.mark.parametrize("raw", [b"%ff%fe", b"%00", b"%", b"%zz", b"\xc3\xa9", b"%ed%a0%80", b"a" * 4000])
def test_no_bytes_in_a_path_make_a_500(served: Served, raw: bytes) -> None:
    with socket.create_connection((served.server.host, served.server.port), timeout=10) as client:
        client.sendall(
            b"GET /v0/sessions/"
            + raw
            + b"?page="
            + raw
            + b" HTTP/1.1\r\nHost: x\r\napi_key: ror-ae4fc6c19681a20fad30\r\nConnection: close\r\n\r\n"
        )
        answer = b"".join(iter(lambda: client.recv(65536), b""))
    status = int(answer.split(b" ", 2)[1])
    assert status in {400, 404}
    if status == 404:
        json.loads(answer.split(b"\r\n\r\n", 1)[1])


@pytest.fixture(scope="module")
def browsers_allowed() -> Iterator[Served]:
    served = Served(Config(cors=[PAGE]))
    with served.server:
        yield served


def preflight(http: requests.Session, served: Served, origin: str) -> requests.Response:
    headers = {"Origin": origin, "Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "api_key"}
    return http.options(served.base_url + "/devices", headers=headers)


def test_cors_answers_preflights_for_both_key_headers(browsers_allowed: Served, http: requests.Session) -> None:
    response = preflight(http, browsers_allowed, PAGE)
    assert response.status_code == 204
    assert response.headers["Access-Control-Allow-Origin"] == PAGE
    allowed = response.headers["Access-Control-Allow-Headers"].split(", ")
    assert {"api_key", "x-api-key", "content-type"} <= set(allowed)
    assert "PATCH" in response.headers["Access-Control-Allow-Methods"]


def test_cors_marks_errors_too(browsers_allowed: Served, http: requests.Session) -> None:
    response = http.get(browsers_allowed.base_url + "/devices", headers={"Origin": PAGE})
    assert response.status_code == 400
    assert response.headers["Access-Control-Allow-Origin"] == PAGE
    assert response.headers["Vary"] == "Origin"


def test_cors_lets_no_other_origin_in(browsers_allowed: Served, http: requests.Session) -> None:
    response = preflight(http, browsers_allowed, "https://evil.example")
    assert response.status_code == 405
    assert "Access-Control-Allow-Origin" not in response.headers


def test_cors_is_off_by_default(served: Served, http: requests.Session) -> None:
    assert preflight(http, served, PAGE).status_code == 405


def test_the_access_log_has_a_line_a_request_and_no_key(account: Account, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="rufus_mock.access"):
        account.request("GET", "/devices?page=1")
        account.request("GET", "/a%0Ab", key="ror-00000000000000000000")
        account.request("GET", "/devices", key=None)
    first, second, third = (record.getMessage() for record in caplog.records)
    key = account.keys["read_write_unbind"]
    assert "GET /v0/devices?page=1 200" in first
    assert first.endswith(f"key=…{key[-4:]}")
    assert "/v0/a\\x0ab 404" in second
    assert third.endswith("key=-")
    assert key not in caplog.text
