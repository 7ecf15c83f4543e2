"""The command, as a user starts it."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from rufus_mock.spec.contract import Contract
from tests.commands.forked import Fork, run_forked

COMMAND = [str(Path(sys.executable).with_name("rufus-mock"))]
KEY = {"api_key": "ror-ae4fc6c19681a20fad30"}


FREE_PORT = {"RUFUS_MOCK_PORT": "0"}
"""No test needs the default port, which may be taken."""


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return run_forked(arguments, {**os.environ, **FREE_PORT, **environment})


@contextmanager
def serving(*arguments: str, **environment: str) -> Iterator[tuple[str, Fork]]:
    """The base URL of a mock that runs as a command, and its process."""
    with Fork(["serve", *arguments], {**os.environ, **FREE_PORT, **environment}) as process:
        printed = process.stdout.readline()
        match = re.search(r"http://\S+", printed)
        assert match, printed or process.stderr.read()
        yield match.group(), process


def first_device(base_url: str) -> str:
    response = requests.get(base_url + "/devices", headers=KEY, timeout=10)
    body = response.json()
    result = body.get("body", body)["result"]
    return str(result[0]["deviceid"]) if result else ""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_serve_prints_its_address_and_ends_with_0_within_two_seconds(number: signal.Signals) -> None:
    with serving() as (base_url, process):
        assert first_device(base_url).startswith("1C3A")
        with socket.create_connection(("127.0.0.1", int(base_url.split(":")[2].split("/")[0]))):
            process.send_signal(number)
            assert process.wait(2) == 0
        log = process.stderr.read()
    assert "GET /v0/devices 200" in log
    assert "key=…ad30" in log
    assert KEY["api_key"] not in log
    assert "Traceback" not in log


def test_options_can_be_given_by_the_environment() -> None:
    with serving(RUFUS_MOCK_FIXTURE="empty edge-cases", RUFUS_MOCK_DIALECT="openapi", RUFUS_MOCK_LOG_LEVEL="error") as (
        base_url,
        process,
    ):
        assert first_device(base_url).endswith("ED01")
        process.terminate()
        assert process.stderr.read() == ""


def test_a_seed_makes_identifiers_reproducible() -> None:
    def bound(*arguments: str) -> str:
        with serving("--fixture", "empty", *arguments) as (base_url, _):
            body = {"model": "M", "serial_number": "S"}
            return str(requests.post(base_url + "/devices", json=body, headers=KEY, timeout=10).json()["deviceid"])

    assert bound("--seed", "7") == bound("--seed", "7")
    assert bound() != bound()


def test_one_process_serves() -> None:
    with serving() as (_, process):
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        if not children.exists():
            pytest.skip("this kernel does not list children")
        assert children.read_text() == ""


def test_the_log_level_is_heeded() -> None:
    with serving("--log-level", "warning") as (base_url, process):
        first_device(base_url)
        process.terminate()
        assert process.stderr.read() == ""


@pytest.mark.parametrize("dialect", ["pages", "openapi"])
def test_openapi_prints_the_document(dialect: str) -> None:
    assert json.loads(run("openapi", "--dialect", dialect).stdout) == Contract().document(dialect)


def test_openapi_takes_the_server_that_clients_call() -> None:
    for given in (
        run("openapi", "--server", "https://mock.test/v0/"),
        run("openapi", RUFUS_MOCK_SERVER="https://mock.test/v0"),
    ):
        urls = [server["url"] for server in json.loads(given.stdout)["servers"]]
        assert urls == ["https://mock.test/v0", "https://api.runonrufus.com/v0"]


def test_version_and_help() -> None:
    assert re.fullmatch(r"rufus-mock \d+\.\d+\.\d+\n", run("--version").stdout)
    assert "serve" in run("--help").stdout
    for name in ("host", "port", "fixture", "dialect", "seed", "cors", "log-level"):
        text = run("serve", "--help").stdout
        assert f"--{name}" in text
        assert "RUFUS_MOCK_" + name.replace("-", "_").upper() in text


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["serve", "--port", "x"], "--port"),
        (["serve", "--port", "70000"], "--port"),
        (["serve", "--dialect", "soap"], "--dialect"),
        (["serve", "--fixture", "nothing"], "nothing: no such fixture. Give one of documented, edge-cases, empty"),
        (["serve", "--fixture", "/dev/null"], "not JSON"),
        (["simulate", "--start", "9999-12-31T23:00:00Z"], "--start: out of the range 0002-01-01T00:00:00.000Z to 9998"),
        (["serve", "--host", "256.0.0.1", "--port", "0"], "cannot bind 256.0.0.1 port 0"),
        (["serve", "--host", "192.0.2.1", "--port", "0"], "cannot bind 192.0.2.1 port 0"),
        (["serve", "--nothing"], "--nothing"),
        (["openapi", "--server", "mock:8080"], "'mock:8080' is not a URL such as http://127.0.0.1:8080/v0"),
        (["openapi", "--server", "http://mock:x/v0"], "--server: 'http://mock:x/v0' is not a URL"),
        (["openapi", "--server", "http://a b/v0"], "--server: 'http://a b/v0' is not a URL"),
        (["openapi", "--server", ""], "--server: '' is not a URL"),
        (["nothing"], "nothing"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line_with_status_2(arguments: list[str], says: str) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert says in done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""


def test_a_taken_port_is_said_in_one_line_with_status_2() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run("serve", "--port", str(port))
    assert done.returncode == 2
    assert done.stderr == f"rufus-mock: cannot bind 127.0.0.1 port {port}: Address already in use\n"


def test_a_bad_fixture_is_reported_before_a_taken_port() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = run("serve", "--fixture", "nothing", "--port", str(taken.getsockname()[1]))
    names = "documented, edge-cases, empty, race-5k, race-marathon-splits"
    assert (done.returncode, done.stdout, done.stderr) == (
        2,
        "",
        f"rufus-mock: nothing: no such fixture. Give one of {names}, or the path of a file.\n",
    )


def test_without_a_command_the_help_is_printed() -> None:
    done = run()
    assert "Usage: rufus-mock" in done.stdout + done.stderr


def test_the_module_runs_too() -> None:
    done = subprocess.run([sys.executable, "-m", "rufus_mock", "--version"], capture_output=True, text=True)
    assert done.stdout.startswith("rufus-mock ")


def test_a_reader_that_went_away_is_no_traceback() -> None:
    done = subprocess.run(f"{COMMAND[0]} openapi | head -1", shell=True, capture_output=True, text=True, timeout=30)
    assert done.stdout == "{\n"
    assert done.stderr == ""
