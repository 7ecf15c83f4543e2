"""How many requests a company sends within one second."""

import threading
import time
from collections.abc import Callable

WINDOW = 1.0


class Rate:
    """Counts requests in windows of one second of real time. A window starts with its first request."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._start = -WINDOW
        self._number = 0
        self._lock = threading.Lock()

    def count(self) -> int:
        """Count a request. Returns its number within the window."""
        with self._lock:
            now = self._now()
            if now - self._start >= WINDOW:
                self._start, self._number = now, 0
            self._number += 1
            return self._number
