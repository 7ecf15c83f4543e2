"""Numbers have bounds where they enter. A number outside them is a 400 that names them, and nothing is stored."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from rufus_mock.base.resources import folder
from tests.admin import Tenant
from tests.conftest import Account, sent
from tests.fixtures.one_session import company

LARGEST = 2**53 - 1
SCHEMAS = folder("schemas")
BOUNDED = [
    *sorted(path.relative_to(SCHEMAS).as_posix() for path in (SCHEMAS / "admin").rglob("*.json")),
    "admin.json",
    "fixture.json",
    "fixture-company.json",
    "passing-input.json",
]


def numbers(node: Any, place: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(node, list):
        node = dict(enumerate(node))
    if not isinstance(node, dict):
        return
    kinds = node.get("type")
    if {"integer", "number"} & set([kinds] if isinstance(kinds, str) else kinds if isinstance(kinds, list) else []):
        yield place, node
    for name, value in node.items():
        yield from numbers(value, f"{place}/{name}")


@pytest.mark.parametrize("name", BOUNDED)
def test_each_number_that_the_mock_takes_or_gives_has_bounds(name: str) -> None:
    for place, schema in numbers(json.loads((SCHEMAS / name).read_text())):
        assert {"minimum", "maximum"} <= schema.keys(), place
        assert -(2**53) < schema["minimum"] <= schema["maximum"] < 2**53, place


@pytest.mark.parametrize(
    ("method", "path", "body", "pointer"),
    [
        ("PUT", "/quota", {"requests": 2**64, "window_ms": 1000}, "/requests"),
        ("PUT", "/quota", {"requests": 1, "window_ms": 2**63}, "/window_ms"),
        ("POST", "/faults", {"status": 500, "calls": 2**64}, "/calls"),
        ("POST", "/faults", {"status": 500, "on_call": 2**63}, "/on_call"),
        ("POST", "/faults", {"status": 500, "seed": -(2**64)}, "/seed"),
        ("POST", "/faults", {"latency": {"fixed": 1e308}}, "/latency/fixed"),
        ("POST", "/clock/advance", {"milliseconds": 2**64}, "/milliseconds"),
        ("POST", "/requests/verify", {"count": 2**64}, "/count"),
        ("POST", "/requests/verify", {"status": 10**30}, "/status"),
    ],
)
def test_a_number_out_of_its_bounds_is_a_400_and_nothing_is_stored(
    tenant: Tenant, method: str, path: str, body: Any, pointer: str
) -> None:
    # Not json=body: what goes out of 64 bits must arrive as it stands.
    response = tenant.admin.request(method, tenant.path + path, data=json.dumps(body))
    assert response.status_code == 400
    (problem,) = response.json()["errors"]
    assert problem["pointer"] == pointer
    assert problem["expected"].startswith(("at most ", "at least "))
    assert tenant("GET", "/quota")["quota"] is None
    assert tenant("GET", "/faults")["faults"] == []


def test_a_company_takes_no_seed_that_is_too_large(tenant: Tenant) -> None:
    response = tenant.admin.request("POST", "/companies", data=b'{"seed":%d}' % 2**70)
    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (400, "/seed")


def test_an_integer_may_be_written_with_a_fraction_of_zero(tenant: Tenant) -> None:
    generated = {
        "count": 3.0,
        "seed": 1.0,
        "first_num_passing": 5.0,
        "first": "2026-05-10T09:00:00.000Z",
        "last": "2026-05-10T10:00:00.000Z",
    }
    other = tenant.admin.create(fixture=company(passings={"generate": generated}), seed=2.0)
    taken = other("GET", "/state")["companies"][0]["devices"][0]["sessions"][0]["passings"]
    assert [passing["num_passing"] for passing in taken] == [5, 6, 7]
    other("POST", "/faults", {"status": 503.0, "calls": 1.0, "on_call": 1.0, "seed": 4.0}, 201)
    assert other.api("GET", "/devices").status_code == 503
    other("PUT", "/quota", {"requests": 1.0, "window_ms": 1000.0})
    assert other("GET", "/quota")["quota"] == {"requests": 1, "window_ms": 1000}


@pytest.mark.parametrize(
    "value", [str(LARGEST + 1), str(2**63), str(2**64), "1" + "0" * 25, "1" + "0" * 30, "9" * 5000]
)
@pytest.mark.parametrize("name", ["first", "last", "page"])
def test_a_large_number_in_a_query_is_a_400(account: Account, name: str, value: str) -> None:
    token = account.open(account.bind())
    account.insert(token, sent(1))
    body = account.get(f"/passings/session/{token}", 400, params={name: value})
    (problem,) = body["errors"]
    assert problem["parameter"] == name
    assert problem["expected"] in {f"at most {LARGEST}", "integer"}


@pytest.mark.parametrize("name", ["first", "last", "page"])
def test_the_largest_number_of_a_query_is_taken(account: Account, name: str) -> None:
    token = account.open(account.bind())
    account.insert(token, sent(1), sent(LARGEST))
    response = account.request("GET", f"/passings/session/{token}", params={name: str(LARGEST)})
    assert response.status_code == (404 if name == "page" else 200)
    account.get(f"/passings/device2/{account.get('/devices')['result'][0]['deviceid']}", params={"page": 1})
    assert account.get("/devices", params={"page": LARGEST})["result"] == []


@pytest.mark.parametrize("number", [LARGEST + 1, 2**63, 2**64, -1, -(2**63) - 1, 1e300])
def test_a_num_passing_out_of_its_bounds_is_a_400(account: Account, number: float) -> None:
    token = account.open(account.bind())
    body = account.post(
        "/passings", {"token_session": token, "passings_list": [{**sent(1), "num_passing": number}]}, 400
    )
    assert body["errors"][0]["pointer"] == "/passings_list/0/num_passing"
    assert account.session(token)["passings"] == 0


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0"),
        (-0.0, "-0.0"),
        (180, "180"),
        (-180.0, "-180.0"),
        (5e-324, format(5e-324, ".324f")),
        (1.5e-7, "0.00000015"),
    ],
)
def test_a_coordinate_within_its_bounds_is_read_as_decimal_text(account: Account, number: float, text: str) -> None:
    token = account.open(account.bind())
    account.insert(token, sent(1, latitude=number, longitude=number))
    (found,) = account.read(token)
    assert (found["latitude"], found["longitude"]) == (text, text)


@pytest.mark.parametrize("number", ["1e308", "-1e308", "180.5", "18446744073709551616", "NaN", "1e999"])
@pytest.mark.parametrize("name", ["latitude", "longitude"])
def test_a_coordinate_out_of_its_bounds_is_a_400(account: Account, name: str, number: str) -> None:
    token = account.open(account.bind())
    passing = json.dumps(sent(1))[:-1] + f',"{name}":{number}}}'
    body = f'{{"token_session":"{token}","passings_list":[{passing}]}}'
    assert account.request("POST", "/passings", data=body).status_code == 400
    assert account.session(token)["passings"] == 0
