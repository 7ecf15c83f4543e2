"""rufus-mock serve: the application on its socket, from start to signal."""

import logging
import os
import signal
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import click

from .app import Config, create_app
from .fixtures import DEFAULT_FIXTURE, FixtureError
from .server import Server

log = logging.getLogger("rufus_mock")


@dataclass(frozen=True)
class Simulation:
    """A race that happens in the server while it serves, in the company of the first key of its fixtures."""

    race: str
    runners: int
    speed: float
    seed: int

    def __post_init__(self) -> None:
        from .race import PRESETS

        if self.race not in PRESETS:
            raise click.ClickException(f"--simulate: no race {self.race!r}, only {', '.join(PRESETS)}")

    def run(self, app: Any) -> None:
        """Let it happen, to its end."""
        from .race import PRESETS, Race
        from .simulator.delivery import Run
        from .simulator.race_clock import race_clock
        from .simulator.targets import WorldTarget

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


def serve_until_stopped(
    *,
    host: str,
    port: int,
    fixtures: Sequence[str],
    dialect: str,
    seed: int | None,
    cors: Sequence[str],
    log_level: str,
    simulation: "Simulation | None" = None,
) -> None:
    """Print the URL when the server answers, and end the process with 0 after SIGTERM or SIGINT.

    Raises click.ClickException where it cannot begin: a taken port, an unreadable fixture.
    """
    configure_logging(log_level)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    config = Config(fixtures=fixtures or (DEFAULT_FIXTURE,), dialect=dialect, seed=seed, cors=cors)
    try:
        app = create_app(config)
    except FixtureError as error:
        raise click.ClickException(str(error)) from error
    try:
        server = Server(app, host, port)
    except OSError as error:
        raise click.ClickException(f"cannot bind {host} port {port}: {error.strerror or error}") from error
    with server:
        click.echo(f"rufus-mock serves {', '.join(map(str, config.fixtures))} at {server.url}{base_path(app)}")
        sys.stdout.flush()
        if simulation:
            # After the first line: a race takes longer to make up than a server to start.
            threading.Thread(target=simulation.run, args=(app,), daemon=True).start()
        stop.wait()
    # A client that keeps a request open must not keep the process alive.
    logging.shutdown()
    sys.stdout.flush()
    os._exit(0)


def base_path(app: Any) -> str:
    """The path below which the operations lie."""
    path: str = app.extensions["rufus_mock"].specification.base_path
    return path


def configure_logging(level: str) -> None:
    """Log to stderr, a line an event."""
    logging.basicConfig(
        level=level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s", stream=sys.stderr
    )
    logging.getLogger("_granian").setLevel(max(logging.WARNING, logging.root.level))
