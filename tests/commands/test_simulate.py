"""`rufus-mock simulate` as a user runs it: its files, its safeguards and its messages."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from rufus_mock.client import RufusClient
from tests.commands.test_cli import run as command
from tests.servers import ADMIN, mock, serving
from tests.simulator.races import race, stored, truth_of

COMMAND = str(Path(sys.executable).with_name("rufus-mock"))


def test_the_command_sends_a_race_and_writes_its_files(tmp_path: Path) -> None:
    files = {name: tmp_path / name for name in ("truth.csv", "start.csv", "race.svg")}
    with mock() as base_url:
        done = command(
            *("simulate", "--race", "5k", "--runners", "30", "--speed", "0", "--base-url", base_url, "--seed", "4"),
            *("--truth", str(files["truth.csv"]), "--start-list", str(files["start.csv"])),
            *("--plot", str(files["race.svg"])),
        )
        assert done.returncode == 0, done.stderr
        simulated = race(runners=30, seed=4)
        assert stored(base_url, simulated) == truth_of(simulated)
    assert "by 3 devices" in done.stdout
    assert "3 sessions closed" in done.stdout
    assert "race clock" in done.stderr
    assert all(path.stat().st_size > 500 for path in files.values())


def test_the_command_writes_the_same_files_for_the_same_seed(tmp_path: Path) -> None:
    arguments = ("simulate", "--runners", "30", "--seed", "4", "--median", "40:00", "--split", "3", "--split", "7")
    for name in "ab":
        paths = [str(tmp_path / f"{name}.{kind}") for kind in ("json", "csv", "list")]
        done = command(*arguments, "--out", paths[0], "--truth", paths[1], "--start-list", paths[2])
        assert done.returncode == 0, done.stderr
    for kind in ("json", "csv", "list"):
        assert (tmp_path / f"a.{kind}").read_bytes() == (tmp_path / f"b.{kind}").read_bytes()
    assert "7 km" in (tmp_path / "a.csv").read_text()


def test_ctrl_c_closes_the_sessions() -> None:
    with mock() as base_url:
        client = RufusClient(base_url, ADMIN)
        before = {device["deviceid"] for device in client.devices()}
        with subprocess.Popen(
            [COMMAND, "simulate", "--runners", "50", "--speed", "1", "--base-url", base_url],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            try:
                opened: list[str] = []
                while len(opened) < 3:
                    assert process.poll() is None
                    own = [device for device in client.devices() if device["deviceid"] not in before]
                    opened = [device["deviceid"] for device in own if device["sessions"]]
                process.send_signal(signal.SIGINT)
                out, err = process.communicate(timeout=20)
            finally:
                process.kill()
        assert process.returncode == 130
        assert "3 of 3 sessions closed" in out
        assert "Traceback" not in err
        assert [session["active"] for deviceid in opened for session in client.device_sessions(deviceid)] == [False] * 3


def test_a_server_that_is_not_the_mock_needs_allow_writes_and_a_key() -> None:
    sent: list[str] = []

    def application(environ: Any, start_response: Any) -> list[bytes]:
        sent.append(environ["REQUEST_METHOD"])
        start_response("403 Forbidden", [("Content-Type", "application/json")])
        return [b'{"description":"no"}']

    with serving(application) as url:
        done = command("simulate", "--runners", "5", "--base-url", url, "--api-key", ADMIN)
        assert (done.returncode, done.stdout) == (2, "")
        assert "is not the mock" in done.stderr
        assert "--allow-writes" in done.stderr
        assert set(sent) == {"GET"}
        done = command("simulate", "--runners", "5", "--base-url", url, "--allow-writes")
        assert (done.returncode, set(sent)) == (2, {"GET"})
        assert "--api-key" in done.stderr
        allowed = (
            "simulate",
            "--runners",
            "5",
            "--base-url",
            url,
            "--allow-writes",
            "--api-key",
            ADMIN,
            "--speed",
            "0",
        )
        done = command(*allowed)
        assert done.returncode == 1
        assert "NOT sent: 403 no" in done.stderr
        assert "POST" in sent
        assert ADMIN not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (
            ["--base-url", "http://127.0.0.1:9/v0"],
            "no response from http://127.0.0.1:9/v0: Connection refused; is the mock",
        ),
        (["--race", "6k"], "'6k' is not one of '5k', '10k', 'half', 'marathon'"),
        (["--split", "12"], "--split: must be kilometres in ascending order, more than 0 and less than 10, not 12"),
        (["--manual", "Goal"], "--manual: no point 'Goal'; the points are 'Start', '5 km', 'Finish'"),
        (["--median", "soon"], "'soon' is not a duration from one second to 720 hours; write it like 57:00"),
        (["--start", "2026-05-10"], "not a time: '2026-05-10'; write YYYY-MM-DDTHH:mm:ss.sssZ"),
        (["--flush", "50", "5"], "--flush: must be two positive numbers, the smaller first, not 50 5"),
        (["--out", "/nowhere/x.json"], "cannot write /nowhere/x.json: No such file or directory"),
        (["--plot", "x.gif"], "x.gif: the file name must end in .png or .svg"),
    ],
)
def test_invalid_options_are_reported_in_one_line(arguments: list[str], says: str) -> None:
    done = command("simulate", "--runners", "5", *arguments)
    assert done.returncode == 2
    assert says in done.stderr
    assert done.stderr.count("\n") == 1


@contextmanager
def without(tmp_path: Path, module: str) -> Iterator[dict[str, str]]:
    """Environment variables that make a package behave as if it were not installed."""
    blocker = tmp_path / "sitecustomize.py"
    blocker.write_text(
        "import sys\n"
        "class Blocker:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        f"        if name == {module!r}:\n"
        "            raise ModuleNotFoundError(f'No module named {name!r}', name=name)\n"
        "sys.meta_path.insert(0, Blocker())\n"
    )
    yield {"PYTHONPATH": os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])}


@pytest.mark.parametrize(
    ("module", "extra", "arguments"),
    [
        ("requests", "simulator", ("--runners", "5")),
        ("faker", "simulator", ("--runners", "5", "--start-list", "{}/list.csv")),
        ("matplotlib", "plot", ("--runners", "5", "--plot", "{}/race.png")),
    ],
)
def test_a_missing_package_is_reported_with_the_command_that_installs_it(
    tmp_path: Path, module: str, extra: str, arguments: tuple[str, ...]
) -> None:
    with without(tmp_path, module) as environment:
        done = subprocess.run(
            [COMMAND, "simulate", *(argument.format(tmp_path) for argument in arguments)],
            capture_output=True,
            text=True,
            timeout=60,
            env={**os.environ, **environment},
        )
    assert done.returncode == 2
    assert done.stderr == f'rufus-mock: this needs {module}: pip install "rufus-mock[{extra}]"\n'
