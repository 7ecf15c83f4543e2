import http.client
import os
import socket
import ssl
import stat
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509

from rufus_mock.serving.certificates import LOCAL_NAMES, Authority, AuthorityError
from rufus_mock.serving.server import Server

HOST = "api.runonrufus.com"


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [environ["HTTP_API_KEY"].encode()]


@pytest.fixture(scope="module")
def authority() -> Iterator[Authority]:
    with Authority() as authority:
        yield authority


@pytest.fixture(scope="module")
def server(authority: Authority) -> Iterator[Server]:
    with Server(application, certificate=authority.issue([HOST])) as server:
        yield server


def ask(server: Server, context: ssl.SSLContext, name: str) -> bytes:
    """The response to a client that connects to the server under the name `name`."""
    raw = socket.create_connection((server.host, server.port), timeout=5)
    connection = http.client.HTTPSConnection(name, context=context)
    try:
        connection.sock = context.wrap_socket(raw, server_hostname=name)
        connection.request("GET", "/", headers={"api_key": "ror-1"})
        return connection.getresponse().read()
    finally:
        connection.close()


@pytest.mark.parametrize("name", [HOST, *LOCAL_NAMES])
def test_a_client_that_trusts_the_authority_accepts_the_server_as_the_live_host_and_as_localhost(
    server: Server, authority: Authority, name: str
) -> None:
    assert ask(server, ssl.create_default_context(cadata=authority.certificate), name) == b"ror-1"


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_tls_1_2_and_1_3_are_supported(server: Server, authority: Authority, version: ssl.TLSVersion) -> None:
    context = ssl.create_default_context(cadata=authority.certificate)
    context.minimum_version = context.maximum_version = version
    assert ask(server, context, HOST) == b"ror-1"


@pytest.mark.parametrize(
    ("trusting", "name"), [(False, HOST), (True, "example.com")], ids=["without trust", "under another name"]
)
def test_clients_without_that_trust_and_for_other_names_refuse_the_server(
    server: Server, authority: Authority, trusting: bool, name: str
) -> None:
    context = ssl.create_default_context(cadata=authority.certificate if trusting else None)
    with pytest.raises(ssl.SSLCertVerificationError):
        ask(server, context, name)


def test_the_url_of_a_server_with_a_certificate_is_https(server: Server) -> None:
    assert server.url == f"https://127.0.0.1:{server.port}"


def test_a_folder_keeps_the_authority(tmp_path: Path) -> None:
    folder = tmp_path / "made" / "here"
    with Authority(folder) as first, Authority(folder) as second:
        assert first.certificate == second.certificate == first.path.read_text()
    assert first.path == folder / "ca.pem"
    assert first.path.exists()


def test_only_the_owner_can_read_the_key_of_an_authority(tmp_path: Path) -> None:
    with Authority(tmp_path) as authority:
        certificate = authority.issue([HOST])
        readable_by_all = [
            path for path in tmp_path.iterdir() if stat.S_IMODE(path.stat().st_mode) & (stat.S_IRGRP | stat.S_IROTH)
        ]
        assert readable_by_all == [authority.path]
        assert stat.S_IMODE(certificate.private_key.parent.stat().st_mode) == 0o700
    assert b"PRIVATE" not in authority.path.read_bytes()


def test_without_a_folder_nothing_is_left_behind() -> None:
    with Authority() as authority:
        certificate = authority.issue([HOST])
    assert not authority.path.exists()
    assert not certificate.private_key.parent.exists()


def test_a_missing_or_different_certificate_file_is_written_again(tmp_path: Path) -> None:
    with Authority(tmp_path) as authority:
        pass
    for spoil in (authority.path.unlink, lambda: authority.path.write_text("another")):
        spoil()
        with Authority(tmp_path) as again:
            assert again.path.read_text() == authority.certificate


def test_authorities_created_at_the_same_time_in_one_folder_are_the_same(tmp_path: Path) -> None:
    def certificate(_: int) -> str:
        with Authority(tmp_path) as authority:
            return authority.certificate

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(certificate, range(8)))) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["authority.pem", "ca.pem"]


def test_a_file_that_is_not_an_authority_is_refused_and_kept(tmp_path: Path) -> None:
    (tmp_path / "authority.pem").write_text("mine")
    with pytest.raises(AuthorityError, match=r"authority\.pem: not the key and certificate"):
        Authority(tmp_path)
    assert (tmp_path / "authority.pem").read_text() == "mine"


def test_the_error_names_a_folder_that_cannot_be_created(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(AuthorityError, match=str(tmp_path / "file")):
        Authority(tmp_path / "file" / "folder")


def test_a_certificate_is_valid_for_less_than_398_days(authority: Authority) -> None:
    certificate = x509.load_pem_x509_certificate(authority.issue([HOST]).certificate.read_bytes())
    assert (certificate.not_valid_after_utc - certificate.not_valid_before_utc).days < 398


def test_without_the_library_the_message_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "trustme", None)
    with pytest.raises(AuthorityError, match=r'pip install "rufus-mock\[tls\]"'):
        Authority()


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "rufus_mock", *arguments],
        capture_output=True,
        text=True,
        timeout=30,
        env={**os.environ, **environment},
    )


def test_the_command_prints_the_certificate_that_serve_will_use(tmp_path: Path) -> None:
    printed = run("ca", RUFUS_MOCK_CA_DIR=str(tmp_path))
    with Authority(tmp_path) as authority:
        assert printed.stdout == authority.certificate
    assert (printed.returncode, printed.stderr) == (0, "")


@pytest.mark.parametrize("arguments", [("ca",), ("serve", "--port", "0", "--tls")])
def test_the_commands_report_an_invalid_authority_in_one_line(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    (tmp_path / "authority.pem").touch()
    refused = run(*arguments, "--ca-dir", str(tmp_path))
    assert refused.returncode == 2
    assert refused.stderr.startswith(f"rufus-mock: {tmp_path}/authority.pem: not the key")
    assert refused.stderr.count("\n") == 1


def test_the_command_needs_a_folder() -> None:
    refused = run("ca", RUFUS_MOCK_CA_DIR="")
    assert refused.returncode == 2
    assert "--ca-dir" in refused.stderr
