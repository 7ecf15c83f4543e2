"""The connection to the admin API: its token, and what it reports if no mock answers."""

import socket
import threading
from collections.abc import Iterator
from contextlib import closing

import pytest

from rufus_mock import AdminError, MockCompany, RufusMock
from rufus_mock.serving.server import Server
from rufus_mock.testing import connection
from rufus_mock.testing.connection import AdminConnection
from rufus_mock.web.app import Config, create_app
from tests.testing.calls import get


def test_an_idle_connection_closed_by_the_server_is_reopened(mock: RufusMock) -> None:
    admin = AdminConnection(mock.url)
    company = MockCompany.fresh(admin)
    sock = admin._connection.sock
    sock.shutdown(2)
    assert company.requests == []
    admin.close()


def test_the_error_says_whether_the_mock_answered_before() -> None:
    with RufusMock("empty") as mock:
        admin = AdminConnection(mock.url)
        admin.call("GET", "/companies")
    with pytest.raises(AdminError, match=r"no mock answers at .* any more"):
        admin.call("GET", "/companies")


def test_a_mock_that_does_not_answer_in_time_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "TIMEOUT", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        admin = AdminConnection(f"http://127.0.0.1:{silent.getsockname()[1]}")
        with pytest.raises(AdminError, match=r"no mock answers at .*timed out") as raised:
            admin.call("GET", "/companies")
    assert raised.value.status is None


def test_the_token_gives_access_to_the_admin_api() -> None:
    with Server(create_app(Config(fixtures=["empty"], admin_token="secret"))) as server:
        with (
            closing(AdminConnection(server.url)) as admin,
            pytest.raises(AdminError, match="401 Unauthorized: send the header Authorization"),
        ):
            admin.call("GET", "/companies")
        with closing(AdminConnection(server.url, "secret")) as admin, MockCompany.fresh(admin) as company:
            assert get(company, "/devices").status_code == 200


@pytest.mark.parametrize("url", ["127.0.0.1:8080", "ftp://localhost", "http://"])
def test_a_url_that_cannot_be_a_mocks_is_refused(url: str) -> None:
    with pytest.raises(AdminError, match="expected one like"):
        AdminConnection(url)


def test_the_error_shows_the_response_of_a_server_that_is_not_a_mock(served_text: str) -> None:
    with pytest.raises(AdminError, match="404 not found here"):
        AdminConnection(served_text).call("GET", "/companies")


@pytest.fixture
def served_text() -> Iterator[str]:
    """The URL of a server that responds to every request with a 404 in plain text."""
    from http.server import BaseHTTPRequestHandler, HTTPServer

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(404)
            self.end_headers()
            self.wfile.write(b"not found here")

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
