"""rufus-mock simulate"""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, TextIO

import click

from ..base.defaults import BASE_URL
from ..base.printable import printable
from ..race import PRESETS, Race
from ..race.race import PREFIX
from ..race.truth import write_truth
from ..simulator.delivery import Run
from ..simulator.fixture import sessions_of, write_fixture
from ..simulator.race_clock import race_clock
from .options import RUNNERS, SPEED, ApiKey, Number, Seed, Text
from .race_options import described_race, option, race_options

INTERRUPTED = 130
INCOMPLETE = 1

_NEW_FILE = click.Path(dir_okay=False, writable=True, path_type=Path)


@click.command()
@option("--race", "preset", type=click.Choice(list(PRESETS)), default="10k", help="The preset to start from.")
@option("--runners", type=RUNNERS, default=PRESETS["10k"].runners, help="Number of runners.")
@option("--seed", type=Seed(), default=0, help="The same seed and options give the same race, byte for byte.")
@option("--base-url", default=BASE_URL, envvar="RUFUS_BASE_URL", show_envvar=True, help="The server to send to.")
@option(
    "--api-key",
    type=ApiKey(),
    envvar="RUFUS_API_KEY",
    show_envvar=True,
    help="A key that may write.  [default: for the mock, a key of its built-in fixtures]",
)
@option("--allow-writes", is_flag=True, help="Allow sending to a server that is not the mock.")
@option("--speed", type=SPEED, default=60.0, help="Multiple of real time; 0 is as fast as possible.")
@option("--patience", type=Number(0, 1_000_000), default=120.0, help="Seconds to keep retrying a request.")
@option("--keep-open", is_flag=True, help="Leave the sessions open after the race.")
@option(
    "--prefix",
    type=Text(),
    default=PREFIX,
    help="Start of the serial numbers. Two races at the same time need two prefixes or two seeds.",
)
@option("--out", type=_NEW_FILE, help="Write the finished race as a fixture and send nothing.")
@option(
    "--truth",
    type=_NEW_FILE,
    help="Write a CSV of what really happened: runner, point, true time, and what the device recorded.",
)
@option("--start-list", type=_NEW_FILE, help="Write a CSV of the runners: bib, chip, name, gender, wave.")
@option("--plot", type=_NEW_FILE, help="Draw passings per minute and finish times (.png or .svg).")
@race_options
@click.pass_context
def simulate(context: click.Context, /, preset: str, seed: int, **options: Any) -> None:
    """Simulate a race: runners cross timing points, and devices send what they detect.

    \b
    Try it while rufus-mock serve is running:
      rufus-mock simulate --race 10k --runners 3000 --speed 60 --truth truth.csv
    """
    race = described_race(preset, seed, options)
    _write(options["truth"], partial(write_truth, race))
    if options["start_list"]:
        from ..simulator.start_list import write_start_list

        _write(options["start_list"], partial(write_start_list, race))
    if options["plot"]:
        _plot(race, options["plot"])
    if options["out"]:
        settings = race.settings
        description = (
            f"{settings.name}: {settings.runners} simulated runners over {settings.kilometres:g} km, seed {seed}."
        )
        _write(options["out"], partial(write_fixture, list(sessions_of(race)), description, seed))
    else:
        context.exit(_send(race, options))


def _write(path: Path | None, write: Callable[[TextIO], None]) -> None:
    if path is None:
        return
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            write(file)
    except OSError as error:
        raise click.ClickException(f"cannot write {path}: {error.strerror or error}") from error
    click.echo(f"wrote {path}")


def _plot(race: Race, path: Path) -> None:
    from ..simulator.plot import plot

    try:
        plot(race, path)
    except (ValueError, OSError) as error:
        raise click.ClickException(f"cannot draw {error}") from error
    click.echo(f"wrote {path}")


def _send(race: Race, options: dict[str, Any]) -> int:
    from ..simulator.http_target import HttpTarget
    from ..simulator.permission import key_for
    from ..simulator.progress import Progress

    base_url, speed = options["base_url"], options["speed"]
    api_key = key_for(base_url, options["api_key"], writes=True, allow_writes=options["allow_writes"])
    run = Run(
        race.devices,
        lambda: HttpTarget(base_url, api_key),
        race_clock(race.settings.start, speed),
        patience=options["patience"],
        keep_open=options["keep_open"],
    )
    with _stopped_by_signals(run):
        run.start()
        Progress(run, race, speed).show()
    return _report(run)


@contextmanager
def _stopped_by_signals(run: Run) -> Iterator[None]:
    """SIGINT and SIGTERM stop the race and close its sessions. A second signal ends the process immediately."""

    def stop(*_: Any) -> None:
        if run.stopped:
            os._exit(INTERRUPTED)
        run.stop()

    previous = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def _report(run: Run) -> int:
    """Print how the run ended and return the exit status."""
    counts = [device.count for device in run.devices]
    sent, missing = sum(count.sent for count in counts), sum(count.pending + count.refused for count in counts)
    closed = sum(count.closed for count in counts)
    if run.stopped:
        click.echo(f"stopped: {sent} passings sent, {missing} not sent; {closed} of {len(counts)} sessions closed")
        return INTERRUPTED
    again = sum(count.again for count in counts)
    if missing:
        reasons = sorted({count.error for count in counts if count.pending or count.refused})
        click.echo(printable(f"{sent} passings sent, {missing} NOT sent: {'; '.join(reasons)}"), err=True)
        return INCOMPLETE
    duplicates = f", {again} of them duplicates" if again else ""
    click.echo(f"{sent} passings sent by {len(counts)} devices{duplicates}; all acknowledged, {closed} sessions closed")
    return 0
