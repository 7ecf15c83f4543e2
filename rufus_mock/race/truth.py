"""What really happened, and what the devices made of it: a CSV file to test results software by.

A line a passing, and a line for each crossing that a device missed. true_time is when the runner was there; the columns
from num_passing on are what the server holds in the end.
"""

import csv
from collections.abc import Iterator
from operator import itemgetter
from typing import TextIO

from ..timestamps import render
from .devices import MISSED, Passing
from .field import Runner
from .race import Race

COLUMNS = (
    "point",
    "kilometres",
    "serial_number",
    "bib",
    "chip",
    "true_time",
    "what",
    "num_passing",
    "timestamp",
    "sent_bib",
)


def truth(race: Race) -> Iterator[tuple[object, ...]]:
    """The lines, point by point in the order of time."""
    for device in race.devices:
        point = (device.point, f"{device.kilometres:g}", device.serial_number)
        lines: list[tuple[int, int, Runner, Passing | None]] = [
            (passing.crossing.time, passing.num_passing, passing.crossing.runner, passing)
            for passing in device.passings
        ]
        lines += [(crossing.time, 0, crossing.runner, None) for crossing in device.missed]
        lines.sort(key=itemgetter(0, 1))
        for time, number, runner, passing in lines:
            happened = (*point, runner.bib, runner.chip, render(time))
            if passing is None:
                yield (*happened, MISSED, "", "", "")
            else:
                yield (*happened, passing.how, number, render(passing.timestamp), passing.bib)


def write_truth(race: Race, file: TextIO) -> None:
    """The whole file, with its header line."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(truth(race))
