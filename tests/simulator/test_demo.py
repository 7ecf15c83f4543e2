"""Races that the server simulates itself, with `rufus-mock serve --simulate`."""

from dataclasses import replace

import pytest

from rufus_mock.client import RufusClient
from rufus_mock.race import PRESETS, Race
from rufus_mock.simulator.demo import Simulation
from rufus_mock.web.app import Config, create_app
from tests.commands.test_cli import run as command
from tests.commands.test_cli import serving as command_serving
from tests.servers import ADMIN
from tests.simulator.races import stored, truth_of


def test_serve_simulates_a_race() -> None:
    with command_serving(
        "--simulate", "5k", "--simulate-runners", "40", "--simulate-speed", "0", "--fixture", "empty"
    ) as (base_url, process):
        client = RufusClient(base_url, ADMIN)
        simulated = Race(replace(PRESETS["5k"], runners=40), prefix="DEMO")
        log = ""
        while "is over" not in log:
            line = process.stderr.readline()
            assert line
            log += line
        assert stored(base_url, simulated) == truth_of(simulated)
        assert len(list(client.devices())) == 3


def test_a_simulation_in_the_server_fills_the_first_company(caplog: pytest.LogCaptureFixture) -> None:
    demo = Simulation("5k", runners=20, speed=0, seed=3)
    app = create_app(Config(fixtures=("empty",)))
    with caplog.at_level("INFO", "rufus_mock"):
        demo.run(app)
    company = next(iter(app.extensions["rufus_mock"].world.companies.values()))
    devices, _ = company.devices.page(1, 10)
    simulated = Race(replace(PRESETS["5k"], runners=20), seed=3, prefix="DEMO")
    assert {d["serial_number"]: d["passings"] for d in devices} == {
        device.serial_number: len(device.passings) for device in simulated.devices
    }
    assert "is over" in caplog.text
    demo.run(create_app(Config(fixtures=())))
    assert "no company" in caplog.text


def test_serve_lists_the_races_if_the_name_is_unknown() -> None:
    done = command("serve", "--simulate", "7k")
    assert done.returncode == 2
    assert done.stderr == "rufus-mock: --simulate: no race '7k'; the races are 5k, 10k, half, marathon\n"
