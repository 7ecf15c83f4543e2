"""The race clock: race time in milliseconds, at a multiple of real time."""

import threading
import time
from collections.abc import Callable

LEAD = 10_000
"""Milliseconds of race time between the moment when the devices are ready and the start."""


class RaceClock:
    """Shows `origin` until it is started. At speed 60, one minute of race time takes one second."""

    def __init__(self, origin: int, speed: float, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._origin = origin
        self._speed = speed
        self._monotonic = monotonic
        self._started: float | None = None

    def start(self) -> None:
        """Start the clock."""
        self._started = self._monotonic()

    def now(self) -> int:
        """The current race time."""
        if self._started is None:
            return self._origin
        return self._origin + int((self._monotonic() - self._started) * self._speed * 1000)

    def wait(self, until: int, stop: threading.Event) -> bool:
        """Wait for a race time and return True. Returns False as soon as `stop` is set."""
        # threading does not accept longer waits than this.
        seconds = min((until - self.now()) / self._speed / 1000, threading.TIMEOUT_MAX)
        return not (stop.wait(seconds) if seconds > 0 else stop.is_set())


class RushedClock(RaceClock):
    """Never waits: it shows the latest time that anybody has asked to wait for."""

    def __init__(self, origin: int) -> None:
        super().__init__(origin, 1)
        self._latest = origin

    def now(self) -> int:
        return self._latest

    def wait(self, until: int, stop: threading.Event) -> bool:
        self._latest = max(self._latest, until)
        return not stop.is_set()


def race_clock(start: int, speed: float) -> RaceClock:
    """The clock of a race that starts at `start`. At speed 0 the race runs as fast as the server accepts it."""
    return RaceClock(start - LEAD, speed) if speed else RushedClock(start - LEAD)


def race_time(milliseconds: int) -> str:
    """H:MM:SS."""
    seconds = abs(milliseconds) // 1000
    sign = "-" if milliseconds < 0 and seconds else ""
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
