"""rufus-mock simulate"""

import math
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from functools import partial
from pathlib import Path
from typing import Any, TextIO

import click

from ..base.timestamps import EARLIEST, LATEST, parse, render
from ..race import PRESETS, Behaviour, Race, Settings
from ..race.behaviour import BY_HAND, FILTERED, RAW, SYNCED
from ..race.race import PREFIX
from ..race.truth import write_truth
from ..simulator.delivery import Run
from ..simulator.fixture import sessions_of, write_fixture
from ..simulator.race_clock import race_clock
from .options import RUNNERS, SPEED, ApiKey, Number, Seed, Text

BASE_URL = "http://127.0.0.1:8080/v0"
INTERRUPTED = 130
INCOMPLETE = 1

MARGIN = 24 * 60 * 60 * 1000
"""Milliseconds that must be left before the start of a race and after its end: sessions open before it."""

_DEFAULT = Behaviour()
_SHARE = Number(0, 1)
_COUNT = click.IntRange(1, 1_000_000)
_POSITIVE = Number(0.001, 10_000)
_A_MONTH = 30 * 24 * 60 * 60
_NEW_FILE = click.Path(dir_okay=False, writable=True, path_type=Path)


class Duration(click.ParamType[float]):
    """A duration written as H:MM:SS, MM:SS or seconds, converted to seconds."""

    name = "H:MM:SS"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        if isinstance(value, float):
            return value
        try:
            seconds = 0.0
            for part in str(value).split(":"):
                seconds = seconds * 60 + float(part)
        except ValueError:
            seconds = math.nan
        if not 1 <= seconds <= _A_MONTH:
            self.fail(
                f"{value!r} is not a duration from one second to 720 hours; write it like 57:00 or 2:02:00", param, ctx
            )
        return seconds


class Time(click.ParamType[int]):
    """A time in one of the forms that timestamps.parse accepts, converted to milliseconds since the epoch."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        try:
            return parse(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


def _option(*names: str, **attributes: Any) -> Callable[[Any], Any]:
    return click.option(*names, **{"show_default": True, **attributes})


def _behaviour(name: str, **attributes: Any) -> Callable[[Any], Any]:
    default = getattr(_DEFAULT, name)
    return _option(f"--{name.replace('_', '-')}", name, default=default, **attributes)


@click.command()
@_option("--race", "preset", type=click.Choice(list(PRESETS)), default="10k", help="The preset to start from.")
@_option("--runners", type=RUNNERS, default=PRESETS["10k"].runners, help="Number of runners.")
@_option("--seed", type=Seed(), default=0, help="The same seed and options give the same race, byte for byte.")
@_option("--base-url", default=BASE_URL, envvar="RUFUS_BASE_URL", show_envvar=True, help="The server to send to.")
@_option(
    "--api-key",
    type=ApiKey(),
    envvar="RUFUS_API_KEY",
    show_envvar=True,
    help="A key that may write.  [default: for the mock, a key of its built-in fixtures]",
)
@_option("--allow-writes", is_flag=True, help="Allow sending to a server that is not the mock.")
@_option("--speed", type=SPEED, default=60.0, help="Multiple of real time; 0 is as fast as possible.")
@_option("--patience", type=Number(0, 1_000_000), default=120.0, help="Seconds to keep retrying a request.")
@_option("--keep-open", is_flag=True, help="Leave the sessions open after the race.")
@_option(
    "--prefix",
    type=Text(),
    default=PREFIX,
    help="Start of the serial numbers. Two races at the same time need two prefixes or two seeds.",
)
@_option("--out", type=_NEW_FILE, help="Write the finished race as a fixture and send nothing.")
@_option(
    "--truth",
    type=_NEW_FILE,
    help="Write a CSV of what really happened: runner, point, true time, and what the device recorded.",
)
@_option("--start-list", type=_NEW_FILE, help="Write a CSV of the runners: bib, chip, name, gender, wave.")
@_option("--plot", type=_NEW_FILE, help="Draw passings per minute and finish times (.png or .svg).")
@_option(
    "--kilometres",
    type=_POSITIVE,
    help="Distance.  [default: from --race, as for all options down to --goal-minutes]",
    show_default=False,
)
@_option("--median", type=Duration(), help="Median finish time.")
@_option("--sigma", type=Number(0.001, 5), help="Spread of the finish times: standard deviation of their logarithms.")
@_option("--split", "splits", type=_POSITIVE, multiple=True, help="Kilometre of a timing point. Can be repeated.")
@_option("--start", type=Time(), help="When the race starts, for example 2026-05-10T09:00:00+02:00.")
@_option("--start-rate", type=_POSITIVE, help="Runners per second over the start mat.")
@_option("--wave", type=_COUNT, help="Maximum number of runners in a wave.")
@_option("--wave-minutes", type=_POSITIVE, help="Minutes from one wave to the next.")
@_option(
    "--finish-peak",
    type=Number(0, 1_000_000),
    help="Runners in the busiest minute at the finish.  [default: 0.6 · runners / kilometres]",
)
@_option("--goal-minutes", type=_POSITIVE, help="Runners aim at multiples of this on the finish clock.")
@_behaviour("reads", type=click.Choice([FILTERED, RAW]), help="Send one passing per crossing, or every read.")
@_behaviour("miss_start", type=_SHARE, help="Share of crossings that the start device misses.")
@_behaviour("miss_split", type=_SHARE, help="Share of crossings that a split device misses.")
@_behaviour("miss_finish", type=_SHARE, help="Share of crossings that the finish device misses.")
@_behaviour("repeat", type=_SHARE, help="Share of crossings detected again 1 to 10 s later.")
@_behaviour("batch", type=_COUNT, help="Maximum number of passings per request.")
@_behaviour("batch_wait", type=Number(0, 1_000_000), help="Seconds of race time that a batch waits to fill.")
@_behaviour("overtake", type=_SHARE, help="Share of requests that arrive after later ones.")
@_behaviour("outages", type=click.IntRange(0, 1000), help="Number of devices that lose the network once.")
@_behaviour("outage_minutes", type=_POSITIVE, nargs=2, help="Shortest and longest outage.")
@_behaviour("flush", type=_COUNT, nargs=2, help="Smallest and largest batch after an outage.")
@_behaviour("resend", type=_SHARE, help="Share of these batches that are sent twice.")
@_behaviour("clock", type=click.Choice([SYNCED, BY_HAND]), help="Clock error: up to ±50 ms, or up to ±2 s.")
@_behaviour("drift", type=Number(0, 1_000_000), help="Maximum drift of the clocks, in parts per million.")
@_behaviour(
    "manual",
    multiple=True,
    metavar="POINT",
    help="A point, such as Finish, where bibs are typed into a phone. Can be repeated.",
)
@_behaviour("wrong_bib", type=_SHARE, help="Share of typed bibs that are wrong.")
@_option("--gps/--no-gps", default=_DEFAULT.gps, help='Send positions, or "0.0".')
@click.pass_context
def simulate(context: click.Context, /, preset: str, seed: int, **options: Any) -> None:
    """Simulate a race: runners cross timing points, and devices send what they detect.

    \b
    Try it while rufus-mock serve is running:
      rufus-mock simulate --race 10k --runners 3000 --speed 60 --truth truth.csv
    """
    race = _race(preset, seed, options)
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


def _race(preset: str, seed: int, options: dict[str, Any]) -> Race:
    given = {name: value for name, value in options.items() if value not in (None, ())}
    try:
        settings = replace(PRESETS[preset], **_fields_of(Settings, given))
        race = Race(settings, Behaviour(**_fields_of(Behaviour, given)), seed, options["prefix"])
        _check_times(race)
    except ValueError as error:
        name, _, message = str(error).partition(":")
        option = "split" if name == "splits" else name.replace("_", "-")
        raise click.ClickException(f"--{option}:{message}") from error
    return race


def _check_times(race: Race) -> None:
    """Raises ClickException for a race of which some time cannot be written."""
    times = [race.settings.start]
    for device in race.devices:
        times += [passing.timestamp for passing in device.passings]
        times += [delivery.at for delivery in device.deliveries]
    if min(times) - MARGIN < EARLIEST or max(times) + MARGIN > LATEST:
        raise click.ClickException(
            f"the race does not fit between {render(EARLIEST)} and {render(LATEST)}: choose another --start, "
            "or smaller values for --median, --sigma, --wave-minutes or --batch-wait"
        )


def _fields_of(kind: type[Settings] | type[Behaviour], given: dict[str, Any]) -> dict[str, Any]:
    names = {field.name for field in fields(kind)}
    return {name: value for name, value in given.items() if name in names}


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
        click.echo(f"{sent} passings sent, {missing} NOT sent: {'; '.join(reasons)}", err=True)
        return INCOMPLETE
    duplicates = f", {again} of them duplicates" if again else ""
    click.echo(f"{sent} passings sent by {len(counts)} devices{duplicates}; all acknowledged, {closed} sessions closed")
    return 0
