"""Measures how fast the simulator computes a race and how fast it sends one to the mock.

    python bench/simulator.py [--runners 40000]
    python bench/simulator.py --figures          compares the races with the figures of public results

Needs the extra simulator. The mock runs in its own process, started by `rufus-mock serve`.
"""

import argparse
import resource
import subprocess
import sys
import time
from collections import Counter
from dataclasses import replace
from math import log
from pathlib import Path
from statistics import mean, median, stdev

from rufus_mock.race import PRESETS, Behaviour, Race
from rufus_mock.simulator.delivery import Run
from rufus_mock.simulator.http_target import HttpTarget
from rufus_mock.simulator.permission import default_key
from rufus_mock.simulator.race_clock import RushedClock, race_time

BATCH = 500
COMMAND = Path(sys.executable).with_name("rufus-mock")


def measure_computing(runners: int) -> Race:
    """Compute a marathon with six points and full batches, and print how long it took."""
    behaviour = Behaviour(batch=BATCH, batch_wait=3600, outages=0, overtake=0)
    started = time.perf_counter()
    race = Race(replace(PRESETS["marathon"], runners=runners), behaviour, seed=1)
    passings = sum(len(device.passings) for device in race.devices)
    seconds, own = time.perf_counter() - started, time.process_time()
    points = len(race.devices)
    print(
        f"computed:  {runners} runners at {points} points, {passings} passings in {seconds:.2f} s "
        f"(processor {own:.2f} s)"
    )
    return race


def measure_sending(race: Race) -> None:
    """Send the race to the mock as fast as the mock accepts it, and print how long it took."""
    with subprocess.Popen(
        [COMMAND, "serve", "--port", "0", "--log-level", "warning"], stdout=subprocess.PIPE, text=True
    ) as server:
        try:
            assert server.stdout
            base_url = server.stdout.readline().split()[-1]
            key = default_key()
            run = Run(race.devices, lambda: HttpTarget(base_url, key), RushedClock(race.settings.start))
            started, own = time.perf_counter(), time.process_time()
            run.start()
            run.join()
            seconds, own = time.perf_counter() - started, time.process_time() - own
        finally:
            server.terminate()
    assert run.complete, [device.count.error for device in run.devices]
    count = sum(device.count.sent for device in run.devices)
    requests = sum(device.count.requests for device in run.devices)
    print(f"sent:      {count} passings in {requests} requests in {seconds:.2f} s: {count / seconds:,.0f} passings/s")
    # Processor time hardly depends on what else the machine does.
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"processor: simulator {own:.2f} s, mock {usage.ru_utime + usage.ru_stime:.2f} s including its start")


def print_figures(runners: int = 10_000, seeds: int = 5) -> None:
    """Print a table of the medians, spreads and finish peaks of all presets, as means over several seeds."""
    print("| Race | target median | simulated | target spread | simulated | target busiest minute | simulated |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for name, preset in PRESETS.items():
        settings = replace(preset, runners=runners)
        results = []
        for seed in range(seeds):
            field = Race(settings, seed=seed).runners
            nets = [runner.net / 1000 for runner in field]
            minutes = Counter((runner.finish - settings.start) // 60_000 for runner in field)
            results.append((median(nets), stdev(map(log, nets)), max(minutes.values())))
        middle, spread, peak = (mean(column) for column in zip(*results, strict=True))
        print(
            f"| {name} | {race_time(round(settings.median * 1000))} | {race_time(round(middle * 1000))} "
            f"| {settings.sigma} | {spread:.4f} | {settings.peak:.0f} | {peak:.0f} |"
        )


def main() -> None:
    """Measure both speeds, or print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--runners", type=int, default=40_000)
    parser.add_argument("--figures", action="store_true")
    arguments = parser.parse_args()
    if arguments.figures:
        print_figures()
    else:
        measure_sending(measure_computing(arguments.runners))


if __name__ == "__main__":
    main()
