import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch
from xml.etree import ElementTree

import orjson
import pytest
from flask import Flask, Response, request
from hypothesis.configuration import set_hypothesis_home_dir

from rufus_mock.cli import main
from rufus_mock.web.app import create_app
from tests.contract.mutants import mutant_named
from tests.servers import ADMIN, READ, WRITE, mock, serving

KEYS = (ADMIN, READ, WRITE)


def environment(tmp_path: Path, **variables: str) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("RUFUS", "CI"))}
    # One cache for all tests of a session: hypothesis builds its tables once.
    cache = str(tmp_path.parent / "cache")
    return {**inherited, "XDG_CACHE_HOME": cache, "NO_PROXY": "127.0.0.1", **variables}


@dataclass(frozen=True)
class Ran:
    """What a command printed, and its exit status."""

    returncode: int
    stdout: str
    stderr: str


Command = Callable[..., Ran]


@pytest.fixture
def rufus_mock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Command]:
    """Runs `rufus-mock contract` in this process, because most of the time of a process goes into its imports."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, **variables: str) -> Ran:
        variables = environment(tmp_path, **variables)
        with patch.dict(os.environ, variables, clear=True), pytest.raises(SystemExit) as ended:
            main(["contract", *arguments])
        assert isinstance(ended.value.code, int)
        return Ran(ended.value.code, *capsys.readouterr())

    yield run
    set_hypothesis_home_dir(None)


def start(tmp_path: Path, *arguments: str, **variables: str) -> subprocess.Popen[str]:
    """`rufus-mock contract` as a process of its own."""
    command = [sys.executable, "-m", "rufus_mock", "contract", *arguments]
    env = environment(tmp_path, **variables)
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path, env=env)


@pytest.fixture(scope="module")
def base_url() -> Iterator[str]:
    with mock() as url:
        yield url


def test_without_a_url_it_holds_the_mock_against_the_contract(tmp_path: Path) -> None:
    files = {name: tmp_path / f"report.{name}" for name in ("json", "junit", "html")}
    options = [part for name, path in files.items() for part in (f"--{name}", str(path))]
    process = start(tmp_path, "--examples", "2", *options)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, out + err
    assert "coverage    100.0 %" in out
    assert "CONFORMS" in out
    report = json.loads(files["json"].read_text())
    assert report["exit_status"] == 0
    suite = ElementTree.parse(files["junit"]).getroot()
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("15", "0", "0")
    html = files["html"].read_text()
    assert "Conforms to the whole contract" in html
    assert "src=" not in html
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report.html", "report.json", "report.junit"]


def test_drift_is_shown_and_a_baseline_accepts_it(tmp_path: Path, rufus_mock: Command) -> None:
    with serving(mutant_named("device_404_is_html").application()) as url:
        options = ("--base-url", url, "--rate", "1000", "--operation", "getDevice", "--seed", "1")
        first = rufus_mock(*options, "--json", "a.json", "--junit", "a.xml", "--html", "a.html", RUFUS_API_KEY=ADMIN)
        again = rufus_mock(*options, "--baseline", "a.json", RUFUS_API_KEY=ADMIN)
    assert first.returncode == 1, first.stderr
    assert "DRIFT: 1 breaking" in first.stdout
    assert "curl -H 'api_key: …ad30'" in first.stdout
    assert "documented https://help.runonrufus.com/" in first.stdout
    assert '"text/html' not in (tmp_path / "a.html").read_text()
    assert "<html><body><h1>404" not in (tmp_path / "a.html").read_text()
    failure = ElementTree.parse(tmp_path / "a.xml").getroot().find(".//testcase[@name='getDevice']/failure")
    assert failure is not None
    assert "JSON" in str(failure.text)
    assert again.returncode == 0, again.stdout
    assert "1 findings are known to the baseline" in again.stdout
    assert ADMIN not in first.stdout + first.stderr + "".join(p.read_text() for p in tmp_path.glob("a.*"))


def test_strict_fails_for_notes_too(rufus_mock: Command) -> None:
    with serving(mutant_named("sessions_are_listed_newest_first").application()) as url:
        options = ("--base-url", url, "--rate", "1000", "--allow-writes", "--operation", "getDeviceSessions")
        assert rufus_mock(*options, RUFUS_API_KEY=ADMIN).returncode == 0
        assert rufus_mock(*options, "--strict", RUFUS_API_KEY=ADMIN).returncode == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--base-url", "http://127.0.0.1:9/v0", "--api-key", READ], "Connection refused"),
        (["--base-url", "http://no-such-host.invalid/v0", "--api-key", READ], "does not resolve"),
        (["--base-url", "nowhere"], "not a URL"),
        (["--operation", "flyDevice"], "no such operation"),
        (["--api-key", "schlüssel"], "a key is ror-"),
        (["--json", "/no/such/folder/report.json", "--examples", "1"], "/no/such/folder/report.json: No such file"),
        (["--baseline", "none.json"], "none.json"),
        (["--budget", "0"], "--budget"),
    ],
)
def test_what_cannot_run_is_said_in_one_line(rufus_mock: Command, arguments: list[str], message: str) -> None:
    ran = rufus_mock(*arguments)
    assert ran.returncode == 2
    assert message in ran.stderr
    assert len(ran.stderr.splitlines()) == 1


def test_without_a_key_it_says_which_option_to_give(rufus_mock: Command, base_url: str) -> None:
    ran = rufus_mock("--base-url", base_url)
    assert (ran.returncode, "RUFUS_API_KEY" in ran.stderr) == (2, True)


def test_a_baseline_that_is_none_is_named(tmp_path: Path, rufus_mock: Command) -> None:
    (tmp_path / "b.json").write_text("[1]")
    ran = rufus_mock("--baseline", "b.json")
    assert (ran.returncode, "b.json: no baseline" in ran.stderr) == (2, True)


def test_without_the_extra_it_says_how_to_install_it(tmp_path: Path) -> None:
    code = "import sys; sys.modules['requests'] = None; from rufus_mock.cli import main; main(['contract'])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment(tmp_path))
    assert (ran.returncode, ran.stderr.count("\n")) == (2, 1)
    assert 'this needs requests: pip install "rufus-mock[contract]"' in ran.stderr


def _echo_keys(app: Flask) -> None:
    """A server that repeats the key in whatever it answers, so that all that shows an answer shows a key."""

    @app.after_request
    def echoed(response: Response) -> Response:
        key = request.headers.get("api_key") or request.headers.get("x-api-key") or "none"
        body = orjson.loads(response.get_data())
        body[key] = key
        body["description"] = f"{body['description']} {key}"
        response.set_data(orjson.dumps(body))
        return response


def test_keys_are_in_nothing_that_is_printed_or_written(tmp_path: Path, rufus_mock: Command) -> None:
    app = create_app()
    _echo_keys(app)
    with serving(app) as url:
        files = ("--json", "a.json", "--junit", "a.xml", "--html", "a.html")
        ran = rufus_mock(
            *("--base-url", url, "--rate", "2000", "--budget", "2000", "--allow-writes", "--write-key", WRITE, *files),
            RUFUS_API_KEY=ADMIN,
            RUFUS_READ_KEY=READ,
        )
    assert ran.returncode == 1, ran.stderr
    shown = ran.stdout + ran.stderr + "".join(path.read_text() for path in tmp_path.glob("a.*"))
    assert "…ad30" in shown
    for key in KEYS:
        assert key not in shown


def test_keys_are_in_no_traceback(tmp_path: Path) -> None:
    code = """
import rufus_mock.contract.command as command
def broken(options, *others):
    raise RuntimeError(f"with {options.keys.api_key!r} in it")
command.run_contract = broken
from rufus_mock.cli import main
main(["contract", "--base-url", "http://127.0.0.1:9/v0"])
"""
    variables = environment(tmp_path, RUFUS_API_KEY=ADMIN)
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=variables)
    assert ran.returncode == 2
    assert "RuntimeError: with '…ad30' in it" in ran.stderr
    assert ADMIN not in ran.stdout + ran.stderr


class Watched:
    """A mock on a socket that notices when the kit has opened several sessions."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.company = next(iter(app.extensions["rufus_mock"].world.companies.values()))
        self.before = self.devices
        self.url = ""
        self.opened = threading.Event()

        @app.after_request
        def watch(response: Response) -> Response:
            if len(self.company.sessions._sessions) > 6:
                self.opened.set()
            return response

    @property
    def devices(self) -> Any:
        return self.company.devices.page(1, 5000)


@pytest.fixture
def watched() -> Iterator[Watched]:
    watched = Watched(create_app())
    with serving(watched.app) as watched.url:
        yield watched


def interrupted(tmp_path: Path, watched: Watched, number: int, **keys: str) -> Ran:
    """A run that got a signal while it had a device and sessions."""
    options = ("--base-url", watched.url, "--allow-writes", "--rate", "60")
    with start(tmp_path, *options, **keys) as process:
        try:
            assert watched.opened.wait(60)
            assert watched.devices != watched.before
            process.send_signal(number)
            out, err = process.communicate(timeout=30)
        finally:
            process.kill()
    assert process.returncode == 130, out + err
    return Ran(process.returncode, out, err)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_closes_and_unbinds_what_it_made(tmp_path: Path, watched: Watched, number: int) -> None:
    ran = interrupted(tmp_path, watched, number, RUFUS_API_KEY=ADMIN)
    assert watched.devices == watched.before
    assert "interrupted" in ran.stdout
    assert "Traceback" not in ran.stdout + ran.stderr


def test_an_interrupted_run_names_what_it_could_not_remove(tmp_path: Path, watched: Watched) -> None:
    ran = interrupted(tmp_path, watched, signal.SIGINT, RUFUS_READ_KEY=READ, RUFUS_WRITE_KEY=WRITE)
    devices = watched.company.devices._devices.values()
    own = [device for device in devices if (device.alias or "").startswith("rufus-mock contract ")]
    assert len(own) == 1
    assert f"LEFT BEHIND: device {own[0].deviceid}" in ran.stdout
    assert [each for each in watched.company.sessions.of_device(own[0].deviceid) if each.active] == []


QUICK = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
"""Keeps the plugins of this project's other dependencies out, which take seconds to import."""


def _pytest(tmp_path: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    folder = Path(__file__).parent.parent.parent / "contract_tests"
    files = [str(folder / argument) for argument in arguments if argument.endswith(".py")] or [str(folder)]
    options = [argument for argument in arguments if not argument.endswith(".py")]
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", *files, *options]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=120, cwd=tmp_path, env=environment(tmp_path, **variables)
    )


def test_it_runs_as_plain_pytest_side_by_side(tmp_path: Path) -> None:
    app = create_app()
    company = next(iter(app.extensions["rufus_mock"].world.companies.values()))
    with serving(app) as url:
        options = ("--base-url", url, "--allow-writes", "--rate", "1000", "--examples", "2", "-p", "xdist", "-n", "2")
        ran = _pytest(tmp_path, *options, RUFUS_API_KEY=ADMIN, **QUICK)
    assert ran.returncode == 0, ran.stdout
    assert company.devices.page(1, 5000)[1] == 2


def test_plain_pytest_fails_for_drift_and_shows_no_key(tmp_path: Path) -> None:
    app = create_app()
    _echo_keys(app)
    with serving(app) as url:
        options = (
            "--base-url",
            url,
            "--rate",
            "1000",
            "-k",
            "a_device_is or a_session_is",
            "--junit-xml",
            "a.xml",
            "-s",
        )
        ran = _pytest(tmp_path, *options, RUFUS_API_KEY=ADMIN, **QUICK)
    assert ran.returncode == 1, ran.stdout
    assert "breaking" in ran.stdout
    assert ADMIN not in ran.stdout + ran.stderr + (tmp_path / "a.xml").read_text()


def test_plain_pytest_says_in_one_line_that_it_could_not_run(tmp_path: Path) -> None:
    ran = _pytest(tmp_path, "--base-url", "http://127.0.0.1:9/v0", RUFUS_API_KEY=ADMIN, **QUICK)
    assert ran.returncode == 2
    assert "could not run: http://127.0.0.1:9/v0: no answer: Connection refused" in ran.stdout


def test_plain_pytest_of_one_subject_reads_only_and_skips_what_needs_to_write(tmp_path: Path) -> None:
    app = create_app()
    methods = set()

    @app.before_request
    def watch() -> None:
        methods.add(request.method)

    with serving(app) as url:
        options = ("--base-url", url, "--rate", "1000", "--examples", "2")
        ran = _pytest(tmp_path, "test_sessions.py", *options, RUFUS_API_KEY=ADMIN)
    assert ran.returncode == 0, ran.stdout
    assert "3 passed, 2 skipped" in ran.stdout
    assert methods == {"GET"}


def test_plain_pytest_of_one_subject_finds_a_defect_and_says_how_to_repeat_it(tmp_path: Path) -> None:
    with serving(mutant_named("close_404_is_plural").application()) as url:
        options = ("--base-url", url, "--allow-writes", "--rate", "1000", "--contract-seed", "7")
        ran = _pytest(tmp_path, "test_sessions.py", *options, RUFUS_API_KEY=ADMIN, **QUICK)
    assert ran.returncode == 1, ran.stdout
    assert "1 failed, 4 passed" in ran.stdout
    assert "breaking: closeSession 404 /description" in ran.stdout
    assert "repeat    --contract-seed 7, check a_closed_session_is_shut_and_readable" in ran.stdout
