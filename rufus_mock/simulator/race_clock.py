"""The time of the race while it is run: milliseconds, at a multiple of the speed of real time."""

import threading
import time
from collections.abc import Callable

LEAD = 10_000
"""Race time, in milliseconds, from the devices being ready to the start."""


class RaceClock:
    """Stands at `origin` until it begins. speed 60: a race minute a second."""

    def __init__(self, origin: int, speed: float, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._origin = origin
        self._speed = speed
        self._monotonic = monotonic
        self._begun: float | None = None

    def begin(self) -> None:
        """Let it run."""
        self._begun = self._monotonic()

    def now(self) -> int:
        """The race time."""
        if self._begun is None:
            return self._origin
        return self._origin + int((self._monotonic() - self._begun) * self._speed * 1000)

    def wait(self, until: int, stop: threading.Event) -> bool:
        """Return at a race time; False, and at once, when `stop` is set."""
        # threading takes no wait of more than some decades.
        seconds = min((until - self.now()) / self._speed / 1000, threading.TIMEOUT_MAX)
        return not (stop.wait(seconds) if seconds > 0 else stop.is_set())


class RushedClock(RaceClock):
    """Waits for nothing: it is always as late as the latest time that somebody waited for."""

    def __init__(self, origin: int) -> None:
        super().__init__(origin, 1)
        self._latest = origin

    def now(self) -> int:
        return self._latest

    def wait(self, until: int, stop: threading.Event) -> bool:
        self._latest = max(self._latest, until)
        return not stop.is_set()


def race_clock(start: int, speed: float) -> RaceClock:
    """The clock of a race that starts at a time. speed 0: as fast as the server takes it."""
    return RaceClock(start - LEAD, speed) if speed else RushedClock(start - LEAD)


def race_time(milliseconds: int) -> str:
    """H:MM:SS."""
    seconds = abs(milliseconds) // 1000
    sign = "-" if milliseconds < 0 and seconds else ""
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
