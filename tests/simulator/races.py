"""Small races for the tests of the simulator, runs that send them, and the passings that must be stored."""

import csv
from dataclasses import replace
from io import StringIO
from typing import Any

from rufus_mock.client import RufusClient
from rufus_mock.race import PRESETS, Behaviour, Race
from rufus_mock.race.devices import MISSED
from rufus_mock.race.truth import write_truth
from rufus_mock.simulator.delivery import Run
from rufus_mock.simulator.http_target import HttpTarget
from rufus_mock.simulator.race_clock import race_clock
from tests.servers import ADMIN


def race(name: str = "5k", runners: int = 60, seed: int = 1, **behaviour: Any) -> Race:
    return Race(replace(PRESETS[name], runners=runners), Behaviour(**behaviour), seed)


def truth_of(race: Race) -> dict[str, dict[int, tuple[str, str]]]:
    """The passings that the server must have in the end: timestamp and bib by serial number and num_passing."""
    file = StringIO()
    write_truth(race, file)
    held: dict[str, dict[int, tuple[str, str]]] = {device.serial_number: {} for device in race.devices}
    for line in csv.DictReader(StringIO(file.getvalue())):
        if line["what"] != MISSED:
            held[line["serial_number"]][int(line["num_passing"])] = (line["timestamp"], line["sent_bib"])
    return held


def stored(base_url: str, race: Race, key: str = ADMIN) -> dict[str, dict[int, tuple[str, str]]]:
    """The passings that the server has, in the form of truth_of."""
    client = RufusClient(base_url, key)
    own = {device.serial_number for device in race.devices}
    found: dict[str, dict[int, tuple[str, str]]] = {}
    for device in client.devices():
        if device["serial_number"] in own:
            passings = list(client.device_passings(device["deviceid"]))
            held = {passing["num_passing"]: (passing["timestamp"], passing["bib"]) for passing in passings}
            assert len(held) == len(passings) == device["passings"], "stored twice"
            found[device["serial_number"]] = held
    return found


def a_run(race: Race, base_url: str, speed: float = 0, key: str = ADMIN, **options: Any) -> Run:
    clock = race_clock(race.settings.start, speed)
    return Run(race.devices, lambda: HttpTarget(base_url, key), clock, **options)
