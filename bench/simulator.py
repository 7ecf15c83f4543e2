"""How fast the simulator makes a race up, and how fast it sends one to the mock.

    python bench/simulator.py [--runners 40000]
    python bench/simulator.py --figures          how near the races come to those of public results

Needs the extra simulator. The mock runs in a process of its own, as `rufus-mock serve` starts it.
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


def made_up(runners: int) -> Race:
    """A marathon with six points, in full batches."""
    behaviour = Behaviour(batch=BATCH, batch_wait=3600, outages=0, overtake=0)
    begun = time.perf_counter()
    race = Race(replace(PRESETS["marathon"], runners=runners), behaviour, seed=1)
    passings = sum(len(device.passings) for device in race.devices)
    seconds, own = time.perf_counter() - begun, time.process_time()
    points = len(race.devices)
    print(
        f"made up:  {runners} runners × {points} points, {passings} passings in {seconds:.2f} s (processor {own:.2f} s)"
    )
    return race


def sent(race: Race) -> None:
    """The whole race, to the mock, as fast as it takes it."""
    with subprocess.Popen(
        [COMMAND, "serve", "--port", "0", "--log-level", "warning"], stdout=subprocess.PIPE, text=True
    ) as server:
        try:
            assert server.stdout
            base_url = server.stdout.readline().split()[-1]
            key = default_key()
            run = Run(race.devices, lambda: HttpTarget(base_url, key), RushedClock(race.settings.start))
            begun, own = time.perf_counter(), time.process_time()
            run.start()
            run.join()
            seconds, own = time.perf_counter() - begun, time.process_time() - own
        finally:
            server.terminate()
    assert run.complete, [device.count.error for device in run.devices]
    count = sum(device.count.sent for device in run.devices)
    requests = sum(device.count.requests for device in run.devices)
    print(f"sent:     {count} passings in {requests} requests in {seconds:.2f} s: {count / seconds:,.0f} passings/s")
    # What stays the same on a machine that is busy with something else as well.
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"processor: simulator {own:.2f} s, mock {usage.ru_utime + usage.ru_stime:.2f} s with its start")


def figures(runners: int = 10_000, seeds: int = 5) -> None:
    """Medians, spreads and finish peaks of all presets, as a table: means over some seeds."""
    print("| Race | median, asked | got | spread, asked | got | busiest minute, asked | got |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for name, preset in PRESETS.items():
        settings = replace(preset, runners=runners)
        got = []
        for seed in range(seeds):
            field = Race(settings, seed=seed).runners
            nets = [runner.net / 1000 for runner in field]
            minutes = Counter((runner.finish - settings.start) // 60_000 for runner in field)
            got.append((median(nets), stdev(map(log, nets)), max(minutes.values())))
        middle, spread, peak = (mean(column) for column in zip(*got, strict=True))
        print(
            f"| {name} | {race_time(round(settings.median * 1000))} | {race_time(round(middle * 1000))} "
            f"| {settings.sigma} | {spread:.4f} | {settings.peak:.0f} | {peak:.0f} |"
        )


def main() -> None:
    """Print both speeds, or the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--runners", type=int, default=40_000)
    parser.add_argument("--figures", action="store_true")
    arguments = parser.parse_args()
    if arguments.figures:
        figures()
    else:
        sent(made_up(arguments.runners))


if __name__ == "__main__":
    main()
