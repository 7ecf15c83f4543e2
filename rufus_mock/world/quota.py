"""A limit on the number of requests in a window of time."""

import threading
from math import ceil

from ..base.clock import Clock
from ..base.errors import TooManyRequests


class Quota:
    """Allows `requests` requests per window of `window_ms` milliseconds. A window starts with its first request."""

    def __init__(self, requests: int, window_ms: int, clock: Clock) -> None:
        self.requests = requests
        self.window_ms = window_ms
        self.used = 0
        self.refused = 0
        self._clock = clock
        self._window_start: int | None = None
        self._lock = threading.Lock()

    def spend(self) -> None:
        """Count a request. Raises TooManyRequests with retry_after, in whole seconds."""
        with self._lock:
            now = self._clock.now()
            if self._window_start is None or not self._window_start <= now < self._window_start + self.window_ms:
                self._window_start, self.used = now, 0
            if self.used >= self.requests:
                self.refused += 1
                raise TooManyRequests(retry_after=ceil((self._window_start + self.window_ms - now) / 1000))
            self.used += 1
