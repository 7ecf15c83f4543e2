"""rufus-mock serve --simulate: runs a race inside the server and writes it directly into the server's world."""

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
    """A race in the first company of the server's fixtures. Raises click.ClickException for an unknown race."""

    race: str
    runners: int
    speed: float
    seed: int

    def __post_init__(self) -> None:
        if self.race not in PRESETS:
            raise click.ClickException(f"--simulate: no race {self.race!r}; the races are {', '.join(PRESETS)}")

    def run(self, app: Any) -> None:
        """Run the race in this thread until it is over."""
        company = next(iter(app.extensions["rufus_mock"].world.companies.values()), None)
        if company is None:
            log.warning("cannot simulate a race: the fixtures have no company")
            return
        # A prefix of its own, so that `rufus-mock simulate` does not use the same devices.
        race = Race(replace(PRESETS[self.race], runners=self.runners), seed=self.seed, prefix="DEMO")
        run = Run(race.devices, lambda: WorldTarget(company), race_clock(race.settings.start, self.speed))
        run.start()
        log.info("the %s race starts: %d runners, %d devices", self.race, self.runners, len(run.devices))
        run.join()
        sent = sum(device.count.sent for device in run.devices)
        log.info("the %s race is over: %d passings", self.race, sent)
