"""The settings of a race, and the presets that come with the simulator.

The finish times follow a lognormal distribution whose median and spread come from public results. The start, the waves
and the finish peak are typical of road races.
"""

from dataclasses import dataclass

from ..base.timestamps import check_start, parse

START = parse("2026-05-10T07:00:00.000Z")
"""The default start: a Sunday, nine o'clock in Madrid. It is fixed, so that a seed reproduces the whole race."""

HALF = 21.0975
MARATHON = 42.195


@dataclass(frozen=True)
class Settings:
    """The settings of a race. Raises ValueError for a value that is out of range.

    median: median finish time, in seconds. sigma: standard deviation of the logarithms of the finish times. splits:
    kilometres of the timing points between start and finish. start: in milliseconds since the epoch. start_rate:
    runners per second over the start mat. wave: maximum number of runners in a wave. wave_minutes: minutes from one
    wave to the next. finish_peak: runners in the busiest minute at the finish; None for 0.6 · runners / kilometres.
    goal_minutes: runners aim at multiples of this on the finish clock.
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
            raise ValueError(f"runners: must be at least 1, not {self.runners}")
        try:
            check_start(self.start)
        except ValueError as error:
            raise ValueError(f"start: {error}") from error
        for name in ("kilometres", "median", "sigma", "start_rate", "wave", "wave_minutes", "goal_minutes"):
            value = getattr(self, name)
            if not value > 0:
                raise ValueError(f"{name}: must be greater than 0, not {value}")
        if self.finish_peak is not None and self.finish_peak < 0:
            raise ValueError(f"finish_peak: must be at least 0, not {self.finish_peak}")
        if list(self.splits) != sorted(set(self.splits)) or not all(
            0 < split < self.kilometres for split in self.splits
        ):
            given = ", ".join(f"{split:g}" for split in self.splits)
            raise ValueError(
                "splits: must be kilometres in ascending order, more than 0 and less than "
                f"{self.kilometres:g}, not {given}"
            )

    @property
    def peak(self) -> float:
        """Runners in the busiest minute at the finish."""
        return 0.6 * self.runners / self.kilometres if self.finish_peak is None else self.finish_peak

    @property
    def points(self) -> tuple[tuple[str, float], ...]:
        """The name and the kilometres of each timing point, from start to finish."""
        between = tuple(("Half" if split == HALF else f"{split:g} km", split) for split in self.splits)
        return (("Start", 0.0), *between, ("Finish", self.kilometres))


PRESETS = {
    "5k": Settings("5k", 5, median=30 * 60 + 28, sigma=0.205, splits=(2.5,)),
    "10k": Settings("10k", 10, median=57 * 60, sigma=0.21, splits=(5,)),
    "half": Settings("half", HALF, median=122 * 60, sigma=0.187, splits=(5, 10, 15), goal_minutes=10),
    "marathon": Settings("marathon", MARATHON, median=268 * 60, sigma=0.22, splits=(10, HALF, 30, 35), goal_minutes=15),
}
