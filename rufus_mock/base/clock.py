"""The current time. The world asks a Clock object, so that a test can replace it."""

import threading
import time

from .timestamps import check_start


class Clock:
    """The clock of this machine."""

    def now(self) -> int:
        """Milliseconds since the epoch."""
        return time.time_ns() // 1_000_000


class StoppedClock(Clock):
    """A clock that always shows the same time."""

    def __init__(self, time: int) -> None:
        self._time = time

    def now(self) -> int:
        return self._time


class CompanyClock(Clock):
    """A clock that follows another until it is frozen, set or advanced."""

    def __init__(self, base: Clock) -> None:
        self._base = base
        self._lock = threading.Lock()
        self._offset = 0
        self._stands: int | None = None

    def now(self) -> int:
        stands = self._stands
        return self._base.now() + self._offset if stands is None else stands

    @property
    def frozen(self) -> bool:
        """Whether the clock is stopped."""
        return self._stands is not None

    @property
    def offset(self) -> int:
        """How many milliseconds it is ahead of the clock that it follows."""
        return self.now() - self._base.now() if self.frozen else self._offset

    def set(self, now: int | None = None, frozen: bool | None = None) -> None:
        """Set the time and whether the clock is stopped; None changes nothing. Raises ValueError: see check_start."""
        with self._lock:
            self._put(self.now() if now is None else now, self.frozen if frozen is None else frozen)

    def advance(self, milliseconds: int) -> None:
        """Move the clock forward, or back by a negative number. Raises ValueError: see check_start."""
        with self._lock:
            self._put(self.now() + milliseconds, self.frozen)

    def reset(self) -> None:
        """Follow the other clock without an offset again."""
        with self._lock:
            self._offset, self._stands = 0, None

    def _put(self, now: int, frozen: bool) -> None:
        check_start(now)
        if frozen:
            self._stands = now
        else:
            self._offset, self._stands = now - self._base.now(), None
