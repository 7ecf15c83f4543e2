"""The races that come with the simulator, and what can be set of a race.

Finish times are those of public results, as medians and spreads of a lognormal distribution. The start, the waves and
the finish peak follow what is usual at road races.
"""

from dataclasses import dataclass

from ..timestamps import check_start, parse

START = parse("2026-05-10T07:00:00.000Z")
"""When a race starts unless it is said: a Sunday, nine o'clock in Madrid. Fixed, so that a seed repeats it all."""

HALF = 21.0975
MARATHON = 42.195


@dataclass(frozen=True)
class Settings:
    """A race before it is run.

    median: of the finish times, in seconds. sigma: the standard deviation of their logarithms. splits: kilometres of
    the timing points between start and finish. start_rate: runners a second over the start mat. wave: runners of a
    wave at most. wave_minutes: from wave to wave. finish_peak: runners in the busiest minute at the finish; None for
    0.6 · runners / kilometres. goal_minutes: which round times of the finish clock runners aim at.
    """

    name: str
    kilometres: float
    median: float
    sigma: float
    splits: tuple[float, ...] = ()
    runners: int = 1000
    start: int = START
    start_rate: float = 11.0
    wave: int = 1900
    wave_minutes: float = 3.0
    finish_peak: float | None = None
    goal_minutes: float = 5.0

    def __post_init__(self) -> None:
        if self.runners < 1:
            raise ValueError(f"runners: at least 1, not {self.runners}")
        try:
            check_start(self.start)
        except ValueError as error:
            raise ValueError(f"start: {error}") from error
        for name in ("kilometres", "median", "sigma", "start_rate", "wave", "wave_minutes", "goal_minutes"):
            value = getattr(self, name)
            if not value > 0:
                raise ValueError(f"{name}: more than 0, not {value}")
        if self.finish_peak is not None and self.finish_peak < 0:
            raise ValueError(f"finish_peak: 0 or more, not {self.finish_peak}")
        if list(self.splits) != sorted(set(self.splits)) or not all(
            0 < split < self.kilometres for split in self.splits
        ):
            raise ValueError(f"splits: kilometres in rising order, between 0 and {self.kilometres:g}: {self.splits}")

    @property
    def peak(self) -> float:
        """Runners in the busiest minute at the finish."""
        return 0.6 * self.runners / self.kilometres if self.finish_peak is None else self.finish_peak

    @property
    def points(self) -> tuple[tuple[str, float], ...]:
        """The timing points, each with its name and its kilometres."""
        between = tuple(("Half" if split == HALF else f"{split:g} km", split) for split in self.splits)
        return (("Start", 0.0), *between, ("Finish", self.kilometres))


PRESETS = {
    "5k": Settings("5k", 5, median=30 * 60 + 28, sigma=0.205, splits=(2.5,)),
    "10k": Settings("10k", 10, median=57 * 60, sigma=0.21, splits=(5,)),
    "half": Settings("half", HALF, median=122 * 60, sigma=0.187, splits=(5, 10, 15), goal_minutes=10),
    "marathon": Settings("marathon", MARATHON, median=268 * 60, sigma=0.22, splits=(10, HALF, 30, 35), goal_minutes=15),
}
