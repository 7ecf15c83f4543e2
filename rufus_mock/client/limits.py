"""How long an exchange and a run may take, how large an answer may be, and how many pages are read in a row."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field

MEBIBYTE = 1024 * 1024

LARGEST_HEAD = MEBIBYTE
"""Bytes that may arrive before the end of the headers, including all interim answers such as 100 Continue."""


class Exceeded(Exception):
    """A server has exceeded a limit. The message says which."""


class Deadline:
    """The moment by which a run must be over. seconds: from now; None: no deadline. clock: in seconds."""

    def __init__(self, seconds: float | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self.restart(seconds)

    def restart(self, seconds: float | None) -> None:
        """Allow so many seconds from now."""
        self.seconds = seconds
        self._until = math.inf if seconds is None else self._clock() + seconds

    @property
    def left(self) -> float:
        """Seconds until the deadline; negative after it, infinite without one."""
        return self._until - self._clock()

    @property
    def over(self) -> bool:
        """Whether the deadline has passed."""
        return self.left <= 0


@dataclass(frozen=True)
class Limits:
    """What a server may take from a client.

    seconds: for one exchange, from the first byte of the request to the last byte of the answer. size: bytes of one
    answer, as received and decompressed. pages: read in one sequence. deadline: for all exchanges together.
    """

    seconds: float = 60.0
    size: int = 64 * MEBIBYTE
    pages: int = 10_000
    deadline: Deadline = field(default_factory=Deadline, compare=False)


class Meter:
    """Measures one exchange. Its methods raise Exceeded. sent, received: bytes so far."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._deadline = Deadline(limits.seconds)
        self.sent = 0
        self.received = 0
        self.in_head = True

    @property
    def left(self) -> float:
        """Seconds that the exchange may still take."""
        if self._limits.deadline.over:
            raise Exceeded(f"the run has reached its deadline of {self._limits.deadline.seconds:g} s")
        if self._deadline.over:
            raise Exceeded(f"the answer was not complete within {self._limits.seconds:g} s")
        return min(self._deadline.left, self._limits.deadline.left)

    def receive(self, count: int) -> None:
        """Count bytes as they arrive."""
        self.received += count
        if self.in_head and self.received > LARGEST_HEAD:
            raise Exceeded(f"the headers of the answer are larger than {LARGEST_HEAD // MEBIBYTE} MiB")
        if self.received > self._limits.size + LARGEST_HEAD:
            raise self._too_large()

    def check_size(self, size: int) -> None:
        """Check the size of a body as far as it is decompressed."""
        if size > self._limits.size:
            raise self._too_large()

    def _too_large(self) -> Exceeded:
        size = self._limits.size
        shown = f"{size // MEBIBYTE} MiB" if size % MEBIBYTE == 0 else f"{size} bytes"
        return Exceeded(f"the answer is larger than {shown}")
