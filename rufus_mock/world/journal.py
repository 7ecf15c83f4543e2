"""The journal: the last requests as they arrived. They are interpreted only when the journal is read."""

import threading
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter
from sys import getsizeof
from typing import Any, NamedTuple

from ..assumptions.trace import Later

_FIXED = 1000
"""Bytes that an entry takes besides its texts. About 700 were measured."""


@dataclass(frozen=True)
class Bounds:
    """The maximum number of entries in a journal, and of bytes."""

    entries: int = 1000
    bytes: int = 16 * 1024 * 1024


class Entry(NamedTuple):
    """One request, not interpreted. started is in nanoseconds since the epoch, duration in seconds.

    variables: the names in the WSGI environment, including the headers, one per line. One text takes a quarter of the
    memory of a list. status and duration are None if the answer never comes. body is None if there was none or if it
    was too large to keep. refusal: the error with which the contract rejects the request. assumptions: the ids of those
    whose other variants would have changed the answer or the state after it, except those that `later` finds out from
    the body.
    """

    number: int
    company: str | None
    started: int
    method: str
    path: str
    query: str
    operation: str | None
    variables: str
    key: str | None
    body: bytes | None
    body_bytes: int
    status: int | None
    duration: float | None
    refusal: str | None
    problems: list[dict[str, Any]] | None
    fault: str | None
    assumptions: tuple[str, ...] = ()
    later: Later | None = None

    def mattered(self) -> tuple[str, ...]:
        """The ids of all assumptions that mattered, sorted."""
        if self.later is None or self.body is None:
            return tuple(sorted(self.assumptions))
        return tuple(sorted({*self.assumptions, *self.later(self.body)}))

    def without_body(self) -> "Entry":
        """The entry without its body, and with all that can be found out only from the body."""
        return self._replace(body=None, assumptions=self.mattered(), later=None)


class Journal:
    """The latest entries, limited in number and in bytes. `numbers` counts the requests of the whole server."""

    def __init__(self, bounds: Bounds, numbers: Iterator[int]) -> None:
        self.numbers = numbers
        self._bounds = bounds
        self._lock = threading.Lock()
        self._entries: deque[Entry] = deque()
        self._sizes: deque[int] = deque()
        self._bytes = 0
        self._total = 0
        self._evicted: Counter[str | None] = Counter()

    def record(self, entry: Entry) -> None:
        """Add an entry. Remove the oldest entries if there is no room, or the body if that alone is over the limit."""
        size = _size(entry)
        if size > self._bounds.bytes and entry.body is not None:
            entry = entry.without_body()
            size = _size(entry)
        with self._lock:
            entries = self._entries
            entries.append(entry)
            self._sizes.append(size)
            self._total += 1
            self._bytes += size
            while entries and (len(entries) > self._bounds.entries or self._bytes > self._bounds.bytes):
                self._bytes -= self._sizes.popleft()
                self._evicted[entries.popleft().operation] += 1

    def read(self) -> "Reading":
        """The current entries and counts."""
        with self._lock:
            entries, total, evicted = list(self._entries), self._total, Counter(self._evicted)
        return Reading(sorted(entries, key=_number), total, evicted)

    def clear(self) -> int:
        """Remove all entries. Returns how many there were."""
        with self._lock:
            removed = len(self._entries)
            self._entries.clear()
            self._sizes.clear()
            self._evicted.clear()
            self._bytes = self._total = 0
            return removed


@dataclass
class Reading:
    """Entries, oldest first; the number of requests in total; the number of evicted requests by operation."""

    entries: list[Entry]
    total: int
    evicted: Counter[str | None]

    def __add__(self, other: "Reading") -> "Reading":
        entries = sorted([*self.entries, *other.entries], key=_number)
        return Reading(entries, self.total + other.total, self.evicted + other.evicted)


_number = attrgetter("number")


def _size(entry: Entry) -> int:
    """The maximum number of bytes that an entry takes. WSGI texts take one byte per character."""
    size = _FIXED + len(entry.method) + len(entry.path) + len(entry.query) + len(entry.variables)
    if entry.body:
        size += len(entry.body)
    if entry.problems:
        size += sum(map(_size_of_problem, entry.problems))
    return size


def _size_of_problem(problem: dict[str, Any]) -> int:
    return getsizeof(problem) + sum(map(getsizeof, problem.values()))
