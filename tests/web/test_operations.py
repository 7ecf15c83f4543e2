"""Each operation over a real socket: its success, its documented errors, its access by each type of key."""

from typing import Any
from urllib.parse import quote

import pytest
from jsonschema import Draft202012Validator

from rufus_mock.spec.contract import Contract
from rufus_mock.spec.dialects import in_dialect
from rufus_mock.spec.operations import Operation
from tests.conftest import ACCESS, Account, Served, sent

UNKNOWN = "0" * 63 + "F"
OPERATIONS = list(Contract().operations.values())


def ids(operation: Operation) -> str:
    return operation.id


class Scene:
    """An account with one of everything, and the request that each operation makes of it."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.deviceid = account.bind()
        self.closed = account.open(self.deviceid, "closed")
        account.insert(self.closed, sent(1))
        self.token_session = account.open(self.deviceid, "active")
        account.insert(self.token_session, sent(1), sent(2))
        self.bodies: dict[str, Any] = {
            "bindDevice": {"model": "M", "serial_number": "S-2"},
            "insertSession": {"deviceid": self.deviceid},
            "insertPassings": {"token_session": self.token_session, "passings_list": [sent(3)]},
        }

    def path(self, operation: Operation, **identifiers: str) -> str:
        return operation.path.format(**{"deviceid": self.deviceid, "token_session": self.token_session, **identifiers})

    def call(self, operation: Operation, **arguments: Any) -> Any:
        path = self.path(operation, **arguments.pop("identifiers", {}))
        return self.account.request(operation.method, path, json=self.bodies.get(operation.id), **arguments)


@pytest.fixture
def scene(either: Account) -> Scene:
    return Scene(either)


@pytest.mark.parametrize("operation", OPERATIONS, ids=ids)
def test_success_has_the_documented_status_text_fields_and_order(scene: Scene, operation: Operation) -> None:
    response = scene.call(operation)
    body = scene.account.body(response, operation.success.status)
    schema = in_dialect(operation.success.schema, scene.account.dialect)
    Draft202012Validator(schema).validate(response.json())
    assert body["description"] == operation.success.text
    assert tuple(body) == operation.success.fields(scene.account.dialect)
    assert response.headers["Content-Type"] == "application/json"
    for name, value in {"deviceid": scene.deviceid, "token_session": scene.token_session}.items():
        if name in operation.path_parameters and name in body:
            assert body[name] == value


@pytest.mark.parametrize("operation", OPERATIONS, ids=ids)
@pytest.mark.parametrize("key", ACCESS)
def test_each_type_of_key_may_call_what_the_pages_say(scene: Scene, operation: Operation, key: str) -> None:
    access, unbind = ACCESS[key]
    allowed = {
        "GET": access in {"READ", "READ_WRITE"},
        "POST": access in {"WRITE", "READ_WRITE"},
        "PATCH": access in {"WRITE", "READ_WRITE"},
        "DELETE": unbind,
    }[operation.method]
    response = scene.call(operation, key=key)
    if allowed:
        assert response.status_code == operation.success.status
    else:
        scene.account.body(response, 403)
        assert scene.call(operation).status_code == operation.success.status, "a refused call must change nothing"


@pytest.mark.parametrize("operation", OPERATIONS, ids=ids)
@pytest.mark.parametrize("header", ["api_key", "x-api-key", "X-Api-Key"])
def test_the_key_works_in_both_headers(scene: Scene, operation: Operation, header: str) -> None:
    assert scene.call(operation, header=header).status_code == operation.success.status


@pytest.mark.parametrize("operation", OPERATIONS, ids=ids)
def test_without_a_key_the_answer_names_the_underscore(scene: Scene, operation: Operation) -> None:
    body = scene.account.body(scene.call(operation, key=None), 400)
    assert "underscore" in body["description"]
    assert body["errors"][0]["parameter"] == "api_key"


@pytest.mark.parametrize("operation", OPERATIONS, ids=ids)
def test_an_unknown_key_is_forbidden(scene: Scene, operation: Operation) -> None:
    scene.account.body(scene.call(operation, key="ror-00000000000000000000"), 403)


ERROR_OF = {"deviceid": ("DeviceNotFound", "SessionsNotFound"), "token_session": ("SessionNotFound",)}


@pytest.mark.parametrize(
    ("operation", "parameter"),
    [
        pytest.param(operation, parameter, id=operation.id)
        for operation in OPERATIONS
        for parameter in operation.path_parameters
    ],
)
@pytest.mark.parametrize("identifier", [UNKNOWN, "abc", "é ü", "a" * 64, "%"])
def test_an_unknown_identifier_is_the_documented_404_that_echoes_it(
    scene: Scene, operation: Operation, parameter: str, identifier: str
) -> None:
    error = next(operation.errors[name] for name in ERROR_OF[parameter] if name in operation.errors)
    response = scene.call(operation, identifiers={parameter: quote(identifier, safe="")})
    body = scene.account.body(response, 404)
    assert body["description"] == error.text
    assert tuple(body) == error.fields(scene.account.dialect)
    if parameter in error.schema["properties"]:
        assert body[parameter] == identifier


@pytest.mark.parametrize("operation", OPERATIONS, ids=ids)
def test_what_another_company_owns_does_not_exist(
    scene: Scene, operation: Operation, served_in: dict[str, Served]
) -> None:
    dialect = scene.account.dialect
    served = served_in[dialect]
    stranger = Account(served.base_url, served.api.world, scene.account.http, dialect)
    bodies = {**scene.bodies, "bindDevice": {"model": "M", "serial_number": "S-1"}}
    response = stranger.request(operation.method, scene.path(operation), json=bodies.get(operation.id))
    if operation.id in {"listDevices", "listEvents"}:
        assert stranger.body(response, 200)["result"] == []
    elif operation.id == "bindDevice":
        assert stranger.body(response, 201)["deviceid"] != scene.deviceid
    else:
        assert response.status_code == 404
    assert len(scene.account.get("/devices")["result"]) == 1


def test_device_info_not_found_has_no_deviceid(account: Account) -> None:
    assert account.request("GET", f"/devices/{UNKNOWN}").text == '{"description":"Device not found"}'


def test_binding_again_is_a_409_with_the_deviceid(either: Account) -> None:
    deviceid = either.bind("S-9")
    again = either.post("/devices", {"model": "M", "serial_number": "S-9", "alias": "other"}, 409)
    assert again["deviceid"] == deviceid
    assert either.bind("S-10") != deviceid
    either.body(either.request("DELETE", f"/devices/{deviceid}"), 200)
    assert either.bind("S-9") != deviceid


def test_a_device_is_read_as_it_was_bound(either: Account) -> None:
    deviceid = either.bind("S-3", type="My custom device", alias="Meta 🏁", firmware="1.0.1")
    device = either.get(f"/devices/{deviceid}")["result"]
    assert device["type"] == "My custom device"
    assert device["alias"] == "Meta 🏁"
    assert device["firmware"] == "1.0.1"
    assert device["sessions"] == device["passings"] == 0
    (entry,) = either.get("/devices")["result"]
    assert {name: entry[name] for name in entry.keys() & device.keys()} == {
        name: device[name] for name in entry.keys() & device.keys()
    }
    assert {"deviceid", "type", "model", "alias", "firmware", "serial_number", "sessions"} <= entry.keys()


def test_unbind_takes_sessions_and_passings_along(either: Account) -> None:
    scene = Scene(either)
    either.body(either.request("DELETE", f"/devices/{scene.deviceid}"), 200)
    for token in (scene.token_session, scene.closed):
        assert either.request("GET", f"/sessions/{token}").status_code == 404
        assert either.request("GET", f"/passings/session/{token}").status_code == 404
    assert either.get("/devices")["result"] == []
    assert either.request("GET", f"/passings/device/{scene.deviceid}").status_code == 404


def test_devices_come_in_pages(either: Account) -> None:
    bound = [either.bind(f"S-{number}") for number in range(5)]
    for page, expected in {1: bound[:2], 2: bound[2:4], 3: bound[4:], 4: []}.items():
        body = either.get("/devices", params={"page": page, "limit": 2})
        assert [device["deviceid"] for device in body["result"]] == expected
        if either.dialect == "openapi":
            assert body["pagination"] == {"page": page, "limit": 2, "total": 5, "has_more": page < 3}
        else:
            assert "pagination" not in body
