"""Draws a race: passings per minute at each point, and the finish times.

Needs matplotlib: pip install "rufus-mock[plot]".
"""

from collections import Counter
from math import exp, log, pi, sqrt
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..race import Race, Settings
from .race_clock import race_time

_MINUTE = 60_000
_BARS = 80


def plot(race: Race, path: Path) -> None:
    """Write a picture as PNG or SVG, depending on the file name. Raises ValueError for other names, and OSError."""
    if path.suffix not in (".png", ".svg"):
        raise ValueError(f"{path}: the file name must end in .png or .svg")
    figure = Figure(figsize=(8, 6), layout="constrained")
    above, below = figure.subplots(2, 1)
    _passings(above, race)
    _finish_times(below, race)
    settings = race.settings
    figure.suptitle(f"{settings.name}: {settings.runners} runners over {settings.kilometres:g} km")
    # The same race gives the same file: leave out the date, and make the identifiers inside an SVG reproducible.
    with mpl.rc_context({"svg.hashsalt": "rufus-mock"}):
        figure.savefig(path, dpi=100, metadata={"Date": None} if path.suffix == ".svg" else None)


def _passings(axes: Axes, race: Race) -> None:
    start = race.settings.start
    for device in race.devices:
        counts = Counter((passing.timestamp - start) // _MINUTE for passing in device.passings)
        if counts:
            minutes = range(min(counts) - 1, max(counts) + 2)
            axes.step(list(minutes), [counts[minute] for minute in minutes], where="post", label=device.point)
    axes.set(xlabel="minutes since the start", ylabel="passings per minute")
    axes.set_ylim(bottom=0)
    axes.legend(loc="upper right")


def _finish_times(axes: Axes, race: Race) -> None:
    settings = race.settings
    nets = [runner.net / _MINUTE for runner in race.runners]
    low, high = min(nets), max(nets)
    width = max((high - low) / _BARS, 0.05)
    edges = [low + width * index for index in range(_BARS + 1)]
    axes.hist(nets, edges, color="tab:gray", label="runners")
    axes.plot(edges, [len(nets) * width * _lognormal(edge, settings) for edge in edges], "k--", label="lognormal")
    axes.axvline(
        settings.median / 60, color="tab:red", linewidth=1, label=f"median {race_time(round(settings.median * 1000))}"
    )
    axes.set(xlabel="finish time in minutes, from start line to finish line", ylabel="runners")
    axes.legend(loc="upper right")


def _lognormal(minutes: float, settings: Settings) -> float:
    deviation = (log(minutes * 60) - log(settings.median)) / settings.sigma
    return exp(-(deviation**2) / 2) / (minutes * settings.sigma * sqrt(2 * pi))
