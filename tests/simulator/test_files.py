"""The files that are written of a race: its fixture, its start list and its picture."""

import csv
import json
from io import StringIO
from pathlib import Path

import pytest

from rufus_mock.base.identifiers import Identifiers
from rufus_mock.fixtures.loader import load_fixtures
from rufus_mock.simulator.fixture import sessions_of, write_fixture
from rufus_mock.simulator.start_list import write_start_list
from rufus_mock.spec.contract import Contract
from rufus_mock.world import World
from tests.clocks import FrozenClock
from tests.servers import ADMIN
from tests.simulator.races import race, truth_of


def test_the_fixture_of_a_race_has_exactly_the_passings_of_the_truth_file(contract: Contract, tmp_path: Path) -> None:
    simulated = race("10k", 40, manual=("5 km",))
    path = tmp_path / "race.json"
    with path.open("w", encoding="utf-8") as file:
        write_fixture(list(sessions_of(simulated)), "A race.", 1, file)
    world = World(FrozenClock(0), Identifiers(1), contract.page_size)
    load_fixtures(world, contract, [path])
    company, _ = world.authenticate(ADMIN)
    held = {}
    for device in company.devices.page(1, 10)[0]:
        page = json.loads(company.passings.by_time(device["deviceid"], None, None, 1).passings.json())
        held[device["serial_number"]] = {p["num_passing"]: (p["timestamp"], p["bib"]) for p in page}
    assert held == truth_of(simulated)


def test_a_device_without_passings_is_in_the_fixture(tmp_path: Path) -> None:
    path = tmp_path / "race.json"
    with path.open("w", encoding="utf-8") as file:
        write_fixture(list(sessions_of(race(miss_start=1.0))), "A race.", 1, file)
    assert path.read_text().count('"passings": []') == 1


def test_the_start_list_names_each_runner() -> None:
    file = StringIO()
    write_start_list(race(runners=30), file)
    lines = list(csv.DictReader(StringIO(file.getvalue())))
    assert [line["bib"] for line in lines] == [str(bib) for bib in range(1, 31)]
    assert all(line["last_name"] and line["wave"] == "1" for line in lines)


@pytest.mark.parametrize("suffix", [".png", ".svg"])
def test_the_same_race_gives_the_same_picture(tmp_path: Path, suffix: str) -> None:
    from rufus_mock.simulator.plot import plot  # it imports matplotlib, which takes seconds

    simulated = race(runners=50, miss_start=1.0)
    paths = [tmp_path / f"{number}{suffix}" for number in range(2)]
    for path in paths:
        plot(simulated, path)
    assert paths[0].read_bytes() == paths[1].read_bytes()
    assert paths[0].read_bytes().startswith(b"\x89PNG" if suffix == ".png" else b"<?xml")
