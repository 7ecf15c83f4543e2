"""Numbers and times have bounds where they enter; what lies outside is a 400 that names them, and nothing is stored."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from rufus_mock.base.identifiers import Identifiers
from rufus_mock.base.resources import folder
from rufus_mock.base.timestamps import BOUNDS, EARLIEST, LATEST, START_BOUNDS, render
from rufus_mock.fixtures.loader import load_fixtures
from rufus_mock.fixtures.place import FixtureError
from rufus_mock.spec.contract import Contract
from rufus_mock.world import World
from tests.admin import Tenant
from tests.clocks import FrozenClock
from tests.conftest import Account, sent

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


def test_the_bounds_of_times_are_those_of_the_contract(contract: Contract) -> None:
    times = contract.limits["times"]
    assert (times["earliest"], times["latest"]) == (render(EARLIEST), render(LATEST))
    for name in ("admin/requests/set-clock", "fixture-company"):
        assert START_BOUNDS in json.dumps(contract.schema(name))


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


@pytest.mark.parametrize(
    "now",
    ["9999-12-31T23:59:59.999Z", "9999-01-01T00:00:00.000Z", "0001-12-31T23:59:59.999Z", "0000-01-01T00:00:00.000Z"],
)
@pytest.mark.parametrize("frozen", [True, False])
def test_a_clock_near_the_end_of_time_is_a_400_that_names_the_bounds(tenant: Tenant, now: str, frozen: bool) -> None:
    before = tenant("GET", "/clock")["offset_ms"]
    problem = tenant.admin.problem("PUT", f"{tenant.path}/clock", {"now": now, "frozen": frozen})
    assert problem["pointer"] == "/now"
    assert problem["expected"].endswith(BOUNDS if now.startswith("0000") else START_BOUNDS)
    clock = tenant("GET", "/clock")
    assert (clock["offset_ms"], clock["frozen"]) == (before, False)


@pytest.mark.parametrize(
    ("now", "day_of_duration"), [("0002-01-01T00:00:00.000Z", "0002-01-01"), ("9998-12-31T23:59:59.999Z", "9999-01-01")]
)
@pytest.mark.parametrize("frozen", [True, False])
def test_at_the_bounds_of_a_clock_all_can_be_read(tenant: Tenant, now: str, day_of_duration: str, frozen: bool) -> None:
    tenant("PUT", "/clock", {"now": now, "frozen": frozen})
    tenant("PUT", "/quota", {"requests": 10, "window_ms": 1000})
    deviceid = tenant.bind()
    token = tenant.api("POST", "/sessions", json={"deviceid": deviceid}).json()["token_session"]
    assert tenant.api("GET", f"/sessions/{token}").json()["result"][0]["duration"].startswith(day_of_duration)
    taken = tenant.admin.request("GET", f"{tenant.path}/state").content
    assert tenant.admin.request("PUT", f"{tenant.path}/state", data=taken).status_code == 200
    assert tenant.admin.request("GET", f"{tenant.path}/state").content == taken


@pytest.mark.parametrize("timestamp", ["0001-01-01T00:00:00+00:01", "9999-12-31T23:59:60Z", "0000-12-31T23:59:59.999Z"])
def test_a_passing_out_of_time_is_a_400_that_names_the_bounds(account: Account, timestamp: str) -> None:
    token = account.open(account.bind())
    body = account.post("/passings", {"token_session": token, "passings_list": [sent(1), sent(2, timestamp)]}, 400)
    (problem,) = body["errors"]
    assert problem["pointer"] == "/passings_list/1/timestamp"
    assert problem["expected"].endswith(BOUNDS)
    assert account.session(token)["passings"] == 0


@pytest.mark.parametrize("timestamp", [render(EARLIEST), render(LATEST)])
def test_a_passing_at_the_bounds_is_found_by_its_time(account: Account, timestamp: str) -> None:
    deviceid = account.bind()
    account.insert(account.open(deviceid), sent(1, timestamp))
    assert account.read_device(deviceid, **{"from": timestamp, "to": timestamp})[0]["timestamp"] == timestamp


@pytest.mark.parametrize("name", ["from", "to"])
@pytest.mark.parametrize("value", ["0000-01-01T00:00:00Z", "0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00"])
def test_a_query_out_of_time_is_a_400_that_names_the_bounds(account: Account, name: str, value: str) -> None:
    body = account.get(f"/passings/device/{account.bind()}", 400, params={name: value})
    assert body["errors"][0]["expected"].endswith(BOUNDS)


def company(**session: Any) -> dict[str, Any]:
    times = {"creation_date": "2026-05-10T09:00:00.000Z"}
    return {
        "devices": [
            {
                "deviceid": "A" * 64,
                "model": "M",
                "serial_number": "S",
                **times,
                "sessions": [{"token_session": "B" * 64, **times, **session}],
            }
        ]
    }


GENERATE = {"count": 2, "seed": 1, "first": "2026-05-10T09:00:00.000Z", "last": "2026-05-10T10:00:00.000Z"}
SIMULATE = {"race": "5k", "point": "Finish", "runners": 3, "seed": 1}


@pytest.mark.parametrize(
    ("session", "place", "said"),
    [
        ({"creation_date": "9999-12-31T22:00:00.000Z"}, "creation_date", "later than 9999-12-31T21:59:59.999Z"),
        ({"creation_date": "0000-12-31T22:00:00.000Z"}, "creation_date", BOUNDS),
        ({"duration": "0000-12-31T22:00:00.000Z"}, "duration", BOUNDS),
        ({"passings": [sent(1, "9999-12-31T23:59:60Z")]}, "passings/0/timestamp", BOUNDS),
        (
            {"passings": {"generate": {**GENERATE, "first": "0000-01-01T00:00:00.000Z"}}},
            "passings/generate/first",
            BOUNDS,
        ),
        (
            {"passings": {"generate": {**GENERATE, "last": "0000-01-01T00:00:00.000Z"}}},
            "passings/generate/last",
            BOUNDS,
        ),
        ({"passings": {"simulate": {**SIMULATE, "start": render(LATEST)}}}, "passings/simulate/start", START_BOUNDS),
        ({"passings": {"simulate": {**SIMULATE, "start": render(EARLIEST)}}}, "passings/simulate/start", START_BOUNDS),
        (
            {"passings": {"generate": {**GENERATE, "first_num_passing": 2**63}}},
            "passings/generate/first_num_passing",
            "",
        ),
        ({"passings": {"generate": {**GENERATE, "seed": 2**63}}}, "passings/generate/seed", "at most"),
        ({"passings": {"simulate": {**SIMULATE, "seed": -(2**60)}}}, "passings/simulate/seed", "at least"),
        ({"ordinal": 2**40}, "ordinal", "at most 1000000"),
    ],
)
def test_a_fixture_out_of_bounds_is_refused_with_its_place(
    contract: Contract, tenant: Tenant, tmp_path: Path, session: Any, place: str, said: str
) -> None:
    content = company(**session)
    problem = tenant.admin.problem("POST", "/companies", {"fixture": content})
    assert problem["pointer"] == f"/fixture/devices/0/sessions/0/{place}"
    assert said in problem["expected"]
    path = tmp_path / "fixture.json"
    key = {"api_key": "ror-" + "0" * 20, "access": "READ"}
    path.write_text(json.dumps({"companies": [{"id": "0000000a", "keys": [key], **content}]}))
    world = World(FrozenClock(0), Identifiers(), contract.page_size)
    with pytest.raises(FixtureError) as caught:
        load_fixtures(world, contract, [path])
    assert f"at /companies/0/devices/0/sessions/0/{place}: " in str(caught.value)
    assert said in str(caught.value)


@pytest.mark.parametrize("session", [{"creation_date": "9999-12-31T21:59:59.999Z"}, {"duration": render(LATEST)}])
def test_a_fixture_at_the_bounds_can_be_read_back(tenant: Tenant, session: Any) -> None:
    other = tenant.admin.create(fixture=company(**session))
    assert other.api("GET", f"/sessions/{'B' * 64}").json()["result"][0]["duration"] == render(LATEST)
    assert other("GET", "/state")["companies"][0]["devices"][0]["sessions"][0]["duration"] == render(LATEST)


@pytest.mark.parametrize(
    "target",
    [
        b"/v0/devices/%00",
        b"/v0/devices/a%00b",
        b"/v0/devices/%ED%A0%80",
        b"/v0/devices/%FF",
        b"/v0/devices/\xff",
        b"/v0/devices?page=%00",
        b"/v0/devices?x=%ED%A0%80&%FF=%00",
        b"/v0/devices?x=\xff",
        b"/v0/passings/session/%ED%A0%80?first=1",
        b"/v0/nothing/%ED%A0%80%00",
    ],
)
@pytest.mark.parametrize("header", [b"x-odd: \xff\xfe", b"x-odd: \xed\xa0\x80", b"\xff: 1"])
def test_odd_bytes_in_a_request_line_or_a_header_are_no_failure(tenant: Tenant, target: bytes, header: bytes) -> None:
    url = urlsplit(tenant.admin.url)
    for key in (tenant.keys["read"].encode(), b"ror-\xff\xed\xa0\x80"):
        request = b"GET %s HTTP/1.1\r\nHost: mock\r\napi_key: %s\r\n%s\r\nConnection: close\r\n\r\n"
        with socket.create_connection((url.hostname or "", url.port or 0), timeout=30) as connection:
            connection.sendall(request % (target, key, header))
            answer = b"".join(iter(lambda: connection.recv(65536), b""))
        assert answer.startswith((b"HTTP/1.1 2", b"HTTP/1.1 4")), answer
    assert tenant.admin.request("GET", f"{tenant.path}/requests").status_code == 200
    assert tenant.admin.request("GET", "/requests").status_code == 200
