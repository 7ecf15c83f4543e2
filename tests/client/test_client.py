"""The client on mocks in both dialects, and on servers whose responses are wrong."""

import http.server
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from rufus_mock.client import (
    BadRequest,
    DeviceAlreadyBound,
    DeviceNotFound,
    Forbidden,
    NoAnswer,
    NotFound,
    PassingInput,
    PassingsNotFound,
    RufusClient,
    RufusError,
    SessionNotFound,
    SessionNotFoundOrClosed,
    SessionsNotFound,
    UnreadableAnswer,
)
from rufus_mock.spec.dialects import OPENAPI
from tests.servers import ADMIN, READ, mock

DEVICE = "65A1B7E0C6BC3D32C268C1506E3F6F39E225DC6ED79573E177E7243E8E38115B"
FINISH_10K = "6E052EF7876A8998955E846E4F2D365EB017EE46BC13E15E78F8A8493DD8DB4C"
NOBODYS = "0" * 64


@pytest.fixture(scope="module", params=["pages", "openapi"])
def base_url(request: pytest.FixtureRequest) -> Iterator[str]:
    with mock(request.param) as url:
        yield url


@pytest.fixture(params=["api_key", "x-api-key"])
def client(request: pytest.FixtureRequest, base_url: str) -> Iterator[RufusClient]:
    with RufusClient(base_url, ADMIN, key_header=request.param) as client:
        yield client


class Canned:
    """A server that sends the same response to every request."""

    def __init__(self, status: int, content_type: str, content: bytes) -> None:
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(status)
                self.send_header("Content-Type", content_type)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                self.do_GET()

            def log_message(self, format: str, *args: Any) -> None: ...

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> str:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self.url

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def test_a_device_can_be_bound_used_and_unbound(client: RufusClient) -> None:
    deviceid = client.bind_device("Reader", "CLIENT-1", alias="Läser")
    try:
        with pytest.raises(DeviceAlreadyBound) as bound:
            client.bind_device("Reader", "CLIENT-1")
        assert bound.value.deviceid == deviceid
        assert client.device(deviceid)["alias"] == "Läser"
        assert deviceid in [device["deviceid"] for device in client.devices(limit=1)]
        with pytest.raises(SessionsNotFound):
            client.device_sessions(deviceid)
        token_session = client.open_session(deviceid, "START")
        assert client.active_session(deviceid)["token_session"] == token_session
        passings: list[PassingInput] = [
            {"bib": str(number), "num_passing": number, "timestamp": "2024-05-01T08:00:00.000Z"} for number in (1, 2, 3)
        ]
        assert client.insert_passings(token_session, passings)["inserted_count"] == 3
        assert [passing["bib"] for passing in client.session_passings(token_session, first=2)] == ["2", "3"]
        assert len(list(client.device_passings(deviceid, since="2024-05-01T08:00:00.000Z"))) == 3
        assert list(client.device_passings(deviceid, until="2024-05-01T07:59:59.999Z")) == []
        continued = client.continue_device_passings(deviceid, token_session, 2, since="2024-05-01T00:00:00.000Z")
        assert [passing["num_passing"] for passing in continued["passings"]] == [3]
        client.close_session(token_session)
        assert client.session(token_session)["active"] is False
        assert [session["passings"] for session in client.device_sessions(deviceid)] == [3]
        with pytest.raises(SessionNotFoundOrClosed):
            client.insert_passings(token_session, passings)
        with pytest.raises(BadRequest):
            client.insert_passings(token_session, [])
    finally:
        client.unbind_device(deviceid)
    with pytest.raises(DeviceNotFound) as unknown:
        client.device(deviceid)
    assert unknown.value.status == 404
    assert unknown.value.description == "Device not found"


def test_all_pages_are_read_through_one_iterator(client: RufusClient) -> None:
    numbers = [passing["num_passing"] for passing in client.session_passings(FINISH_10K)]
    assert numbers == sorted(numbers)
    assert len(numbers) == 10017


def test_each_kind_of_unknown_resource_raises_its_own_error(client: RufusClient) -> None:
    with pytest.raises(SessionNotFound):
        client.session(NOBODYS)
    with pytest.raises(SessionNotFound):
        list(client.session_passings(NOBODYS))
    with pytest.raises(NotFound):
        client.device("../../x")


def test_a_wrong_key_is_forbidden(base_url: str) -> None:
    with pytest.raises(Forbidden):
        RufusClient(base_url, READ).open_session(DEVICE)
    with pytest.raises(BadRequest):
        list(RufusClient(base_url).devices())


def test_a_client_for_one_dialect_refuses_the_other() -> None:
    with mock("pages") as url, pytest.raises(UnreadableAnswer, match="openapi") as error:
        RufusClient(url, ADMIN, dialect=OPENAPI).device(DEVICE)
    assert error.value.reply.dialect == "pages"


def test_an_html_response_is_unreadable() -> None:
    with Canned(200, "text/html", b"<html>") as url, pytest.raises(UnreadableAnswer, match="expected a JSON object"):
        RufusClient(url, ADMIN).device(DEVICE)
    with Canned(403, "text/html", b"<html>") as url, pytest.raises(Forbidden):
        RufusClient(url, ADMIN).device(DEVICE)


@pytest.mark.parametrize(
    "content",
    [
        b"[]",
        b'{"description":"Success"}',
        b'{"result":{}}',
        b'{"result":[]}',
        b'{"result":[1,2]}',
        b'{"body":null}',
    ],
)
def test_a_body_of_an_unexpected_shape_raises_rufus_error(content: bytes) -> None:
    with Canned(200, "application/json", content) as url, pytest.raises(RufusError):
        RufusClient(url, ADMIN).session(NOBODYS)


def test_a_list_of_devices_may_leave_out_its_result_where_the_dialect_lets_it() -> None:
    content = b'{"body":{"description":"Success","pagination":{"page":1,"limit":5000,"total":0,"has_more":false}}}'
    with Canned(200, "application/json", content) as url:
        assert list(RufusClient(url, ADMIN).devices()) == []
    with (
        Canned(200, "application/json", b'{"description":"Success"}') as url,
        pytest.raises(RufusError, match="not a list"),
    ):
        list(RufusClient(url, ADMIN).devices())


def test_an_insertion_may_be_answered_without_counts() -> None:
    content = b'{"body":{"description":"Passings inserted succesfully","token_session":"T"}}'
    with Canned(201, "application/json", content) as url:
        inserted = RufusClient(url, ADMIN).insert_passings("T", [])
    assert inserted == {"description": "Passings inserted succesfully", "token_session": "T"}


def test_a_result_that_is_not_a_list_raises_rufus_error() -> None:
    with Canned(200, "application/json", b'{"result":{}}') as url, pytest.raises(RufusError, match="not a list"):
        list(RufusClient(url, ADMIN).devices())


def test_a_server_without_paging_does_not_cause_an_endless_loop() -> None:
    with Canned(200, "application/json", b'{"result":[{"deviceid":"A"}]}') as url:
        assert len(list(RufusClient(url, ADMIN).devices())) == 1


def test_a_refused_connection_raises_no_answer() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        with pytest.raises(NoAnswer, match="refused"):
            RufusClient(f"http://127.0.0.1:{unused.getsockname()[1]}", ADMIN).device(DEVICE)


def test_redirects_are_not_followed() -> None:
    with Canned(302, "text/html", b"elsewhere") as url:
        assert RufusClient(url, ADMIN).send("listDevices").status == 302


def test_an_undocumented_error_is_classified_by_its_status() -> None:
    with Canned(404, "application/json", b'{"description":"?"}') as url, pytest.raises(NotFound) as error:
        RufusClient(url, ADMIN).session(NOBODYS)
    assert type(error.value) is NotFound


def test_the_key_does_not_appear_in_repr_or_errors() -> None:
    client = RufusClient("http://127.0.0.1:9", ADMIN)
    assert ADMIN not in repr(client)
    with pytest.raises(NoAnswer) as error:
        client.device(DEVICE)
    assert ADMIN not in str(error.value)


def test_the_error_for_a_wrong_option_names_the_option() -> None:
    with pytest.raises(ValueError, match="dialect"):
        RufusClient(dialect="latin")
    with pytest.raises(ValueError, match="key_header"):
        RufusClient(key_header="apikey")  # type: ignore[arg-type]


def test_a_session_without_passings_yields_an_empty_iterator() -> None:
    with mock("pages", "edge-cases") as url:
        assert list(RufusClient(url, ADMIN).session_passings("0" * 60 + "5E01")) == []
        with pytest.raises(PassingsNotFound):
            RufusClient(url, ADMIN).continue_device_passings("0" * 60 + "ED01", page=2)
