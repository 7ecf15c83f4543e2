"""What the devices record of a race, and when and in which order they send it."""

import math
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rufus_mock.race import PRESETS, Behaviour, Race
from rufus_mock.race.devices import AGAIN, FLUSHED, LIVE, MISTYPED, RESENT, SEEN, Device
from rufus_mock.spec.contract import Contract
from rufus_mock.spec.validation import BodyValidator
from tests.race.simulated_races import simulated


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
