"""DNS rebinding: the admin API answers only to hosts that public DNS cannot name, or that the user allows."""

import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from rufus_mock.commands.serve import serve
from rufus_mock.serving.certificates import Authority
from rufus_mock.serving.server import Server
from rufus_mock.spec.admin_contract import AdminContract
from rufus_mock.web.admin.hosts import allowed_host
from rufus_mock.web.app import Config, create_app
from tests.raw import Answer, exchange

ADMIN_KEY = "ror-ae4fc6c19681a20fad30"

LOCAL = [
    *("127.0.0.1", "10.1.2.3", "0.0.0.0", "255.255.255.255", "127.1", "2130706433", "0x7f000001", "017700000001"),
    *("0x7f.0.0.0x1", "127.0.0.1.", "[::1]", "[::]", "[fe80::1%25eth0]", "[::ffff:127.0.0.1]", "[2001:DB8::1]"),
    *("localhost", "LOCALHOST", "localhost.", "mock", "rufus-mock", "rufus_mock", "Mock"),
    *("app.localhost", "printer.local", "host.docker.internal", "mock.test", "mock.race.svc", "MOCK.Race.SVC."),
    *("mock.race.svc.cluster.local", "mock.race.svc.cluster.local."),
]
PUBLIC = [
    *("evil.example", "EVIL.example", "evil.example.", "127.0.0.1.evil.example", "localhost.evil.example"),
    *("evillocalhost.com", "mock.localhost.com", "evil.xlocal", "ai.", "1.2.3.4.5", "0x7f.example", "127.0.0.x"),
    *("api.runonrufus.com", "10.0.0.1.nip.io", "evil%2eexample", "..", "1..2", "svc.example"),
]
INVALID = [
    "a b",
    "a,b",
    "user@localhost",
    "localhost:80a",
    "[::1",
    "[zz]",
    "[:::1]",
    "http://localhost",
    "a/b",
    "[]",
    ":80",
]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server(create_app(Config(allow_hosts=["Mock.Example.com", "other.example."]))) as server:
        yield server


def ask(server: Server, host: str, path: str = "/__admin/companies", head: str = "") -> Answer:
    return exchange(server, f"GET {path} HTTP/1.1\r\nHost: {host}\r\n{head}Connection: close\r\n\r\n".encode())


@pytest.mark.parametrize("port", ["", ":8080", ":"])
@pytest.mark.parametrize("host", [*LOCAL, "mock.example.com", "MOCK.example.COM.", "other.example"])
def test_hosts_that_are_local_or_allowed_are_answered(server: Server, host: str, port: str) -> None:
    assert ask(server, host + port).status == 200


@pytest.mark.parametrize("port", ["", ":8080"])
@pytest.mark.parametrize("host", [*PUBLIC, "sub.mock.example.com", "mock.example.com.evil.example"])
def test_other_hosts_get_a_403_that_names_the_option(server: Server, host: str, port: str) -> None:
    answer = ask(server, host + port)
    assert answer.status == 403
    assert "--allow-host" in answer.json["description"]
    assert "RUFUS_MOCK_ALLOW_HOST" in answer.json["description"]
    assert answer.json["host"] == host + port
    assert ADMIN_KEY.encode() not in answer.body


@pytest.mark.parametrize("host", INVALID)
def test_an_invalid_host_is_a_400(server: Server, host: str) -> None:
    answer = ask(server, host)
    assert answer.status == 400
    assert answer.json["errors"][0]["parameter"] == "Host"


def operations() -> list[Any]:
    return [
        pytest.param(operation.method, operation.path, id=operation.id)
        for operation in AdminContract().operations.values()
    ]


@pytest.mark.parametrize(("method", "path"), operations())
def test_the_host_is_checked_by_every_operation_but_the_probes(server: Server, method: str, path: str) -> None:
    target = "/__admin" + path.replace("{id}", "00000001").replace("{fault}", "f1")
    request = f"{method} {target} HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{{}}"
    assert exchange(server, request.encode()).status == (200 if path in {"/health", "/ready"} else 403)


def test_a_page_whose_name_resolves_to_the_mock_reads_no_key(server: Server) -> None:
    page = "Origin: http://evil.example:8080\r\nSec-Fetch-Site: same-origin\r\n"
    assert ask(server, "evil.example:8080", head=page).status == 403


def test_the_api_itself_answers_to_every_host(server: Server) -> None:
    answer = ask(server, "evil.example", "/v0/devices", f"api_key: {ADMIN_KEY}\r\n")
    assert answer.status == 200


def test_the_name_of_the_certificate_is_answered_over_tls_only() -> None:
    with Authority() as authority:
        certificate = authority.issue(["api.runonrufus.com"])
        with Server(create_app(Config()), certificate=certificate) as server:
            context = ssl.create_default_context(cadata=authority.certificate)
            request = b"GET /__admin/companies HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"
            for host, status in (
                (b"api.runonrufus.com", 200),
                (b"API.runonrufus.com:443", 200),
                (b"evil.example", 403),
            ):
                assert exchange(server, request % host, context).status == status


@given(st.text(max_size=20))
def test_what_is_allowed_is_a_host_or_an_error(text: str) -> None:
    try:
        host = allowed_host(text)
    except ValueError:
        return
    assert allowed_host(host + ".") == host == host.lower()


@pytest.mark.parametrize(
    "host", ["http://mock.example.com", "mock.example.com:8080", "mock.example.com/", "", "*", "é.example"]
)
def test_what_is_no_host_is_refused_by_the_option_and_by_config(host: str) -> None:
    with pytest.raises(ValueError, match="without scheme, port and path"):
        create_app(Config(fixtures=["empty"], allow_hosts=[host]))
    done = CliRunner().invoke(serve, ["--allow-host", host])
    assert (done.exit_code, "--allow-host" in done.output) == (2, True)


def test_the_variable_allows_several_hosts(tmp_path: Path) -> None:
    environment = {"RUFUS_MOCK_ALLOW_HOST": "a.example b.example", "RUFUS_MOCK_PORT": "0", "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "rufus_mock", "serve", "--fixture", "empty"]
    with subprocess.Popen(command, env=environment, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            port = int(process.stdout.readline().rpartition(":")[2].partition("/")[0])
            for host, status in (("a.example", 200), ("b.example", 200), ("c.example", 403)):
                request = f"GET /__admin/companies HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
                assert exchange(("127.0.0.1", port), request.encode()).status == status
        finally:
            process.terminate()
