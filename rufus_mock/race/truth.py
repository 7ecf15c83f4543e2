"""Writes the truth file, a CSV of what really happened and what the devices recorded, for testing results software.

It has one row per passing and one row per crossing that a device missed. true_time is when the runner crossed the
point. The columns from num_passing on are what the server stores in the end.
"""

import csv
from collections.abc import Iterator
from operator import itemgetter
from typing import TextIO

from ..base.timestamps import render
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
    """The rows of the file, point by point, each sorted by time."""
    for device in race.devices:
        point = (device.point, f"{device.kilometres:g}", device.serial_number)
        rows: list[tuple[int, int, Runner, Passing | None]] = [
            (passing.crossing.time, passing.num_passing, passing.crossing.runner, passing)
            for passing in device.passings
        ]
        rows += [(crossing.time, 0, crossing.runner, None) for crossing in device.missed]
        rows.sort(key=itemgetter(0, 1))
        for time, number, runner, passing in rows:
            crossing = (*point, runner.bib, runner.chip, render(time))
            if passing is None:
                yield (*crossing, MISSED, "", "", "")
            else:
                yield (*crossing, passing.how, number, render(passing.timestamp), passing.bib)


def write_truth(race: Race, file: TextIO) -> None:
    """Write the header and all rows to an open file."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(truth(race))
