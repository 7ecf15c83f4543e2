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
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rufus_mock.base.identifiers import epc
from rufus_mock.base.timestamps import parse
from rufus_mock.race import PRESETS, Behaviour, Race, Settings
from rufus_mock.race.devices import AGAIN, FLUSHED, LIVE, MISSED, MISTYPED, RESENT, SEEN, Device
from rufus_mock.race.truth import COLUMNS, write_truth
from rufus_mock.spec.contract import Contract
from rufus_mock.spec.validation import BodyValidator

MINUTE = 60_000

# From public results, written here independently of the presets.
RESULTS = {
    "5k": (1828, 0.205, 5),
    "10k": (3420, 0.21, 10),
    "half": (7320, 0.187, 21.1),
    "marathon": (16080, 0.22, 42.2),
}


@cache
def simulated(name: str, runners: int, seed: int = 1, **behaviour: object) -> Race:
    return Race(replace(PRESETS[name], runners=runners), Behaviour(**behaviour), seed)  # type: ignore[arg-type]


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


def share(part: float, whole: float) -> float:
    return part / whole


def test_devices_miss_and_repeat_crossings_at_the_configured_rates() -> None:
    race = simulated("marathon", 10_000)
    expected = [0.025, *[0.01] * 4, 0.005]
    for device, misses in zip(race.devices, expected, strict=True):
        assert share(len(device.missed), 10_000) == pytest.approx(misses, abs=4 * math.sqrt(misses / 10_000))
        again = [passing for passing in device.passings if passing.how == AGAIN]
        assert share(len(again), len(device.passings)) == pytest.approx(0.03, abs=0.007)
        assert all(1000 <= passing.recorded - passing.crossing.time <= 10_000 for passing in again)
        seen = {passing.crossing.runner.bib for passing in device.passings if passing.how == SEEN}
        assert len(seen) + len(device.missed) == 10_000


@pytest.mark.parametrize(("clock", "most"), [("synced", 50), ("by-hand", 2000)])
def test_the_clock_setting_limits_the_clock_error(clock: str, most: int) -> None:
    offsets = set()
    for seed in range(8):
        for device in simulated("5k", 50, seed, clock=clock, drift=0.0).devices:
            (offset,) = {passing.timestamp - passing.recorded for passing in device.passings}
            assert abs(offset) <= most
            offsets.add(offset)
    assert max(offsets) - min(offsets) > most


def test_a_clock_drifts() -> None:
    device = simulated("half", 400, drift=200.0, clock="synced").devices[-1]
    errors = [passing.timestamp - passing.recorded for passing in device.passings]
    length = device.passings[-1].recorded - device.passings[0].recorded
    assert 0 < abs(errors[-1] - errors[0]) <= length * 200e-6 + 1


def test_a_raw_reader_records_every_read() -> None:
    for device in simulated("5k", 200, reads="raw", miss_finish=0.0).devices:
        reads = Counter(passing.crossing.runner.bib for passing in device.passings)
        assert min(reads.values()) >= 3
        assert max(reads.values()) > 8


def test_a_phone_sends_late_bibs_without_chips_and_some_are_wrong() -> None:
    race = simulated("10k", 4000, manual=("5 km",))
    device = race.devices[1]
    wrong = [passing for passing in device.passings if passing.how == MISTYPED]
    assert share(len(wrong), len(device.passings)) == pytest.approx(0.0075, abs=0.005)
    assert all((passing.bib != passing.crossing.runner.bib) == (passing.how == MISTYPED) for passing in device.passings)
    assert all(500 <= passing.recorded - passing.crossing.time <= 3000 for passing in device.passings)
    assert device.as_sent(device.passings[0])["chip"] is None
    assert {other.type for other in race.devices} == {"One4All", "App"}


@given(
    st.integers(0, 2**32),
    st.builds(
        Behaviour,
        reads=st.sampled_from(["filtered", "raw"]),
        batch=st.integers(1, 60),
        batch_wait=st.floats(0, 60),
        overtake=st.floats(0, 1),
        outages=st.integers(0, 3),
        flush=st.tuples(st.integers(1, 20), st.integers(20, 60)),
        resend=st.floats(0, 1),
        gps=st.booleans(),
    ),
)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_passing_is_sent_after_it_was_recorded(seed: int, behaviour: Behaviour) -> None:
    contract = Contract()
    validator = BodyValidator({"type": "array", "items": contract.schema("passing-input")})
    for device in Race(replace(PRESETS["5k"], runners=60), behaviour, seed).devices:
        assert [passing.num_passing for passing in device.passings] == list(range(1, len(device.passings) + 1))
        first_sent = [
            passing.num_passing
            for delivery in device.deliveries
            if delivery.why != RESENT
            for passing in delivery.passings
        ]
        assert sorted(first_sent) == list(range(1, len(device.passings) + 1))
        times = [delivery.at for delivery in device.deliveries]
        assert times == sorted(times)
        for delivery in device.deliveries:
            assert delivery.at > max(passing.recorded for passing in delivery.passings)
            assert len(delivery.passings) <= (behaviour.batch if delivery.why == LIVE else behaviour.flush[1])
        if device.offline:
            start, end = device.offline
            assert all(delivery.at >= end for delivery in device.deliveries if delivery.why != LIVE)
            buffered = [passing for passing in device.passings if start <= passing.recorded < end]
            flushed = [d.passings for d in device.deliveries if d.why == FLUSHED]
            assert sorted(p.num_passing for batch in flushed for p in batch) == [p.num_passing for p in buffered]
        validator.check([device.as_sent(passing) for passing in device.passings])


def order_of_arrival(device: Device) -> list[int]:
    return [passing.num_passing for delivery in device.deliveries for passing in delivery.passings]


def test_requests_overtake_each_other_and_late_batches_mix_with_live_ones() -> None:
    steady = simulated("5k", 300, overtake=0.0, outages=0)
    assert all(order_of_arrival(device)[-1] == len(device.passings) for device in steady.devices)
    lively = simulated("5k", 300, overtake=0.3, outages=0)
    for device in lively.devices:
        assert order_of_arrival(device) != sorted(order_of_arrival(device))
    late = simulated("10k", 3000, outages=3, flush=(5, 10))
    among = []
    for device in late.devices:
        reasons = [delivery.why for delivery in device.deliveries]
        first, last = reasons.index(FLUSHED), len(reasons) - 1 - reasons[::-1].index(FLUSHED)
        among.append(LIVE in reasons[first:last])
    assert any(among)
    assert any(RESENT in {delivery.why for delivery in device.deliveries} for device in late.devices)


def test_positions_are_near_the_device_or_zero_without_gps() -> None:
    for device in simulated("5k", 100, gps=True).devices:
        places = [device.as_sent(passing) for passing in device.passings]
        latitudes = [float(place["latitude"]) for place in places]
        assert 0 < max(latitudes) - min(latitudes) < 0.0002
    device = simulated("5k", 100, gps=False).devices[0]
    sent = device.as_sent(device.passings[0])
    assert (sent["latitude"], sent["longitude"]) == ("0.0", "0.0")


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
