"""Writes the start list of a race for results software: each runner's bib, chip and name."""

import csv
from typing import TextIO

from faker import Faker

from ..faker_provider import RufusProvider
from ..race import Race


def write_start_list(race: Race, file: TextIO) -> None:
    """Write a CSV with the fields of RufusProvider.participant and the wave."""
    fake = Faker()
    fake.add_provider(RufusProvider)
    fake.seed_instance(race.seed)
    rows = ({**fake.participant(bib=runner.bib), "wave": runner.wave} for runner in race.runners)
    first = next(rows)
    writer = csv.DictWriter(file, list(first), lineterminator="\n")
    writer.writeheader()
    writer.writerow(first)
    writer.writerows(rows)
