"""A complete race: its runners, the crossings at each timing point, and the devices."""

from collections.abc import Sequence
from functools import cached_property
from operator import attrgetter

from .behaviour import Behaviour
from .chance import Chance
from .devices import Device
from .field import Crossing, Runner, runners
from .presets import Settings

PREFIX = "SIM"


class Race:
    """A race, computed from its settings and a seed when its parts are first read.

    prefix: the start of the devices' serial numbers. Two races with the same seed need different prefixes. Raises
    ValueError if the behaviour names a point that the race does not have.
    """

    def __init__(
        self, settings: Settings, behaviour: Behaviour | None = None, seed: int = 0, prefix: str = PREFIX
    ) -> None:
        self.settings = settings
        self.behaviour = behaviour or Behaviour()
        self.seed = seed
        self.prefix = prefix
        names = [name for name, _ in settings.points]
        for name in self.behaviour.manual:
            if name not in names:
                raise ValueError(f"manual: no point {name!r}; the points are {', '.join(map(repr, names))}")

    @cached_property
    def runners(self) -> list[Runner]:
        """All runners, sorted by bib."""
        return runners(self.settings, self.seed)

    @cached_property
    def devices(self) -> Sequence[Device]:
        """One device per timing point, from start to finish."""
        count = len(self.settings.points)
        order = list(range(count))
        Chance(self.seed, "outages").shuffle(order)
        offline = set(order[: self.behaviour.outages])
        return [self.device(index, index in offline) for index in range(count)]

    def crossings(self, kilometres: float) -> list[Crossing]:
        """The crossings at a point, sorted by time."""
        part = kilometres / self.settings.kilometres
        return sorted((Crossing(runner.at(part), runner) for runner in self.runners), key=attrgetter("time"))

    def device(self, index: int, loses_network: bool = False) -> Device:
        """The device at a timing point. index counts from 0."""
        name, kilometres = self.settings.points[index]
        return Device(
            point=name,
            kilometres=kilometres,
            part=kilometres / self.settings.kilometres,
            serial_number=f"{self.prefix}-{self.settings.name}-{self.seed}-{index + 1:02d}",
            crossings=self.crossings(kilometres),
            behaviour=self.behaviour,
            loses_network=loses_network,
            chance=Chance(self.seed, "device", index),
        )
