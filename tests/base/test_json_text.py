"""JSON text is read by one reader: what it takes can be given back, what it refuses is refused wherever it enters."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rufus_mock.base import json_text
from rufus_mock.base.clock import Clock
from rufus_mock.base.identifiers import Identifiers
from rufus_mock.base.json_text import JsonTextError, parse
from rufus_mock.fixtures.loader import load_fixtures
from rufus_mock.fixtures.place import FixtureError
from rufus_mock.spec.contract import Contract
from rufus_mock.web.app import Config, create_app
from rufus_mock.world import World
from tests.admin import Tenant

LIMIT = 64
TOO_DEEP = f"nested too deep: more than {LIMIT} objects and lists inside each other"

Value = Any
values: st.SearchStrategy[Value] = st.recursive(
    st.none() | st.integers(-9, 9) | st.text("[{a", max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("[{", max_size=2), inner, max_size=3),
    max_leaves=20,
)


def nested(levels: int) -> bytes:
    return b"[" * levels + b"]" * levels


def levels_of(value: Value) -> int:
    if not isinstance(value, dict | list):
        return 0
    return 1 + max(map(levels_of, value.values() if isinstance(value, dict) else value), default=0)


@pytest.mark.parametrize("wide", [0, 2, 1000])
@given(value=values, limit=st.integers(1, 6))
def test_exactly_what_nests_deeper_is_refused(wide: int, value: Value, limit: int) -> None:
    text = json.dumps(value).encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_text, "_WIDE", wide)
        if levels_of(value) <= limit:
            assert parse(text, limit) == value
        else:
            with pytest.raises(JsonTextError, match=f"more than {limit} objects"):
                parse(text, limit)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", "not JSON: Input is a zero-length, empty document"),
        (b"{", "not JSON: "),
        (b"NaN", "not JSON: "),
        (b"[Infinity]", "not JSON: "),
        (b"1e999", "not JSON: number is infinity"),
        (b"9" * 5000, "not JSON: number is infinity"),
        (rb'"\ud800"', "not JSON: no low surrogate in string: line 1 column 2"),
        (b'"\xed\xa0\x80"', "not UTF-8: invalid continuation byte at byte 1"),
        (b"\xff", "not UTF-8: invalid start byte at byte 0"),
        (nested(LIMIT + 1), TOO_DEEP),
        (nested(1000), TOO_DEEP),
        (nested(100_000), TOO_DEEP),
    ],
)
def test_what_is_refused_says_why(text: bytes, said: str) -> None:
    with pytest.raises(JsonTextError) as caught:
        parse(text, LIMIT)
    assert str(caught.value).startswith(said)
    assert caught.value.__context__ is None


def test_the_limit_is_that_of_the_contract(contract: Contract) -> None:
    assert contract.max_depth == LIMIT


@pytest.mark.parametrize("levels", [LIMIT, 253, 300, 1020, 5000])
@pytest.mark.parametrize("field", ["x", "model"])
def test_a_deep_body_is_a_400_and_the_journal_stays_readable(tenant: Tenant, levels: int, field: str) -> None:
    body = b'{"serial_number":"S","%s":%s,"y":"M"}' % (field.encode(), nested(levels))
    if field == "x":
        body = body.replace(b'"y"', b'"model"')
    response = tenant.api("POST", "/devices", data=body)
    assert response.status_code == 400
    assert response.json()["errors"] == [
        {
            "in": "body",
            "parameter": "body",
            "pointer": "",
            "expected": f"a JSON object of at most {LIMIT} levels",
            "actual": TOO_DEEP,
        }
    ]
    (entry,) = tenant.journal()
    assert entry["body"] == body.decode()
    assert entry["status"] == 400
    assert not tenant.devices()


def test_a_body_at_the_limit_is_taken_and_read_back(tenant: Tenant) -> None:
    body = b'{"model":"M","serial_number":"S","x":%s}' % nested(LIMIT - 1)
    assert tenant.api("POST", "/devices", data=body).status_code == 201
    assert tenant.journal()[0]["body"] == json.loads(body)


def test_a_fault_body_at_the_limit_is_answered_and_a_deeper_one_is_a_400(tenant: Tenant) -> None:
    def added(levels: int) -> int:
        body = b'{"status":500,"body":%s}' % nested(levels)
        return tenant.admin.request("POST", f"{tenant.path}/faults", data=body).status_code

    assert added(LIMIT) == added(300) == 400
    assert tenant("GET", "/faults") == {"faults": []}
    assert added(LIMIT - 1) == 201
    assert tenant.api("GET", "/devices").json() == json.loads(nested(LIMIT - 1))
    assert len(tenant("GET", "/faults")["faults"]) == 1


@pytest.mark.parametrize(
    "text", [nested(900), rb'{"description":"\ud800","companies":[]}', b"1" * 5000, b"\xff", b"NaN"]
)
def test_a_fixture_that_cannot_be_read_back_is_refused_by_its_name(
    contract: Contract, tmp_path: Path, text: bytes
) -> None:
    path = tmp_path / "fixture.json"
    path.write_bytes(text)
    world = World(Clock(), Identifiers(), contract.page_size)
    with pytest.raises(FixtureError, match=r"fixture\.json: (not JSON|not UTF-8|nested too deep)"):
        load_fixtures(world, contract, [path])


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/companies"),
        ("PUT", "/state"),
        ("PUT", "/companies/00000001/state"),
        ("POST", "/companies/00000001/faults"),
        ("POST", "/requests/verify"),
    ],
)
@pytest.mark.parametrize(
    "text", [rb'{"name":"\ud800"}', rb'{"\udc00":1}', b'{"name":NaN}', b'{"name":%s}' % nested(300)]
)
def test_the_admin_api_refuses_what_could_not_be_read_back(method: str, path: str, text: bytes) -> None:
    client = create_app(Config(fixtures=["documented"])).test_client()
    before = client.get("/__admin/state").data
    response = client.open(f"/__admin{path}", method=method, data=text)
    assert response.status_code == 400
    assert response.json is not None
    assert response.json["errors"][0]["actual"].startswith(("not JSON", "nested too deep"))
    assert client.get("/__admin/state").data == before


@pytest.mark.parametrize(
    "text",
    ["\x00", "a\x00b", "\u2028", "\uffff", "\ufffd", "\U0010ffff", "[{", '"\\', "\x7f\x1f"],
    ids=ascii,
)
def test_any_text_that_is_taken_is_read_back(tenant: Tenant, text: str) -> None:
    body = {"model": text, "serial_number": text, "alias": text, "type": text, "firmware": text}
    deviceid = tenant.api("POST", "/devices", json=body).json()["deviceid"]
    token = tenant.api("POST", "/sessions", json={"deviceid": deviceid, "alias": text}).json()["token_session"]
    passing = {
        "num_passing": 1,
        "timestamp": "2026-05-10T09:00:00.000Z",
        "latitude": text,
        "longitude": text,
        **dict.fromkeys(("bib", "chip", "status", "participant_id", "timezone", "gender"), text),
    }
    response = tenant.api("POST", "/passings", json={"token_session": token, "passings_list": [passing]})
    assert response.status_code == 201
    device = tenant.devices()[0]
    assert {name: device[name] for name in body} == body
    (found,) = tenant.api("GET", f"/passings/session/{token}").json()["result"]
    assert {name: found[name] for name in passing} == passing
    continued = tenant.api("GET", f"/passings/device2/{deviceid}").json()
    assert (continued["session_label"], continued["passings"]) == (text, [found])
    taken = tenant.admin.request("GET", f"{tenant.path}/state").content
    assert tenant.admin.request("PUT", f"{tenant.path}/state", data=taken).status_code == 200
    assert tenant.admin.request("GET", f"{tenant.path}/state").content == taken
    assert len(tenant.journal()) == 6
