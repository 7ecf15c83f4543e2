"""The race clock, and the progress that is shown during a run."""

import re
import threading
from io import StringIO

import pytest
from rich.console import Console

from rufus_mock.simulator.progress import Progress
from rufus_mock.simulator.race_clock import RaceClock, RushedClock, race_time
from tests.servers import mock
from tests.simulator.races import a_run, race


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
