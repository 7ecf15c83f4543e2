"""Generates the runners of a race, with their start times, finish times and pace."""

from collections import Counter, defaultdict
from collections.abc import Container
from dataclasses import dataclass
from math import ceil, exp, log, sqrt

from ..base.identifiers import epc
from .chance import Chance
from .presets import Settings

FASTEST = 0.45
"""The fastest possible finish time as a share of the median: about the world record at every distance."""

_SEEDING = 0.08
"""Error of the finish time that runners expect when they choose a wave: standard deviation of its logarithm."""
_FADE = (0.05, 0.04)
"""Mean and standard deviation of the fade: the share by which the second half takes longer than the first."""
_LARGEST_CHANGE = 0.1
"""A runner gives up a goal that would change the finish time by more than this share."""
_AHEAD = (3_000, 25_000)
"""Runners who aim at a round time finish this many milliseconds before it, at least and at most."""
_MINUTE = 60_000


@dataclass(slots=True)
class Runner:
    """One runner. start: when the runner crosses the start line. net: from start to finish. Both in milliseconds."""

    bib: str
    chip: str
    wave: int
    start: int
    net: int
    fade: float

    @property
    def finish(self) -> int:
        """When the runner crosses the finish line."""
        return self.start + self.net

    def at(self, part: float) -> int:
        """When the runner reaches a part of the course, from 0 (start) to 1 (finish). Increases with the part."""
        return self.start + round(self.net * (part - self.fade * part * (1 - part)))


@dataclass(frozen=True, slots=True)
class Crossing:
    """A runner crosses a timing point. time: the true time, in milliseconds."""

    time: int
    runner: Runner


def runners(settings: Settings, seed: int) -> list[Runner]:
    """All runners, sorted by bib. A bib says nothing about the runner's pace."""
    nets = _finish_times(settings, Chance(seed, "finish times"))
    field = [Runner(str(bib), epc(bib), 0, 0, net, 0.0) for bib, net in enumerate(nets, 1)]
    _assign_waves(field, settings, Chance(seed, "start"))
    _bunch(field, settings, Chance(seed, "goals"))
    chance = Chance(seed, "fade")
    mean, spread = _FADE
    for runner in field:
        runner.fade = min(max(mean + spread * chance.normal(), -0.2), 0.3)
    return field


def _finish_times(settings: Settings, chance: Chance) -> list[int]:
    """Finish times in milliseconds, from a lognormal distribution."""
    times: list[int] = []
    while len(times) < settings.runners:
        time = round(settings.median * exp(settings.sigma * chance.normal()) * 1000)
        if time >= _fastest(settings):
            times.append(time)
    return times


def _fastest(settings: Settings) -> float:
    return settings.median * FASTEST * 1000


def _assign_waves(field: list[Runner], settings: Settings, chance: Chance) -> None:
    """Set each runner's wave and start time by the finish time that the runner expects, the fastest first."""
    expected = [runner.net * exp(_SEEDING * chance.normal()) for runner in field]
    order = sorted(range(len(field)), key=expected.__getitem__)
    waves = ceil(len(field) / settings.wave)
    time = float(settings.start)
    wave = -1
    for place, index in enumerate(order):
        runner = field[index]
        if place * waves // len(field) > wave:
            wave += 1
            time = settings.start + wave * settings.wave_minutes * _MINUTE + chance.between(300, 1500)
        runner.wave = wave + 1
        runner.start = round(time)
        time += chance.between(0, 2000) / settings.start_rate


def _bunch(field: list[Runner], settings: Settings, chance: Chance) -> None:
    """Move some finish times to just before a round time on the finish clock, until the busiest minute is as asked.

    Lognormal finish times alone produce about half of the peak seen at real finish lines. The rest are runners who
    arrive together because they follow a pacer or watch the clock.
    """
    step = round(settings.goal_minutes * _MINUTE)
    ahead = sum(_AHEAD) / 2
    fastest = _fastest(settings)
    on_time: Counter[int] = Counter()
    pulls: defaultdict[int, float] = defaultdict(float)
    candidates: list[tuple[Runner, int, float]] = []
    for runner in field:
        clock = runner.finish - settings.start
        goal = round((clock + ahead) / step)
        is_on_time = 0 < goal * step - clock <= _MINUTE
        change = goal * step - round(chance.between(*_AHEAD)) - clock
        on_time[goal] += is_on_time
        if abs(change) <= _LARGEST_CHANGE * runner.net and runner.net + change >= fastest:
            # A near goal pulls more than a distant one, so the spread of the finish times hardly changes.
            pull = 2 - 4 * abs(goal * step - ahead - clock) / step
            pulls[goal] += 0 if is_on_time else pull
            candidates.append((runner, change, pull))
    shares = [(settings.peak - on_time[goal]) / pull for goal, pull in pulls.items() if pull]
    share = max(min(shares, default=0.0), 0.0)
    logarithms = [log(runner.net) for runner in field]
    changes = {runner.bib: change for runner, change, pull in candidates if chance.random() < share * pull}
    for runner in field:
        runner.net += changes.get(runner.bib, 0)
    _restore_spread(field, logarithms, changes.keys(), fastest)


def _restore_spread(field: list[Runner], logarithms: list[float], moved: Container[str], fastest: float) -> None:
    """Rescale the finish times that _bunch did not move, so that the spread of all finish times is restored.

    logarithms: of the finish times before _bunch moved some of them.
    """
    mean = sum(logarithms) / len(logarithms)
    free = [(runner, value - mean) for runner, value in zip(field, logarithms, strict=True) if runner.bib not in moved]
    moved_squares = sum((log(runner.net) - mean) ** 2 for runner in field if runner.bib in moved)
    target = sum((value - mean) ** 2 for value in logarithms) - moved_squares
    current = sum(value**2 for _, value in free)
    if target > 0 and current > 0:
        for runner, value in free:
            runner.net = max(round(exp(mean + value * sqrt(target / current))), ceil(fastest))
