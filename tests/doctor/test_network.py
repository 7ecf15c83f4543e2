"""The way to the server: its name, its port, TLS and proxies."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import trustme

from rufus_mock.doctor import NOT_ASKED, NOTE, OK, WRONG
from rufus_mock.web.app import create_app
from tests.doctor.examining import examined, werkzeug
from tests.servers import READ


def test_a_port_that_nobody_listens_on_is_detected() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        found = examined(f"http://127.0.0.1:{taken.getsockname()[1]}/v0", READ)
    assert found["route"].verdict == WRONG
    assert "does not accept connections" in found["route"].text
    assert found["answer"].verdict == NOT_ASKED


@pytest.mark.parametrize("host", ["rufus-mock.invalid", "a" * 70 + ".invalid"])
def test_a_name_that_does_not_resolve_is_detected(host: str) -> None:
    found = examined(f"https://{host}/v0", READ)
    assert found["name"].verdict == WRONG
    assert "does not resolve" in found["name"].text
    assert found["route"].verdict == NOT_ASKED


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@contextmanager
def over_tls(authority: trustme.CA, *names: str) -> Iterator[str]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names).configure_cert(context)
    with werkzeug(create_app(), context) as url:
        yield url


def test_a_certificate_of_an_untrusted_authority_is_detected(authority: trustme.CA) -> None:
    with over_tls(authority, "127.0.0.1") as url:
        found = examined(url, READ)
    assert found["TLS"].verdict == WRONG
    assert "unable to get local issuer certificate" in found["TLS"].text
    assert "REQUESTS_CA_BUNDLE" in found["TLS"].text
    assert found["answer"].verdict == NOT_ASKED


def test_a_certificate_must_be_trusted_and_issued_for_the_host(
    authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "ca.pem"))
    with over_tls(authority, "127.0.0.1") as url:
        found = examined(url, READ)
    assert found["TLS"].verdict == found["answer"].verdict == found["key"].verdict == OK
    with over_tls(authority, "elsewhere.example") as url:
        found = examined(url, READ)
    assert found["TLS"].verdict == WRONG
    assert "IP address mismatch" in found["TLS"].text
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "missing.pem"))
    with over_tls(authority, "127.0.0.1") as url:
        assert "whether REQUESTS_CA_BUNDLE is right" in examined(url, READ)["TLS"].text


def test_https_to_a_server_without_tls_is_detected(url: str) -> None:
    found = examined(url.replace("http:", "https:"), READ)
    assert found["TLS"].verdict == WRONG
    assert "should start with http://" in found["TLS"].text


def test_requests_go_through_the_proxy_of_the_environment(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    # The mock is not a proxy: it treats the whole URL as an unknown path.
    monkeypatch.setenv("http_proxy", url.removesuffix("/v0").replace("//", "//user:secret@"))
    found = examined("http://rufus.invalid/v0", READ)
    assert found["name"].verdict == found["route"].verdict == NOTE
    assert "127.0.0.1" in found["route"].text
    assert "secret" not in found["route"].text
    assert found["TLS"].verdict == NOTE


def test_a_connection_that_is_closed_without_a_response_is_detected() -> None:
    listener = socket.create_server(("127.0.0.1", 0))

    def hang_up() -> None:
        for _ in range(2):
            connection, _ = listener.accept()
            connection.close()

    thread = threading.Thread(target=hang_up)
    thread.start()
    with listener:
        found = examined(f"http://127.0.0.1:{listener.getsockname()[1]}/v0", READ)
        thread.join(5)
    assert found["answer"].verdict == WRONG
    assert "no response to GET" in found["answer"].text
