"""No body, path or query makes the mock answer 500."""

import json
import socket
from typing import Any
from urllib.parse import quote

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rufus_mock.spec.contract import Contract
from tests.conftest import Account, Served

OPERATIONS = list(Contract().operations.values())

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
