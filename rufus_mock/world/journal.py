"""What was asked: the last requests, as they came. What they mean is worked out when someone reads them."""

import threading
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_FIXED = 700
"""Bytes that an entry takes beside its body, its path and its query."""


@dataclass(frozen=True)
class Bounds:
    """How much a journal keeps: entries, and bytes."""

    entries: int = 1000
    bytes: int = 16 * 1024 * 1024


@dataclass(slots=True)
class Entry:
    """One request, raw. started is in nanoseconds since the epoch, duration in seconds.

    headers: WSGI's names, by spaces. status and duration are None where the answer never comes; body is None where
    there was none, or it is not kept. refusal: the error by which the contract refuses the request.
    """

    company: str | None
    started: int
    method: str
    path: str
    query: str
    operation: str | None
    headers: str
    key: str | None
    body: bytes | None
    body_bytes: int
    status: int | None
    duration: float | None
    refusal: str | None
    problems: list[dict[str, Any]]
    fault: str | None
    number: int = 0

    @property
    def size(self) -> int:
        """Bytes in memory, about."""
        return _FIXED + len(self.path) + len(self.query) + len(self.body or b"")


class Journal:
    """A ring of entries, bounded in number and in bytes."""

    def __init__(self, bounds: Bounds, numbers: Iterator[int]) -> None:
        self._bounds = bounds
        self._numbers = numbers
        self._lock = threading.Lock()
        self._entries: deque[Entry] = deque()
        self._bytes = 0
        self._total = 0
        self._evicted: Counter[str | None] = Counter()

    def record(self, entry: Entry) -> None:
        """Add an entry; the oldest go where there is no room. A body that alone is too large is not kept."""
        size = entry.size
        if size > self._bounds.bytes:
            entry.body = None
            size = entry.size
        with self._lock:
            entry.number = next(self._numbers)
            self._total += 1
            self._entries.append(entry)
            self._bytes += size
            while self._entries and (len(self._entries) > self._bounds.entries or self._bytes > self._bounds.bytes):
                old = self._entries.popleft()
                self._bytes -= old.size
                self._evicted[old.operation] += 1

    def read(self) -> "Reading":
        """What it holds at this moment."""
        with self._lock:
            return Reading(list(self._entries), self._total, Counter(self._evicted))

    def clear(self) -> int:
        """Forget all; how many entries that were."""
        with self._lock:
            forgotten = len(self._entries)
            self._entries.clear()
            self._evicted.clear()
            self._bytes = self._total = 0
            return forgotten


@dataclass
class Reading:
    """Entries from the oldest, how many requests there were in all, and how many were evicted, by operation."""

    entries: list[Entry]
    total: int
    evicted: Counter[str | None]

    def __add__(self, other: "Reading") -> "Reading":
        entries = sorted([*self.entries, *other.entries], key=lambda entry: entry.number)
        return Reading(entries, self.total + other.total, self.evicted + other.evicted)
