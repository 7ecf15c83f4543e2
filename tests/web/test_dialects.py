"""How the two dialects differ: their document, the fields of devices, and unknown fields."""

from typing import Any

import pytest

from rufus_mock.spec.contract import Contract
from rufus_mock.spec.dialects import DIALECTS
from rufus_mock.web.app import Config
from tests.conftest import Account, Served, sent


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_openapi_document_is_served(
    served_in: dict[str, Served], contract: Contract, dialect: str, http: Any
) -> None:
    served = served_in[dialect]
    response = http.get(served.server.url + "/openapi.json")
    assert response.status_code == 200
    assert response.json() == contract.document(dialect, served.base_url)


def test_an_entry_of_the_list_has_the_fields_of_its_dialect(either: Account) -> None:
    deviceid = either.bind("S-1", alias="A", firmware="1")
    info = either.get(f"/devices/{deviceid}")["result"]
    (entry,) = either.get("/devices")["result"]
    if either.dialect == "pages":
        assert entry == info
        return
    assert list(entry) == [
        "deviceid",
        "type",
        "model",
        "alias",
        "firmware",
        "serial_number",
        "last_login",
        "creation_date",
        "sessions",
        "device_status",
        "battery_percentage",
        "charging",
        "last_telemetry_at",
    ]
    assert entry == {name: info["last_seen"] if name == "last_login" else info[name] for name in entry}


def test_device_info_has_the_fields_of_a_device_in_both_dialects(either: Account, contract: Contract) -> None:
    info = either.get(f"/devices/{either.bind()}")["result"]
    assert tuple(info) == contract.fields("device", either.dialect)
    assert {"passings", "last_seen"} <= info.keys()
    assert "last_login" not in info


UNKNOWN_FIELDS: dict[str, tuple[dict[str, Any], str, str, str]] = {
    "insertSession": ({"nickname": "x"}, "/nickname", "nickname", "deviceid, alias"),
    "insertPassings": ({"batch": 7}, "/batch", "batch", "token_session, passings_list"),
    "a passing": (
        {"chips": "0017"},
        "/passings_list/1/chips",
        "chips",
        "bib, num_passing, timestamp, latitude, longitude, status, participant_id, chip, timezone, gender",
    ),
}


@pytest.mark.parametrize("name", UNKNOWN_FIELDS)
def test_an_unknown_field_of_a_body_is_ignored_in_pages_and_refused_in_openapi(either: Account, name: str) -> None:
    fields, pointer, parameter, known = UNKNOWN_FIELDS[name]
    body: dict[str, Any]
    deviceid = either.bind()
    token_session = either.open(deviceid)
    if name == "insertSession":
        path, body = "/sessions", {"deviceid": deviceid, **fields}
    else:
        passings = [sent(1), sent(2)]
        body = {"token_session": token_session, "passings_list": passings}
        (passings[1] if name == "a passing" else body).update(fields)
        path = "/passings"
    if either.dialect == "pages":
        either.post(path, body)
        return
    refused = either.post(path, body, 400)
    assert refused["errors"] == [
        {
            "in": "body",
            "parameter": parameter,
            "pointer": pointer,
            "expected": f"no such field, only {known}",
            "actual": f'"{fields[parameter]}" (string)' if isinstance(fields[parameter], str) else "7 (integer)",
        }
    ]
    assert either.get(f"/devices/{deviceid}")["result"]["passings"] == 0
    assert [session["token_session"] for session in either.get(f"/sessions/device/{deviceid}")["result"]] == [
        token_session
    ]


def test_a_binding_with_an_unknown_field_is_taken_in_both_dialects(either: Account) -> None:
    either.bind(colour="red")


def test_an_unknown_query_parameter_is_ignored_in_both_dialects(either: Account) -> None:
    either.get("/devices", params={"colour": "red"})


def test_an_unknown_dialect_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^dialect: expected one of pages, openapi, found 'page'$"):
        Config(dialect="page")
