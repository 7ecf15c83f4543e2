"""The runners of a race: when each starts, when each finishes, and where each is in between."""

from collections import Counter, defaultdict
from collections.abc import Container
from dataclasses import dataclass
from math import ceil, exp, log, sqrt

from ..generated import epc
from .chance import Chance
from .presets import Settings

FASTEST = 0.45
"""No runner takes less than this part of the median: at every distance about the world record."""

_SEEDING = 0.08
"""How far runners err in the finish time by which they choose their wave: a spread of logarithms."""
_FADE = (0.05, 0.04)
"""The first half is quicker than the second, by this mean and spread."""
_LARGEST_CHANGE = 0.1
"""A runner gives up a goal that would change the time by a larger part."""
_AHEAD = (3_000, 25_000)
"""Milliseconds by which a goal is met."""
_MINUTE = 60_000


@dataclass(slots=True)
class Runner:
    """One runner. Times are milliseconds: gun the race's start, start the runner's own, net from start to finish."""

    bib: str
    chip: str
    wave: int
    start: int
    net: int
    fade: float

    @property
    def finish(self) -> int:
        """When the runner finishes."""
        return self.start + self.net

    def at(self, part: float) -> int:
        """When the runner is at a part of the course, from 0 to 1. Later parts are later; 1 is the finish."""
        return self.start + round(self.net * (part - self.fade * part * (1 - part)))


@dataclass(frozen=True, slots=True)
class Crossing:
    """What really happened: a runner crossed a timing point at a true time."""

    time: int
    runner: Runner


def runners(settings: Settings, seed: int) -> list[Runner]:
    """The field, by bib. Bibs are given by the order of entry, which says nothing of pace."""
    nets = _finish_times(settings, Chance(seed, "finish times"))
    field = [Runner(str(bib), epc(bib), 0, 0, net, 0.0) for bib, net in enumerate(nets, 1)]
    _line_up(field, settings, Chance(seed, "start"))
    _aim(field, settings, Chance(seed, "goals"))
    chance = Chance(seed, "fade")
    mean, spread = _FADE
    for runner in field:
        runner.fade = min(max(mean + spread * chance.normal(), -0.2), 0.3)
    return field


def _finish_times(settings: Settings, chance: Chance) -> list[int]:
    """Lognormal, in milliseconds."""
    times: list[int] = []
    while len(times) < settings.runners:
        time = round(settings.median * exp(settings.sigma * chance.normal()) * 1000)
        if time >= _fastest(settings):
            times.append(time)
    return times


def _fastest(settings: Settings) -> float:
    return settings.median * FASTEST * 1000


def _line_up(field: list[Runner], settings: Settings, chance: Chance) -> None:
    """Waves by the time that runners expect; within a wave the quicker stand rather in front."""
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


def _aim(field: list[Runner], settings: Settings, chance: Chance) -> None:
    """Let some meet a round time on the finish clock, as many as the busiest minute lacks.

    Finish times that are lognormal and nothing else bring about half the peak that finish lines see. What is missing
    are those who arrive together: behind a pacer, or with an eye on the clock.
    """
    step = round(settings.goal_minutes * _MINUTE)
    middle = sum(_AHEAD) / 2
    fastest = _fastest(settings)
    there: Counter[int] = Counter()
    would: defaultdict[int, float] = defaultdict(float)
    drawn: list[tuple[Runner, int, float]] = []
    for runner in field:
        clock = runner.finish - settings.start
        goal = round((clock + middle) / step)
        in_time = 0 < goal * step - clock <= _MINUTE
        change = goal * step - round(chance.between(*_AHEAD)) - clock
        there[goal] += in_time
        if abs(change) <= _LARGEST_CHANGE * runner.net and runner.net + change >= fastest:
            # The nearer a goal, the more it draws: it hardly touches the spread of the finish times.
            pull = 2 - 4 * abs(goal * step - middle - clock) / step
            would[goal] += 0 if in_time else pull
            drawn.append((runner, change, pull))
    shares = [(settings.peak - there[goal]) / pulled for goal, pulled in would.items() if pulled]
    share = max(min(shares, default=0.0), 0.0)
    before = [log(runner.net) for runner in field]
    met = {runner.bib: change for runner, change, pull in drawn if chance.random() < share * pull}
    for runner in field:
        runner.net += met.get(runner.bib, 0)
    _keep_spread(field, before, met.keys(), fastest)


def _keep_spread(field: list[Runner], before: list[float], met: Container[str], fastest: float) -> None:
    """Make up with those who met no goal for what the others have added to the spread (as rounding does)."""
    middle = sum(before) / len(before)
    free = [(runner, value - middle) for runner, value in zip(field, before, strict=True) if runner.bib not in met]
    fixed = sum((log(runner.net) - middle) ** 2 for runner in field if runner.bib in met)
    left, own = sum((value - middle) ** 2 for value in before) - fixed, sum(value**2 for _, value in free)
    if left > 0 and own > 0:
        for runner, value in free:
            runner.net = max(round(exp(middle + value * sqrt(left / own))), ceil(fastest))
