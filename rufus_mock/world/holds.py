"""Answers that are held back: for a time, or until they are released."""

import threading
from collections.abc import Callable


class Hold:
    """An answer that is held back for `seconds`, or until it is released (None). It calls `forget` when it ends."""

    def __init__(self, seconds: float | None, forget: Callable[["Hold"], None]) -> None:
        self.seconds = seconds
        self._forget = forget
        self._over = threading.Event()
        self._lock = threading.Lock()
        self._then: Callable[[], None] | None = None

    def release(self) -> None:
        """End the hold now. Releasing it again changes nothing."""
        with self._lock:
            if self._over.is_set():
                return
            self._over.set()
            then, self._then = self._then, None
        self._forget(self)
        if then is not None:
            then()

    def when_over(self, then: Callable[[], None]) -> None:
        """Call `then` when the hold has ended; at once if it has."""
        with self._lock:
            if not self._over.is_set():
                self._then = then
                return
        then()

    def ends_within(self, seconds: float) -> bool:
        """Block for `seconds` at most. Whether it is over."""
        return self._over.wait(max(seconds, 0))

    def wait(self) -> None:
        """Block until the hold has ended."""
        if not self._over.wait(self.seconds):
            self.release()
