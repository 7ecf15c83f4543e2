"""How many requests a company sends within one second."""

import itertools
import time
from collections.abc import Callable

WINDOW = 1.0


class Rate:
    """Counts requests in windows of one second of real time. A window starts with its first request."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._end = now()
        self._numbers = itertools.count(1)

    def count(self) -> int:
        """Count a request. Returns its number within the window."""
        now = self._now()
        if now >= self._end:
            self._end, self._numbers = now + WINDOW, itertools.count(1)
        return next(self._numbers)
