"""rufus-mock serve --simulate: a race inside the server, straight into its world."""

import logging
from dataclasses import dataclass, replace
from typing import Any

import click

from ..race import PRESETS, Race
from .delivery import Run
from .race_clock import race_clock
from .targets import WorldTarget

log = logging.getLogger("rufus_mock")


@dataclass(frozen=True)
class Simulation:
    """A race that happens in the server while it serves, in the company of the first key of its fixtures."""

    race: str
    runners: int
    speed: float
    seed: int

    def __post_init__(self) -> None:
        if self.race not in PRESETS:
            raise click.ClickException(f"--simulate: no race {self.race!r}, only {', '.join(PRESETS)}")

    def run(self, app: Any) -> None:
        """Let it happen, to its end."""
        company = next(iter(app.extensions["rufus_mock"].world.companies.values()), None)
        if company is None:
            log.warning("no company to simulate a race in: the fixtures have none")
            return
        # Serial numbers of its own: `rufus-mock simulate` must not take over its devices.
        race = Race(replace(PRESETS[self.race], runners=self.runners), seed=self.seed, prefix="DEMO")
        run = Run(race.devices, lambda: WorldTarget(company), race_clock(race.settings.start, self.speed))
        run.start()
        log.info("a race of %s begins: %d runners, %d devices", self.race, self.runners, len(run.devices))
        run.join()
        sent = sum(device.count.sent for device in run.devices)
        log.info("the race of %s is over: %d passings", self.race, sent)
