"""`rufus-mock contract` as a user runs it: its reports, its messages, and never a key."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest.mock import patch
from xml.etree import ElementTree

import pytest
from hypothesis.configuration import set_hypothesis_home_dir

from rufus_mock.cli import main
from rufus_mock.web.app import create_app
from tests.contract.command_runs import Ran, echo_keys, environment, start
from tests.contract.mutants import mutant_named
from tests.servers import ADMIN, READ, WRITE, mock, serving

KEYS = (ADMIN, READ, WRITE)

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
    statements = str(report["coverage"]["statements"])
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == (statements, "0", "0")
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
    failure = ElementTree.parse(tmp_path / "a.xml").getroot().find(".//testcase[@classname='getDevice']/failure")
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


def test_keys_are_in_nothing_that_is_printed_or_written(tmp_path: Path, rufus_mock: Command) -> None:
    app = create_app()
    echo_keys(app)
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
