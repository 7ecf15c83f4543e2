"""How requests are read, under each variant, over a socket."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from rufus_mock.assumptions.requests import SMALL
from rufus_mock.web.app import Config
from tests.assumptions.accounts import UNKNOWN, answer, assume, listed, refused
from tests.conftest import Account, Served

NOT_FOUND = (404, {"description": "Not found: there is no such path"})
GATEWAY = (403, {"message": "Missing Authentication Token"})
WRONG_METHOD = (405, {"description": "Method not allowed on this path", "allowed": ["GET", "HEAD", "POST"]})
TYPE = {"Content-Type": "text/plain"}


@pytest.mark.parametrize(
    ("variant", "expected"),
    [
        ("ignored", 200),
        ("refused", refused("query", "extra", "/extra", "no such parameter, only page, limit", '"1" (string)')),
    ],
)
def test_unknown_query(either: Account, variant: str, expected: Any) -> None:
    assume(either, f"requests.unknown-query={variant}")
    got = answer(either, either.request("GET", "/devices?extra=1"))
    assert got == expected or got[0] == expected
    assert listed(either) >= {"requests.unknown-query"}
    assert either.request("GET", "/devices?page=1").status_code == 200
    assert listed(either) & {"requests.unknown-query"} == set()


def test_an_operation_without_query_parameters_refuses_any(account: Account) -> None:
    assume(account, "requests.unknown-query=refused")
    expected = refused("query", "page", "/page", "no query parameters", '"1" (string)')
    assert (
        answer(account, account.request("POST", "/devices?page=1", json={"model": "A", "serial_number": "1"}))
        == expected
    )
    assert account.get("/devices")["result"] == []


@pytest.mark.parametrize(
    ("variant", "expected"),
    [("refused", refused("query", "page", "/page", "integer", '"abc" (string)')), ("ignored", 200)],
)
def test_query_value(either: Account, variant: str, expected: Any) -> None:
    assume(either, f"requests.query-value={variant}")
    either.bind()
    got = answer(either, either.request("GET", "/devices?page=abc&limit=1"))
    assert got == expected or got[0] == expected
    assert "requests.query-value" in listed(either)
    assert either.request("GET", "/devices?page=1").status_code == 200
    assert "requests.query-value" not in listed(either)


def test_an_impossible_time_in_the_query_is_ignored_too(account: Account) -> None:
    token = account.open(deviceid := account.bind())
    account.insert(token, {"num_passing": 1, "bib": "7", "timestamp": "2026-05-10T09:00:00.000Z"})
    assume(account, "requests.query-value=ignored")
    assert len(account.read_device(deviceid, **{"from": "2026-02-30T00:00:00.000Z"})) == 1


@pytest.mark.parametrize(
    ("variant", "status"),
    [("ignored", 201), ("415", 415), ("400", 400)],
)
def test_content_type(either: Account, variant: str, status: int) -> None:
    assume(either, f"requests.content-type={variant}")
    body = '{"model":"A","serial_number":"1"}'
    expected = {
        400: refused("header", "Content-Type", "/Content-Type", "application/json", "text/plain")[1],
        415: {"description": "Unsupported media type: the body must be application/json"},
    }
    got = answer(either, either.request("POST", "/devices", data=body, headers=TYPE))
    assert got[0] == status
    assert expected.get(status, got[1]) == got[1]
    assert "requests.content-type" in listed(either)


@pytest.mark.parametrize(
    "sent", ["application/json", "application/json; charset=utf-8", "application/vnd.x+json", None]
)
def test_json_and_no_content_type_are_accepted(account: Account, sent: str | None) -> None:
    assume(account, "requests.content-type=415")
    headers = {"Content-Type": sent} if sent else {}
    body = b'{"model":"A","serial_number":"1"}'
    assert account.request("POST", "/devices", data=body, headers=headers).status_code == 201
    assert "requests.content-type" not in listed(account)


@pytest.mark.parametrize("variant", ["404", "400"])
def test_path_identifier(either: Account, variant: str) -> None:
    assume(either, f"requests.path-identifier={variant}")
    expected = {
        "404": (404, {"description": "Session not found", "token_session": "malformed"}),
        "400": refused("path", "token_session", "/token_session", "64 upper-case hex digits", '"malformed" (string)'),
    }
    assert answer(either, either.request("GET", "/sessions/malformed")) == expected[variant]
    assert "requests.path-identifier" in listed(either)
    assert either.request("GET", f"/sessions/{UNKNOWN}").status_code == 404
    assert "requests.path-identifier" not in listed(either)


@pytest.mark.parametrize(("variant", "status"), [("unknown", 404), ("accepted", 200)])
def test_identifier_case(either: Account, variant: str, status: int) -> None:
    token = either.open(deviceid := either.bind())
    either.insert(token, {"num_passing": 1, "bib": "7", "timestamp": "2026-05-10T09:00:00.000Z"})
    assume(either, f"requests.identifier-case={variant}")
    lower = token.lower()
    entry = {"num_passing": 2, "bib": "7", "timestamp": "2026-05-10T09:00:00.000Z"}
    for method, path, body in (
        ("GET", f"/devices/{deviceid.lower()}", None),
        ("GET", f"/passings/device2/{deviceid}?token_session={lower}&last=0", None),
        ("POST", "/passings", {"token_session": lower, "passings_list": [entry]}),
        ("PATCH", f"/sessions/close/{lower}", None),
        ("POST", "/sessions", {"deviceid": deviceid.lower()}),
    ):
        response = either.request(method, path, json=body)
        assert response.status_code == (201 if method == "POST" and status == 200 else status), path
        assert "requests.identifier-case" in listed(either), path
    assert either.session(token)["passings"] == (2 if variant == "accepted" else 1)


def test_the_case_of_an_identifier_that_nobody_has_does_not_matter(account: Account) -> None:
    assert account.request("GET", f"/devices/{UNKNOWN.lower()}").status_code == 404
    assert listed(account) == set()


@pytest.mark.parametrize(("variant", "expected"), [("404", NOT_FOUND), ("gateway-403", GATEWAY)])
def test_unknown_path(either: Account, variant: str, expected: Any) -> None:
    assume(either, f"requests.unknown-path={variant}")
    assert answer(either, either.request("GET", "/nowhere")) == expected
    assert listed(either) == {"requests.unknown-path"}


@pytest.mark.parametrize(("variant", "expected"), [("405", WRONG_METHOD), ("404", NOT_FOUND), ("gateway-403", GATEWAY)])
def test_wrong_method(either: Account, variant: str, expected: Any) -> None:
    assume(either, f"requests.wrong-method={variant}")
    response = either.request("PUT", "/devices")
    assert answer(either, response) == expected
    assert ("Allow" in response.headers) == (variant == "405")
    assert listed(either) == {"requests.wrong-method"}


@pytest.mark.parametrize("path", ["/devices/", "//devices", "/devices//"])
def test_extra_slashes(either: Account, path: str) -> None:
    assert answer(either, either.request("GET", path)) == NOT_FOUND
    assert listed(either) == {"requests.extra-slashes", "requests.unknown-path"}
    assume(either, "requests.extra-slashes=ignored")
    assert either.get(path)["result"] == []
    assert "requests.extra-slashes" in listed(either)
    assert "requests.unknown-path" not in listed(either)


def test_extra_slashes_do_not_matter_if_no_operation_has_the_path_without_them(account: Account) -> None:
    assume(account, "requests.extra-slashes=ignored")
    assert answer(account, account.request("GET", "/nowhere/")) == NOT_FOUND
    assert listed(account) == {"requests.unknown-path"}


def test_a_path_with_extra_slashes_and_a_wrong_method_is_a_wrong_method_if_they_are_ignored(account: Account) -> None:
    assert answer(account, account.request("PUT", "/devices/")) == NOT_FOUND
    assert listed(account) == {"requests.extra-slashes", "requests.unknown-path"}
    assume(account, "requests.extra-slashes=ignored")
    assert answer(account, account.request("PUT", "/devices/")) == WRONG_METHOD
    assert listed(account) == {"requests.extra-slashes", "requests.wrong-method"}
    assume(account, "requests.extra-slashes=ignored", "requests.wrong-method=404")
    assert answer(account, account.request("PUT", "/devices/")) == NOT_FOUND
    assert listed(account) == {"requests.wrong-method"}


def test_the_admin_api_does_not_depend_on_assumptions(served: Served, account: Account) -> None:
    assume(account, "requests.extra-slashes=ignored", "requests.unknown-path=gateway-403")
    response = account.http.get(f"{served.server.url}/__admin/companies/", headers={"api_key": account.keys["read"]})
    assert (response.status_code, response.json()) == NOT_FOUND


@pytest.fixture(scope="module")
def small() -> Iterator[Served]:
    served = Served(Config(fixtures=["empty"], max_body=1000))
    served.server.start()
    yield served
    served.server.stop()


def sent_large(account: Account, size: int) -> requests.Response:
    start = b'{"token_session":"x","passings_list":['
    return account.request("POST", "/passings", data=start + b" " * (size - len(start)))


@pytest.mark.parametrize("variant", ["413", "400"])
def test_too_large(small: Served, http: requests.Session, variant: str) -> None:
    account = Account(small.base_url, small.api.world, http, "pages")
    assume(account, f"requests.too-large={variant}")
    expected = {
        "413": (413, {"description": "Request body too large", "limit": 1000}),
        "400": refused("body", "body", "", "at most 1000 bytes", "more"),
    }
    assert answer(account, sent_large(account, 2000)) == expected[variant]
    assert "requests.too-large" in listed(account)
    assert "requests.body-limit" not in listed(account)  # the server's own limit is smaller
    assert account.company.journal.read().entries[-1].body is None


@pytest.mark.parametrize(("variant", "mebibytes"), [("16-mib", 16), ("10-mib", 10), ("6-mib", 6)])
def test_body_limit(account: Account, variant: str, mebibytes: int) -> None:
    assume(account, f"requests.body-limit={variant}")
    limit = mebibytes * 1024 * 1024
    expected = (413, {"description": "Request body too large", "limit": limit})
    assert answer(account, sent_large(account, limit + 1)) == expected
    assert "requests.body-limit" in listed(account)
    assert sent_large(account, limit).status_code == 400
    assert ("requests.body-limit" in listed(account)) == (limit > SMALL)
