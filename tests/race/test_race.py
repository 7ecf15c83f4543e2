"""The simulated race has the figures of real races and is reproducible."""

import csv
import io
import math
import statistics
import subprocess
import sys
from bisect import bisect_right
from collections import Counter, defaultdict
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rufus_mock.base.identifiers import epc
from rufus_mock.base.timestamps import parse
from rufus_mock.race import PRESETS, Behaviour, Race, Settings
from rufus_mock.race.devices import MISSED, MISTYPED
from rufus_mock.race.truth import COLUMNS, write_truth
from tests.race.simulated_races import simulated

MINUTE = 60_000

# From public results, written here independently of the presets.
RESULTS = {
    "5k": (1828, 0.205, 5),
    "10k": (3420, 0.21, 10),
    "half": (7320, 0.187, 21.1),
    "marathon": (16080, 0.22, 42.2),
}


def busiest_minute(times: list[int]) -> int:
    """The largest number of times within any 60 seconds."""
    times.sort()
    return max(bisect_right(times, time + MINUTE) - index for index, time in enumerate(times))


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("name", RESULTS)
def test_finish_times_and_the_finish_peak_are_those_of_real_races(name: str, seed: int) -> None:
    median, sigma, kilometres = RESULTS[name]
    runners = 10_000
    field = simulated(name, runners, seed).runners
    nets = [runner.net / 1000 for runner in field]
    assert statistics.median(nets) == pytest.approx(median, rel=0.02)
    assert statistics.stdev(map(math.log, nets)) == pytest.approx(sigma, rel=0.02)
    peak = 0.6 * runners / kilometres
    assert busiest_minute([runner.finish for runner in field]) == pytest.approx(peak, rel=0.2)
    by_the_clock = Counter((runner.finish - PRESETS[name].start) // MINUTE for runner in field)
    assert max(by_the_clock.values()) == pytest.approx(peak, rel=0.2)
    assert min(nets) > 0.45 * median


def test_3080_runners_over_ten_kilometres_peak_at_175_to_185_per_minute() -> None:
    peaks = [busiest_minute([runner.finish for runner in simulated("10k", 3080, seed).runners]) for seed in range(5)]
    assert 160 <= statistics.mean(peaks) <= 200


def test_a_finish_peak_of_0_leaves_the_peak_of_the_lognormal_distribution() -> None:
    field = Race(replace(PRESETS["10k"], runners=10_000, finish_peak=0)).runners
    smooth = 10_000 / (57 * 0.21 * math.sqrt(2 * math.pi))
    assert busiest_minute([runner.finish for runner in field]) < 1.2 * smooth


def test_6_to_12_runners_per_second_start_in_waves() -> None:
    waves = defaultdict(list)
    for runner in simulated("half", 5000).runners:
        waves[runner.wave].append(runner.start)
    assert sorted(waves) == [1, 2, 3]
    for starts in waves.values():
        assert 500 <= len(starts) <= 2000
        assert 6 <= len(starts) / ((max(starts) - min(starts)) / 1000) <= 12
    first_starts = [min(waves[wave]) for wave in sorted(waves)]
    assert all(3 <= (after - before) / MINUTE + 0.1 <= 10 for before, after in pairwise(first_starts))


@given(st.sampled_from(sorted(PRESETS)), st.integers(1, 300), st.integers())
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_runner_crosses_the_points_in_order_and_finishes_after_the_net_time(
    name: str, runners: int, seed: int
) -> None:
    race = Race(replace(PRESETS[name], runners=runners), seed=seed)
    parts = [kilometres / race.settings.kilometres for _, kilometres in race.settings.points]
    for runner in race.runners:
        times = [runner.at(part) for part in parts]
        assert times == sorted(set(times))
        assert (times[0], times[-1]) == (runner.start, runner.start + runner.net)
        assert runner.start >= race.settings.start
        assert runner.chip == epc(int(runner.bib))
    assert [runner.bib for runner in race.runners] == [str(bib) for bib in range(1, runners + 1)]


def truth_of(race: Race) -> str:
    file = io.StringIO()
    write_truth(race, file)
    return file.getvalue()


def test_the_truth_file_has_one_row_per_passing_and_one_per_missed_crossing() -> None:
    race = simulated("10k", 500, manual=("5 km",), wrong_bib=0.05)
    lines = list(csv.DictReader(io.StringIO(truth_of(race))))
    assert tuple(lines[0]) == COLUMNS
    for device in race.devices:
        own = [line for line in lines if line["point"] == device.point]
        assert {line["bib"] for line in own} == {runner.bib for runner in race.runners}
        assert sum(line["what"] == MISSED for line in own) == len(device.missed)
        held = {int(line["num_passing"]): line for line in own if line["what"] != MISSED}
        assert sorted(held) == [passing.num_passing for passing in device.passings]
        for passing in device.passings:
            line, sent = held[passing.num_passing], device.as_sent(passing)
            assert (line["timestamp"], line["sent_bib"]) == (sent["timestamp"], sent["bib"])
            assert parse(line["true_time"]) == passing.crossing.time
    assert MISTYPED in {line["what"] for line in lines}


def test_the_same_seed_gives_the_same_race_and_another_seed_a_different_one() -> None:
    def everything(seed: int) -> str:
        race = Race(replace(PRESETS["5k"], runners=50), seed=seed)
        sent = [[device.as_sent(p) for p in d.passings] for device in race.devices for d in device.deliveries]
        return truth_of(race) + repr(sent)

    assert everything(5) == everything(5)
    assert everything(5) != everything(6)


def test_a_seed_gives_the_same_race_in_every_process() -> None:
    code = (
        "import io, hashlib; from dataclasses import replace; from rufus_mock.race import *;"
        "from rufus_mock.race.truth import write_truth; f = io.StringIO();"
        "write_truth(Race(replace(PRESETS['10k'], runners=40), seed=9), f);"
        "print(hashlib.sha256(f.getvalue().encode()).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    # The same digest in every version of Python and on every machine.
    assert digests == {"a58ac5fe36bd9bc8190f21761cbd932ff80663a2a7035ce85c8b6a55415d1dd1\n"}


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"runners": 0}, "runners"),
        ({"median": 0}, "median"),
        ({"start_rate": -1}, "start_rate"),
        ({"finish_peak": -1}, "finish_peak"),
        ({"splits": (5, 2)}, "splits"),
        ({"splits": (5, 12)}, "splits"),
    ],
)
def test_invalid_race_settings_are_refused(changes: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=f"^{says}:"):
        replace(PRESETS["10k"], **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"reads": "both"}, "reads"),
        ({"clock": "none"}, "clock"),
        ({"miss_start": 1.5}, "miss_start"),
        ({"outage_minutes": (3.0, 1.0)}, "outage_minutes"),
        ({"batch": 0}, "batch"),
        ({"outages": -1}, "outages"),
    ],
)
def test_an_invalid_behaviour_is_refused(changes: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=f"^{says}:"):
        Behaviour(**changes)  # type: ignore[arg-type]


def test_a_phone_at_an_unknown_point_is_refused() -> None:
    with pytest.raises(ValueError, match=r"no point '7 km'; the points are 'Start', '5 km', 'Finish'"):
        Race(PRESETS["10k"], Behaviour(manual=("7 km",)))


def test_a_custom_race_may_have_a_single_runner() -> None:
    mine = Settings("mine", 7.5, median=2400, sigma=0.2, splits=(2, 4, 6), runners=1)
    race = Race(mine, Behaviour(outages=5, miss_start=1.0), seed=3)
    assert [device.point for device in race.devices] == ["Start", "2 km", "4 km", "6 km", "Finish"]
    assert [len(device.passings) >= 1 for device in race.devices[1:]] == [True] * 4
    assert race.devices[0].deliveries == []
