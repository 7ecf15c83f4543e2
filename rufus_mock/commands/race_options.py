"""The options that describe a race, and the race that they describe."""

import math
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any, TypeVar

import click

from ..base.timestamps import EARLIEST, LATEST, parse, render
from ..race import PRESETS, Behaviour, Race, Settings
from ..race.behaviour import BY_HAND, FILTERED, RAW, SYNCED
from .options import Number

F = TypeVar("F")

MARGIN = 24 * 60 * 60 * 1000
"""The minimum time in milliseconds between a race and the earliest and latest times: sessions open before a race."""

_DEFAULT = Behaviour()
_SHARE = Number(0, 1)
_COUNT = click.IntRange(1, 1_000_000)
_POSITIVE = Number(0.001, 10_000)
_A_MONTH = 30 * 24 * 60 * 60


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


def option(*names: str, **attributes: Any) -> Callable[[Any], Any]:
    return click.option(*names, **{"show_default": True, **attributes})


def _behaviour(name: str, **attributes: Any) -> Callable[[Any], Any]:
    default = getattr(_DEFAULT, name)
    return option(f"--{name.replace('_', '-')}", name, default=default, **attributes)


_OPTIONS = (
    option(
        "--kilometres",
        type=_POSITIVE,
        help="Distance.  [default: from --race, as for all options down to --goal-minutes]",
        show_default=False,
    ),
    option("--median", type=Duration(), help="Median finish time."),
    option(
        "--sigma", type=Number(0.001, 5), help="Spread of the finish times: standard deviation of their logarithms."
    ),
    option("--split", "splits", type=_POSITIVE, multiple=True, help="Kilometre of a timing point. Can be repeated."),
    option("--start", type=Time(), help="When the race starts, for example 2026-05-10T09:00:00+02:00."),
    option("--start-rate", type=_POSITIVE, help="Runners per second over the start mat."),
    option("--wave", type=_COUNT, help="Maximum number of runners in a wave."),
    option("--wave-minutes", type=_POSITIVE, help="Minutes from one wave to the next."),
    option(
        "--finish-peak",
        type=Number(0, 1_000_000),
        help="Runners in the busiest minute at the finish.  [default: 0.6 · runners / kilometres]",
    ),
    option("--goal-minutes", type=_POSITIVE, help="Runners aim at multiples of this on the finish clock."),
    _behaviour("reads", type=click.Choice([FILTERED, RAW]), help="Send one passing per crossing, or every read."),
    _behaviour("miss_start", type=_SHARE, help="Share of crossings that the start device misses."),
    _behaviour("miss_split", type=_SHARE, help="Share of crossings that a split device misses."),
    _behaviour("miss_finish", type=_SHARE, help="Share of crossings that the finish device misses."),
    _behaviour("repeat", type=_SHARE, help="Share of crossings detected again 1 to 10 s later."),
    _behaviour("batch", type=_COUNT, help="Maximum number of passings per request."),
    _behaviour("batch_wait", type=Number(0, 1_000_000), help="Seconds of race time that a batch waits to fill."),
    _behaviour("overtake", type=_SHARE, help="Share of requests that arrive after later ones."),
    _behaviour("outages", type=click.IntRange(0, 1000), help="Number of devices that lose the network once."),
    _behaviour("outage_minutes", type=_POSITIVE, nargs=2, help="Shortest and longest outage."),
    _behaviour("flush", type=_COUNT, nargs=2, help="Smallest and largest batch after an outage."),
    _behaviour("resend", type=_SHARE, help="Share of these batches that are sent twice."),
    _behaviour("clock", type=click.Choice([SYNCED, BY_HAND]), help="Clock error: up to ±50 ms, or up to ±2 s."),
    _behaviour("drift", type=Number(0, 1_000_000), help="Maximum drift of the clocks, in parts per million."),
    _behaviour(
        "manual",
        multiple=True,
        metavar="POINT",
        help="A point, such as Finish, where bibs are typed into a phone. Can be repeated.",
    ),
    _behaviour("wrong_bib", type=_SHARE, help="Share of typed bibs that are wrong."),
    option("--gps/--no-gps", default=_DEFAULT.gps, help='Send positions, or "0.0".'),
)


def race_options(command: F) -> F:
    """Add the options that change the preset of a race or the behaviour of its devices."""
    for add in reversed(_OPTIONS):
        command = add(command)
    return command


def described_race(preset: str, seed: int, options: dict[str, Any]) -> Race:
    """The race that the options describe. Raises ClickException if they describe none."""
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
