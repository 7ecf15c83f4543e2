"""Calls functions at given times, so that a response can be delayed without a thread that waits."""

import logging
import sched
import threading
import time
from collections.abc import Callable

logger = logging.getLogger(__name__)


class Alarm:
    """Calls functions at given times, on one thread that is started when it is first needed."""

    def __init__(self) -> None:
        self._schedule = sched.scheduler(time.monotonic)
        self._changed = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._ended = False

    def at(self, moment: float, call: Callable[[], None]) -> None:
        """Call a function at `moment`, a time of time.monotonic()."""
        self._schedule.enterabs(moment, 0, _logged, (call,))
        self._changed.set()
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="rufus-mock-alarm", daemon=True)
                self._thread.start()

    def end(self) -> None:
        """Discard the remaining calls and end the thread."""
        self._ended = True
        self._changed.set()
        with self._lock:  # at() may be starting the thread right now
            thread = self._thread
        if thread is not None:
            thread.join()

    def _run(self) -> None:
        while not self._ended:
            seconds = self._schedule.run(blocking=False)  # until the next call; None if there is none
            self._changed.wait(seconds)
            self._changed.clear()


def _logged(call: Callable[[], None]) -> None:
    """Call a function. A call that fails must not end the thread, because the later calls would never be made."""
    try:
        call()
    except Exception:
        logger.exception("a delayed call failed")
