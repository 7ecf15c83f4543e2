"""The passings of a device within bounds of time: listed in several orders, or session by session."""

from array import array
from bisect import bisect_left
from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import groupby
from operator import and_, eq, ne
from typing import NamedTuple

from .indexes import Fragment
from .ordered import OrderedRows

Arrival = Callable[[int, Fragment], int]
"""Says which of the passings with a num_passing one is, in the order in which they arrived."""

Run = tuple[str, list[Fragment]]
"""Consecutive passings of one session: its token_session and their fragments."""


class Selection(NamedTuple):
    """The passings that a query selects: how many they are, and a function that reads those in [start, stop).

    rows: says which those in [start, stop) are. For two selections from the same index the result is equal if and only
    if they are the same passings.
    """

    total: int
    read: Callable[[int, int], list[Run]]
    rows: Callable[[int, int], Sequence[object]] = range


class Listed(NamedTuple):
    """A passing in the index of its device: its key there, and its position. ordinal is that of its session."""

    time: int
    ordinal: int
    number: int
    position: int


class Window:
    """The passings of a device from position `start` to `stop` of its index by time, session and num_passing.

    tokens: the sessions of the device from the oldest. overlapping: says whether two of them may have passings at the
    same time. The parameters low and high of the methods count from `start`.
    """

    def __init__(
        self,
        tokens: Sequence[str],
        by_time: OrderedRows[Fragment],
        start: int,
        stop: int,
        overlapping: Callable[[], bool],
    ) -> None:
        self.total = max(stop - start, 0)
        self._tokens = tokens
        self._by_time = by_time
        self._start = start
        self._overlapping = overlapping

    @property
    def in_one_order(self) -> bool:
        """Whether all passings of the device are in the order of sessions and num_passing, and none at the same time.

        That is, none of different sessions. Then every order is the same.
        """
        return not self._overlapping() and self._by_time.ascending

    def positions(self, low: int, high: int) -> range:
        """Where passings of the window are in the index."""
        return range(self._start + low, self._start + high)

    def tied(self, low: int, high: int) -> list[Listed]:
        """The passings at the times of those in [low, high), if different sessions have some at the same time.

        Empty if not. They are in the order of the index; some of them may stand outside of [low, high).
        """
        if not self._overlapping():
            return []
        start, stop = self._start + low, self._start + high
        start = self._by_time.rank((self._by_time.column(0, start, start + 1)[0],))
        stop = self._by_time.rank((self._by_time.column(0, stop - 1, stop)[0] + 1,))
        times, ordinals, numbers = self._columns(start, stop)
        if not any(map(and_, map(eq, times, times[1:]), map(ne, ordinals, ordinals[1:]))):
            return []
        return list(map(Listed, times, ordinals, numbers, range(start, stop)))

    def stays(self, low: int, high: int) -> bool:
        """Whether the passings in [low, high) are the same if the window is sorted by session and num_passing."""
        start, stop = self._start + low, self._start + high
        return self._by_time.stays(start, stop, self._start, self._start + self.total)

    def by_session(self, low: int, high: int) -> list[int]:
        """Where the passings are that stand in [low, high) if the window is sorted by session and num_passing.

        Takes the time to sort the whole window.
        """
        everything = self.positions(0, self.total)
        _, ordinals, numbers = self._columns(everything.start, everything.stop)
        return [position for _, _, position in sorted(zip(ordinals, numbers, everything, strict=True))[low:high]]

    def read(self, positions: Sequence[int]) -> list[Run]:
        """The passings at positions of the index, in this order."""
        if not positions:
            return []
        ordered = isinstance(positions, range)
        start, stop = (positions[0], positions[-1]) if ordered else (min(positions), max(positions))
        fragments, ordinals = self._by_time.rows(start, stop + 1), self._by_time.column(1, start, stop + 1)
        if not ordered:
            fragments = [fragments[position - start] for position in positions]
            ordinals = array("q", [ordinals[position - start] for position in positions])
        runs, at = [], 0
        for ordinal, run in groupby(ordinals):
            end = at + len(list(run))
            runs.append((self._tokens[ordinal], fragments[at:end]))
            at = end
        return runs

    def of_session(self, ordinal: int, number: int, arrival: Arrival | None = None) -> Selection:
        """The passings of a session with a higher num_passing than `number`, in this order.

        arrival: the order of those with the same num_passing; None if there are none.

        Takes the time to sort the window, if that is not in the order of sessions and num_passing anyway.
        """
        positions: Sequence[int]
        if not self.total or self.stays(0, self.total):
            every = self.positions(0, self.total)
            start, stop = (bisect_left(every, key, key=self._of) for key in ((ordinal, number + 1), (ordinal + 1, -1)))
            positions = every[start:stop]
        else:
            positions = [position for other, position in self._of_sessions.get(ordinal, ()) if other > number]
        if arrival is not None:
            positions = sorted(positions, key=lambda position: self._arrived(position, arrival))
        return Selection(
            len(positions),
            lambda low, high: self.read(positions[low:high]),
            lambda low, high: list(positions[low:high]),
        )

    def _arrived(self, position: int, arrival: Arrival) -> tuple[int, int]:
        number = self._of(position)[1]
        return number, arrival(number, self._by_time.rows(position, position + 1)[0])

    @cached_property
    def _of_sessions(self) -> dict[int, list[tuple[int, int]]]:
        """For each session, by its ordinal: its passings as num_passing and position, in this order."""
        everything = self.positions(0, self.total)
        _, ordinals, numbers = self._columns(everything.start, everything.stop)
        found: dict[int, list[tuple[int, int]]] = {}
        for ordinal, number, position in zip(ordinals, numbers, everything, strict=True):
            found.setdefault(ordinal, []).append((number, position))
        for passings in found.values():
            passings.sort()
        return found

    def _of(self, position: int) -> tuple[int, int]:
        """The ordinal of the session and the num_passing of a passing."""
        return self._by_time.column(1, position, position + 1)[0], self._by_time.column(2, position, position + 1)[0]

    def _columns(self, start: int, stop: int) -> tuple["array[int]", "array[int]", "array[int]"]:
        times, ordinals, numbers = (self._by_time.column(number, start, stop) for number in range(3))
        return times, ordinals, numbers
