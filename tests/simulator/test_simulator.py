"""The simulator over real sockets: no acknowledged passing is lost, and none is stored twice."""

import csv
import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from rufus_mock import RufusMock
from rufus_mock.base.identifiers import Identifiers
from rufus_mock.client import RufusClient
from rufus_mock.fixtures.loader import load_fixtures
from rufus_mock.race import PRESETS, Behaviour, Race
from rufus_mock.race.devices import MISSED
from rufus_mock.race.truth import write_truth
from rufus_mock.simulator.delivery import DONE, FAILED, Run
from rufus_mock.simulator.demo import Simulation
from rufus_mock.simulator.fixture import sessions_of, write_fixture
from rufus_mock.simulator.http_target import HttpTarget, is_mock
from rufus_mock.simulator.permission import default_key
from rufus_mock.simulator.plot import plot
from rufus_mock.simulator.progress import Progress
from rufus_mock.simulator.race_clock import RaceClock, RushedClock, race_clock, race_time
from rufus_mock.simulator.start_list import write_start_list
from rufus_mock.simulator.targets import Refused, Unavailable, WorldTarget
from rufus_mock.spec.contract import Contract
from rufus_mock.web.app import Config, create_app
from rufus_mock.world import World
from tests.clocks import FrozenClock
from tests.commands.test_cli import run as command
from tests.commands.test_cli import serving as command_serving
from tests.faulty import FAULTS, faulty, internal_error, now_and_then, overloaded, passed_on
from tests.servers import ADMIN, READ, mock, serving

COMMAND = str(Path(sys.executable).with_name("rufus-mock"))


def race(name: str = "5k", runners: int = 60, seed: int = 1, **behaviour: Any) -> Race:
    return Race(replace(PRESETS[name], runners=runners), Behaviour(**behaviour), seed)


def truth_of(race: Race) -> dict[str, dict[int, tuple[str, str]]]:
    """The passings that the server must have in the end: timestamp and bib by serial number and num_passing."""
    file = StringIO()
    write_truth(race, file)
    held: dict[str, dict[int, tuple[str, str]]] = {device.serial_number: {} for device in race.devices}
    for line in csv.DictReader(StringIO(file.getvalue())):
        if line["what"] != MISSED:
            held[line["serial_number"]][int(line["num_passing"])] = (line["timestamp"], line["sent_bib"])
    return held


def stored(base_url: str, race: Race, key: str = ADMIN) -> dict[str, dict[int, tuple[str, str]]]:
    """The passings that the server has, in the form of truth_of."""
    client = RufusClient(base_url, key)
    own = {device.serial_number for device in race.devices}
    found: dict[str, dict[int, tuple[str, str]]] = {}
    for device in client.devices():
        if device["serial_number"] in own:
            passings = list(client.device_passings(device["deviceid"]))
            held = {passing["num_passing"]: (passing["timestamp"], passing["bib"]) for passing in passings}
            assert len(held) == len(passings) == device["passings"], "stored twice"
            found[device["serial_number"]] = held
    return found


def a_run(race: Race, base_url: str, speed: float = 0, key: str = ADMIN, **options: Any) -> Run:
    clock = race_clock(race.settings.start, speed)
    return Run(race.devices, lambda: HttpTarget(base_url, key), clock, **options)


def test_no_passing_is_lost_or_stored_twice_behind_a_faulty_network() -> None:
    simulated = race("10k", 60, batch=2, outages=2, flush=(5, 20), resend=0.5, overtake=0.1)
    choose, used = now_and_then(seed=1, share=0.3)
    with mock() as base_url, faulty(base_url, choose) as broken:
        run = a_run(simulated, broken)
        run.start()
        assert run.join(60)
        assert used == set(FAULTS)
        assert run.complete
        assert sum(device.count.retries for device in run.devices) > 10
        assert stored(base_url, simulated) == truth_of(simulated)
        client = RufusClient(base_url, ADMIN)
        for device in run.devices:
            assert device.count.state == DONE
            assert device.deviceid
            sessions = client.device_sessions(device.deviceid)
            # A lost response to "open" may leave an empty session behind, which the next session has closed.
            assert [s["active"] for s in sessions] == [False] * len(sessions)
            assert [s["passings"] for s in sessions if s["passings"]] == [len(device.device.passings)]


EVERY_FAULT: tuple[dict[str, Any], ...] = (
    {"answer": "cut", "when": "after"},
    {"answer": "cut", "when": "before"},
    {"answer": "empty", "when": "after"},
    {"answer": "empty", "when": "before"},
    {"answer": "garbage", "when": "after"},
    {"answer": "garbage", "when": "before"},
    {"answer": "never", "when": "after"},
    {"answer": "never", "when": "before"},
    {"status": 500, "when": "after"},
    {"status": 500, "when": "before"},
    {"status": 503, "headers": {"Retry-After": "0"}, "text": "<html>"},
    {"status": 429, "headers": {"Retry-After": "0"}, "body": {"description": "slow down"}},
    {"reset": "before_headers", "when": "after"},
    {"reset": "after_headers", "when": "before"},
    {"latency": {"uniform": {"low": 1, "high": 30}}},
    {"slow": {"bytes_per_second": 2000}},
)


def test_no_passing_is_lost_or_stored_twice_under_any_fault_of_the_mock() -> None:
    simulated = race("10k", 40, batch=2, outages=2, flush=(5, 20), resend=0.5, overtake=0.1)
    with RufusMock(fixture="empty") as faulted:
        key = faulted.keys.read_write
        faults = [faulted.faults.add(probability=0.03, seed=seed, **fault) for seed, fault in enumerate(EVERY_FAULT)]
        faulted.quota.set(requests=100, window_ms=1000)
        run = Run(
            simulated.devices,
            lambda: HttpTarget(faulted.base_url, key, timeout=(5, 0.3)),
            race_clock(simulated.settings.start, 0),
        )
        run.start()
        assert run.join(90)
        struck = [fault.struck for fault in faults]
        faulted.faults.clear()
        faulted.quota.remove()
        assert run.complete
        assert all(struck), struck
        assert stored(faulted.base_url, simulated, key) == truth_of(simulated)


class Follower(threading.Thread):
    """Results software that follows a device by device2 until its session is closed.

    Late passings have lower numbers than live ones, so it resumes after the last number before the first gap.
    """

    def __init__(self, base_url: str, deviceid: str, over: threading.Event) -> None:
        super().__init__(daemon=True)
        self.seen: dict[int, tuple[str, str]] = {}
        self.polls_with_news = 0
        self._client = RufusClient(base_url, READ)
        self._deviceid = deviceid
        self._over = over

    def run(self) -> None:
        token, last = None, 0
        while True:
            over = self._over.wait(0.05)
            answer = self._client.continue_device_passings(self._deviceid, token, last if token else None)
            new = {p["num_passing"]: (p["timestamp"], p["bib"]) for p in answer["passings"]}
            self.polls_with_news += not new.keys() <= self.seen.keys()
            self.seen |= new
            token = answer["session_used"]
            while last + 1 in self.seen:
                last += 1
            if over:
                return


def test_following_device2_yields_exactly_the_passings_of_the_truth_file() -> None:
    simulated = race("marathon", 60, outages=2, flush=(5, 20), resend=0.5, manual=("Half",), wrong_bib=0.1)
    over = threading.Event()
    with mock() as base_url:
        client = RufusClient(base_url, ADMIN)
        run = a_run(simulated, base_url, speed=10_000, keep_open=True)
        run.start()
        while not all(device.token_session for device in run.devices):
            assert not run.join(0.01)
        followers = {
            device.device.serial_number: Follower(base_url, device.deviceid or "", over) for device in run.devices
        }
        for follower in followers.values():
            follower.start()
        assert run.join(60)
        over.set()
        for follower in followers.values():
            follower.join(10)
        assert {serial: follower.seen for serial, follower in followers.items()} == truth_of(simulated)
        assert max(follower.polls_with_news for follower in followers.values()) > 3
        for device in run.devices:
            assert client.active_session(device.deviceid or "")["token_session"] == device.token_session


def test_a_second_run_of_a_race_reuses_the_bound_devices() -> None:
    simulated = race(runners=20)
    with mock() as base_url:
        for _ in range(2):
            run = a_run(simulated, base_url)
            run.start()
            assert run.join(30)
            assert run.complete
        sessions = [RufusClient(base_url, ADMIN).device_sessions(device.deviceid or "") for device in run.devices]
        assert [len(found) for found in sessions] == [2, 2, 2]


def test_two_races_with_one_seed_can_run_at_the_same_time_with_two_prefixes() -> None:
    simulated = [Race(replace(PRESETS["5k"], runners=20), seed=1, prefix=prefix) for prefix in ("A", "B")]
    with mock() as base_url:
        runs = [a_run(one, base_url) for one in simulated]
        for run in runs:
            run.start()
        assert all(run.join(30) and run.complete for run in runs)
        assert [stored(base_url, one) for one in simulated] == [truth_of(one) for one in simulated]


def test_a_refused_request_is_not_retried() -> None:
    with mock() as base_url:
        run = a_run(race(runners=10), base_url, key=READ)
        run.start()
        assert run.join(30)
        assert not run.complete
        for device in run.devices:
            assert (device.count.state, device.count.sent, device.count.retries) == (FAILED, 0, 0)
            assert "403" in device.count.error


def test_passings_to_a_closed_session_are_counted_as_refused() -> None:
    with mock() as base_url:
        closed = threading.Event()
        client = RufusClient(base_url, ADMIN)

        class Closing(HttpTarget):
            def open(self, deviceid: str, alias: str) -> str:
                token = super().open(deviceid, alias)
                client.close_session(token)
                closed.set()
                return token

        simulated = race(runners=10)
        run = Run(simulated.devices, lambda: Closing(base_url, ADMIN), RushedClock(simulated.settings.start))
        run.start()
        assert run.join(30)
        assert closed.is_set()
        for device in run.devices:
            assert device.count.refused == device.count.total
            assert "Session not found or closed" in device.count.error


def test_a_device_gives_up_when_its_patience_is_used_up() -> None:
    with mock() as base_url, faulty(base_url, lambda _: internal_error) as broken:
        run = a_run(race(runners=10), broken, patience=0.3)
        run.start()
        assert run.join(20)
        assert not run.complete
        assert {device.count.state for device in run.devices} == {FAILED}
        assert all("gave up: 500 Internal server error" in device.count.error for device in run.devices)


def test_a_stopped_run_closes_its_sessions_and_does_not_retry() -> None:
    simulated = race(runners=30)
    with mock() as base_url:
        run = a_run(simulated, base_url, speed=1)
        run.start()
        while not all(device.token_session for device in run.devices):
            assert not run.join(0.01)
        run.stop()
        assert run.join(10)
        assert all(device.count.closed for device in run.devices)
        broken_run = a_run(simulated, base_url.replace("/v0", "/nothing-here"), speed=1)
        broken_run.start()
        broken_run.stop()
        assert broken_run.join(10)


def test_a_run_that_is_stopped_during_retries_ends() -> None:
    retrying = threading.Event()

    def choose(path: str) -> Any:
        if path.endswith("/passings"):
            retrying.set()
            return overloaded
        return passed_on

    with mock() as base_url, faulty(base_url, choose) as broken:
        run = a_run(race(runners=10), broken)
        run.start()
        assert retrying.wait(20)
        run.stop()
        assert run.join(20)
        assert all(device.count.closed for device in run.devices)
        assert sum(device.count.sent for device in run.devices) == 0


def test_only_a_server_that_says_so_is_recognised_as_the_mock() -> None:
    def application(environ: Any, start_response: Any) -> list[bytes]:
        bodies = {"/openapi.json": b'{"info":{"title":"RUFUS Cloud Public API v0"}}', "/x/openapi.json": b"<html>"}
        start_response("200 OK", [("Content-Type", "application/json")])
        return [bodies.get(environ["PATH_INFO"], b"[]")]

    with mock() as base_url, serving(application) as other:
        assert is_mock(base_url)
        assert is_mock(base_url + "/")
        assert not is_mock(other)
        assert not is_mock(other.replace("/v0", "/x/v0"))
        assert not is_mock(other.replace("/v0", "/y/v0"))
    with pytest.raises(Unavailable):
        is_mock(base_url)


def test_a_race_can_run_in_a_world_in_this_process() -> None:
    app = create_app(Config(fixtures=("empty",)))
    company = next(iter(app.extensions["rufus_mock"].world.companies.values()))
    simulated = race(outages=1, resend=1.0)
    for _ in range(2):
        run = Run(simulated.devices, lambda: WorldTarget(company), RushedClock(simulated.settings.start))
        run.start()
        assert run.join(30)
        assert run.complete
    devices, _ = company.devices.page(1, 10)
    assert [device["passings"] for device in devices] == [2 * len(device.passings) for device in simulated.devices]
    with pytest.raises(Refused, match="SessionNotFound"):
        WorldTarget(company).close("0" * 64)


def test_the_race_clock_runs_at_its_speed_once_it_is_started() -> None:
    seconds = [100.0]
    clock = RaceClock(5000, 60, lambda: seconds[0])
    stop = threading.Event()
    assert clock.now() == 5000
    clock.start()
    seconds[0] += 2
    assert clock.now() == 5000 + 120_000
    assert clock.wait(5000, stop)
    stop.set()
    assert not clock.wait(5000, stop)
    assert not clock.wait(10**15, stop)
    rushed = RushedClock(5)
    assert rushed.wait(10**12, threading.Event())
    assert rushed.now() == 10**12


@pytest.mark.parametrize(("milliseconds", "text"), [(0, "0:00:00"), (-10_000, "-0:00:10"), (3_723_999, "1:02:03")])
def test_race_times_are_hours_minutes_seconds(milliseconds: int, text: str) -> None:
    assert race_time(milliseconds) == text


@pytest.mark.parametrize("terminal", [True, False])
def test_progress_shows_the_clock_and_each_device(terminal: bool) -> None:
    simulated = race(runners=20)
    console = Console(file=StringIO(), force_terminal=terminal, width=100)
    with mock() as base_url:
        run = a_run(simulated, base_url)
        run.start()
        Progress(run, simulated, 0, console).show()
    assert isinstance(console.file, StringIO)
    shown = console.file.getvalue()
    assert "5k, 20 runners" in shown
    assert re.search(r"race clock 0:\d\d:\d\d", shown)
    for device in simulated.devices:
        assert re.search(rf"{device.point}\s.*done.*\s{len(device.passings)}\s", shown)


def test_the_fixture_of_a_race_has_exactly_the_passings_of_the_truth_file(contract: Contract, tmp_path: Path) -> None:
    simulated = race("10k", 40, manual=("5 km",))
    path = tmp_path / "race.json"
    with path.open("w", encoding="utf-8") as file:
        write_fixture(list(sessions_of(simulated)), "A race.", 1, file)
    world = World(FrozenClock(0), Identifiers(1), contract.page_size)
    load_fixtures(world, contract, [path])
    company, _ = world.authenticate(ADMIN)
    held = {}
    for device in company.devices.page(1, 10)[0]:
        page = json.loads(company.passings.by_time(device["deviceid"], None, None, 1).passings.json())
        held[device["serial_number"]] = {p["num_passing"]: (p["timestamp"], p["bib"]) for p in page}
    assert held == truth_of(simulated)


def test_a_device_without_passings_is_in_the_fixture(tmp_path: Path) -> None:
    path = tmp_path / "race.json"
    with path.open("w", encoding="utf-8") as file:
        write_fixture(list(sessions_of(race(miss_start=1.0))), "A race.", 1, file)
    assert path.read_text().count('"passings": []') == 1


def test_the_default_key_is_the_one_that_all_fixtures_share() -> None:
    assert default_key() == ADMIN


def test_the_start_list_names_each_runner() -> None:
    file = StringIO()
    write_start_list(race(runners=30), file)
    lines = list(csv.DictReader(StringIO(file.getvalue())))
    assert [line["bib"] for line in lines] == [str(bib) for bib in range(1, 31)]
    assert all(line["last_name"] and line["wave"] == "1" for line in lines)


@pytest.mark.parametrize("suffix", [".png", ".svg"])
def test_the_same_race_gives_the_same_picture(tmp_path: Path, suffix: str) -> None:
    simulated = race(runners=50, miss_start=1.0)
    paths = [tmp_path / f"{number}{suffix}" for number in range(2)]
    for path in paths:
        plot(simulated, path)
    assert paths[0].read_bytes() == paths[1].read_bytes()
    assert paths[0].read_bytes().startswith(b"\x89PNG" if suffix == ".png" else b"<?xml")


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
        done = command("simulate", *(argument.format(tmp_path) for argument in arguments), **environment)
    assert done.returncode == 2
    assert done.stderr == f'rufus-mock: this needs {module}: pip install "rufus-mock[{extra}]"\n'


def test_serve_simulates_a_race() -> None:
    with command_serving(
        "--simulate", "5k", "--simulate-runners", "40", "--simulate-speed", "0", "--fixture", "empty"
    ) as (base_url, process):
        client = RufusClient(base_url, ADMIN)
        simulated = Race(replace(PRESETS["5k"], runners=40), prefix="DEMO")
        log = ""
        assert process.stderr
        while "is over" not in log:
            line = process.stderr.readline()
            assert line
            log += line
        assert stored(base_url, simulated) == truth_of(simulated)
        assert len(list(client.devices())) == 3


def test_a_simulation_in_the_server_fills_the_first_company(caplog: pytest.LogCaptureFixture) -> None:
    demo = Simulation("5k", runners=20, speed=0, seed=3)
    app = create_app(Config(fixtures=("empty",)))
    with caplog.at_level("INFO", "rufus_mock"):
        demo.run(app)
    company = next(iter(app.extensions["rufus_mock"].world.companies.values()))
    devices, _ = company.devices.page(1, 10)
    simulated = Race(replace(PRESETS["5k"], runners=20), seed=3, prefix="DEMO")
    assert {d["serial_number"]: d["passings"] for d in devices} == {
        device.serial_number: len(device.passings) for device in simulated.devices
    }
    assert "is over" in caplog.text
    demo.run(create_app(Config(fixtures=())))
    assert "no company" in caplog.text


def test_serve_lists_the_races_if_the_name_is_unknown() -> None:
    done = command("serve", "--simulate", "7k")
    assert done.returncode == 2
    assert done.stderr == "rufus-mock: --simulate: no race '7k'; the races are 5k, 10k, half, marathon\n"
