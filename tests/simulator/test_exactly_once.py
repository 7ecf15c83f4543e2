"""The simulator over real sockets: no acknowledged passing is lost, and none is stored twice."""

import threading
from typing import Any

from rufus_mock import RufusMock
from rufus_mock.client import RufusClient
from rufus_mock.simulator.delivery import DONE, Run
from rufus_mock.simulator.http_target import HttpTarget
from rufus_mock.simulator.race_clock import race_clock
from tests.faulty import FAULTS, faulty, now_and_then
from tests.servers import ADMIN, READ, mock
from tests.simulator.races import a_run, race, stored, truth_of


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
