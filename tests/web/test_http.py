"""HTTP around the operations: compact JSON for every request, and errors that say what is wrong."""

import gzip
import json
import logging
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from rufus_mock.spec.contract import Contract
from rufus_mock.web.app import Config
from tests.conftest import Account, Served, sent


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
