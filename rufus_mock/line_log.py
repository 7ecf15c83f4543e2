"""A log for a line a request, without the price of `logging` and of a write for each.

A record of `logging` and its write cost a third of what the whole request costs: a write lets go of the interpreter,
and the thread that wrote waits for its turn behind all others.
"""

import threading
import time
from collections import deque
from contextlib import suppress
from typing import TextIO

DELAY = 0.05
"""Seconds that a line waits for others at most."""


class LineLog:
    """Writes lines to a stream within DELAY, many at once, each with the time and the name of the log before it."""

    def __init__(self, stream: TextIO, name: str) -> None:
        self._stream = stream
        self._name = name
        self._lines: deque[str] = deque()
        self._pending = threading.Event()
        self._writing = threading.Lock()
        self._second = (0, "")
        threading.Thread(target=self._write_on, name="log", daemon=True).start()

    def __call__(self, line: str) -> None:
        now = time.time_ns() // 1_000_000
        second, stamp = self._second
        if second != now // 1000:
            second = now // 1000
            stamp = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(second))
            self._second = (second, stamp)
        self._lines.append(f"{stamp},{now % 1000:03d} INFO {self._name}: {line}\n")
        if not self._pending.is_set():
            self._pending.set()

    def flush(self) -> None:
        """Write what waits."""
        # Where nobody reads the log any more, the server goes on.
        with self._writing, suppress(OSError, ValueError):
            self._stream.write("".join(self._lines.popleft() for _ in range(len(self._lines))))
            self._stream.flush()

    def _write_on(self) -> None:
        while self._pending.wait():
            time.sleep(DELAY)
            self._pending.clear()
            self.flush()
