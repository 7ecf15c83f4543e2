"""Which devices and sessions a run uses, when it retries, and how it ends."""

import threading
from dataclasses import replace
from typing import Any

from rufus_mock.client import RufusClient
from rufus_mock.race import PRESETS, Race
from rufus_mock.simulator.delivery import FAILED, Run
from rufus_mock.simulator.http_target import HttpTarget
from rufus_mock.simulator.race_clock import RushedClock
from tests.faulty import faulty, internal_error, overloaded, passed_on
from tests.servers import ADMIN, READ, mock
from tests.simulator.races import a_run, race, stored, truth_of


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
