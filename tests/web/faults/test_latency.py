"""Responses that a fault delays."""

import math
import random
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from rufus_mock.web.faults.kinds.latency import Latency
from rufus_mock.world.faults import Faults
from tests.admin import Tenant
from tests.web.faults.fault_calls import add, added, curl, struck, wait_until


@pytest.mark.parametrize(
    ("latency", "least"),
    [
        ({"fixed": 120}, 0.12),
        ({"uniform": {"low": 60, "high": 70}}, 0.06),
        ({"lognormal": {"median": 80, "sigma": 0}}, 0.08),
    ],
)
def test_a_latency_delays_the_true_answer(tenant: Tenant, latency: Any, least: float) -> None:
    add(tenant, latency=latency)
    began = time.monotonic()
    assert tenant.devices() == []
    assert time.monotonic() - began >= least
    assert tenant.journal()[0]["duration_ms"] >= least * 1000
    assert float(curl(tenant, "-o", "/dev/null", "-w", "%{time_starttransfer}").stdout) >= least


def test_late_answers_wait_side_by_side_and_come_when_their_fault_goes(tenant: Tenant) -> None:
    add(tenant, latency={"fixed": 600_000})
    with ThreadPoolExecutor(40) as pool:
        answers = [pool.submit(tenant.api, "GET", "/devices") for _ in range(40)]
        # The server has 8 threads: 40 of them could not wait on those.
        wait_until(struck(tenant, 40))
        tenant("DELETE", "/faults")
        assert {answer.result(timeout=30).status_code for answer in answers} == {200}


def test_latencies_are_spread_as_asked() -> None:
    def drawn(**latency: Any) -> list[float]:
        faults = Faults()
        added(faults, latency=latency, seed=3)
        kind = Latency({"latency": latency})
        strikes = [faults.strike("op", "GET", "/") for _ in range(4000)]
        return sorted(kind.milliseconds(random.Random(strike.seed)) for strike in strikes if strike)

    uniform = drawn(uniform={"low": 10, "high": 30})
    assert 10 <= uniform[0] < 11 < 29 < uniform[-1] <= 30
    assert 19 < uniform[2000] < 21
    lognormal = drawn(lognormal={"median": 200, "sigma": 0.5})
    assert 190 < lognormal[2000] < 210
    logs = [math.log(value / 200) for value in lognormal]
    assert 0.45 < math.sqrt(sum(log * log for log in logs) / len(logs)) < 0.55
    assert drawn(lognormal={"median": 600_000, "sigma": 5})[-1] == 600_000
