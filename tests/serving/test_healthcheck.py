"""rufus-mock healthcheck with a ready server, one that is not ready, and no server."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from rufus_mock.serving.certificates import Authority
from rufus_mock.serving.server import Server
from rufus_mock.web.app import Config, create_app

COMMAND = str(Path(sys.executable).with_name("rufus-mock"))


def healthcheck(*options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [COMMAND, "healthcheck", *options],
        capture_output=True,
        text=True,
        timeout=30,
        env={**os.environ, **environment},
    )


def answering(status: str) -> Callable[..., Any]:
    """An application that responds with this status to the readiness check and with 418 to everything else."""

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        asked = environ["REQUEST_METHOD"] == "GET" and environ["PATH_INFO"] == "/__admin/ready"
        start_response(status if asked else "418 Teapot", [("Content-Type", "application/json")])
        return [b"{}"]

    return application


@pytest.fixture(params=["http", "https"])
def authority(request: pytest.FixtureRequest) -> Iterator[Authority | None]:
    if request.param == "http":
        yield None
    else:
        with Authority() as authority:
            yield authority


@contextmanager
def serving(status: str, authority: Authority | None) -> Iterator[dict[str, str]]:
    """Runs a server and yields the environment variables of its container."""
    certificate = authority.issue(["api.runonrufus.com"]) if authority else None
    with Server(answering(status), certificate=certificate) as server:
        yield {"RUFUS_MOCK_PORT": str(server.port), "RUFUS_MOCK_TLS": "true" if authority else ""}


@pytest.mark.parametrize("host", ["0.0.0.0", "127.0.0.1", "localhost", ""])
def test_a_ready_mock_is_healthy_on_every_address(authority: Authority | None, host: str) -> None:
    with serving("200 OK", authority) as environment:
        done = healthcheck(**environment, RUFUS_MOCK_HOST=host)
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("is ready\n")


def test_a_mock_that_is_not_ready_is_unhealthy(authority: Authority | None) -> None:
    with serving("503 Service Unavailable", authority) as environment:
        done = healthcheck(**environment)
    assert done.returncode == 1
    assert "/__admin/ready: expected 200, found 503\n" in done.stderr


def test_a_mock_without_an_admin_api_is_healthy_if_it_answers(authority: Authority | None) -> None:
    with serving("404 Not Found", authority) as environment:
        assert healthcheck(**environment).returncode == 1
        assert healthcheck(**environment, RUFUS_MOCK_NO_ADMIN="1").returncode == 0
        assert healthcheck("--no-admin", **environment).returncode == 0
    with serving("503 Service Unavailable", authority) as environment:
        assert healthcheck(**environment, RUFUS_MOCK_NO_ADMIN="1").returncode == 1


def test_a_real_mock_is_healthy() -> None:
    with Server(create_app()) as server:
        assert healthcheck(RUFUS_MOCK_PORT=str(server.port)).returncode == 0
    with Server(create_app(Config(admin=False, dialect="openapi"))) as server:
        assert healthcheck(RUFUS_MOCK_PORT=str(server.port), RUFUS_MOCK_NO_ADMIN="true").returncode == 0


def test_options_have_the_same_effect_as_the_environment(authority: Authority | None) -> None:
    with serving("200 OK", authority) as environment:
        options = ["--port", environment["RUFUS_MOCK_PORT"], *(["--tls"] if authority else [])]
        assert healthcheck(*options).returncode == 0
    done = healthcheck(*options)
    assert done.returncode == 1
    assert "no response" in done.stderr


def test_without_a_server_it_is_unhealthy_and_names_the_variables() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    done = healthcheck(RUFUS_MOCK_PORT=str(port))
    assert done.returncode == 1
    assert f"http://127.0.0.1:{port}/__admin/ready: no response: Connection refused" in done.stderr
    assert "RUFUS_MOCK_PORT" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_protocol_other_than_the_configured_one_is_unhealthy() -> None:
    with Authority() as authority, serving("200 OK", authority) as environment:
        assert healthcheck(RUFUS_MOCK_PORT=environment["RUFUS_MOCK_PORT"]).returncode == 1
    with serving("200 OK", None) as environment:
        assert healthcheck(RUFUS_MOCK_PORT=environment["RUFUS_MOCK_PORT"], RUFUS_MOCK_TLS="1").returncode == 1


def test_a_response_that_is_not_http_is_unhealthy() -> None:
    def other(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(1024)
            connection.sendall(b"220 mail.example.com ESMTP\r\n")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=other, args=[listener])
        thread.start()
        done = healthcheck(RUFUS_MOCK_PORT=str(listener.getsockname()[1]))
        thread.join()
    assert done.returncode == 1
    assert "expected 200, found no HTTP" in done.stderr


@pytest.mark.parametrize("port", ["x", "70000", "-1"])
def test_an_invalid_port_is_unhealthy_without_a_traceback(port: str) -> None:
    done = healthcheck(RUFUS_MOCK_PORT=port)
    assert done.returncode == 1
    assert done.stderr.startswith(f"rufus-mock: http://127.0.0.1:{port}/__admin/ready: ")
    assert done.stderr.count("\n") == 1


def test_it_imports_only_a_few_modules() -> None:
    code = """if True:
        import sys
        from rufus_mock.__main__ import main
        sys.argv = ["rufus-mock", "healthcheck"]
        try:
            main()
        finally:
            print(*sys.modules)
        """
    environment = {"RUFUS_MOCK_PORT": "1", "PATH": os.environ["PATH"]}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment)
    modules = set(done.stdout.split())
    assert {"socket", "rufus_mock.serving.healthcheck"} <= modules
    heavy = {
        "click",
        "flask",
        "http.client",
        "importlib.metadata",
        "json",
        "logging",
        "rufus_mock.cli",
        "ssl",
        "typing",
    }
    assert not modules & heavy
