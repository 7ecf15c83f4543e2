"""The two indexes of passings: a device's by time, and a session's by num_passing."""

from collections.abc import Callable

from .ordered import OrderedRows

Fragment = bytes
"""A passing as the bytes of its JSON members without token_session and deviceid, which its session knows.

One bytes object takes a third of the memory of the values, and a page is one join.
"""

Passing = tuple[int, int, Fragment]
"""A passing to store: its num_passing, its time in milliseconds and its JSON members.

A plain tuple costs a tenth of a named one, and the garbage collector does not track it for long.
"""


_LOWEST, _HIGHEST = (2**63, 0), (-1, 0)
"""Before the first passing: every num_passing is lower than the first of them and higher than the second."""


class DeviceIndex:
    """The sessions of a device from the oldest, and its passings by (time, ordinal of the session, num_passing)."""

    __slots__ = ("by_time", "tokens")

    def __init__(self, tokens: list[str], by_time: OrderedRows[Fragment]) -> None:
        self.tokens = tokens
        self.by_time = by_time

    def copy(self) -> "DeviceIndex":
        return DeviceIndex(self.tokens.copy(), self.by_time.copy())


class SessionIndex:
    """The passings of a session by num_passing. ordinal is the position of the session among those of its device."""

    __slots__ = ("by_number", "device", "first", "highest", "last", "lowest", "ordinal", "repeats")

    def __init__(self, device: DeviceIndex, ordinal: int, by_number: OrderedRows[Fragment]) -> None:
        self.device = device
        self.ordinal = ordinal
        self.by_number = by_number
        self.first: int | None = None
        self.last: int | None = None
        self.lowest = _LOWEST
        self.highest = _HIGHEST
        self.repeats = False

    def copy(self, device: DeviceIndex) -> "SessionIndex":
        other = SessionIndex(device, self.ordinal, self.by_number.copy())
        other.extent, other.repeats = self.extent, self.repeats
        return other

    @property
    def extent(self) -> tuple[int | None, int | None, tuple[int, int], tuple[int, int]]:
        """The first and last time, and the lowest and highest num_passing, each with its time."""
        return self.first, self.last, self.lowest, self.highest

    @extent.setter
    def extent(self, extent: tuple[int | None, int | None, tuple[int, int], tuple[int, int]]) -> None:
        self.first, self.last, self.lowest, self.highest = extent

    def include(self, first: int, last: int) -> None:
        """Extend the range of times."""
        self.first = first if self.first is None or first < self.first else self.first
        self.last = last if self.last is None or last > self.last else self.last

    def include_number(self, number: int, time: int) -> None:
        """Extend the range of num_passing; the time is that of the passing with this number."""
        if number < self.lowest[0]:
            self.lowest = number, time
        if number >= self.highest[0]:
            self.highest = number, time

    def add(self, number: int, time: int, fragment: Fragment) -> bool:
        """Add a passing. Returns False and changes nothing if the session has its num_passing already."""
        if not self.by_number.add((number,), fragment):
            return False
        self.device.by_time.add((time, self.ordinal, number), fragment)
        self.include(time, time)
        self.include_number(number, time)
        return True

    def add_again(self, number: int, time: int, fragment: Fragment) -> None:
        """Add a passing after those with the same num_passing."""
        self.by_number.add_again((number,), fragment)
        self.repeats = True
        self.device.by_time.add_again((time, self.ordinal, number), fragment)
        self.include(time, time)
        self.include_number(number, time)

    def remove(self, number: int, time: int, fragment: Fragment) -> None:
        """Remove a passing. The range of times stays as it is: see exclude."""
        self.by_number.remove((number,), fragment)
        self.device.by_time.remove((time, self.ordinal, number), fragment)

    def remove_all(self, number: int, time_of: Callable[[Fragment], int]) -> list[int]:
        """Remove all passings with a num_passing that another one is to replace. Returns their times.

        time_of: the time in a fragment. The range of times stays as it is: see exclude.
        """
        if number == self.lowest[0]:
            self.lowest = _LOWEST
        fragments = self.with_number(number)
        times = list(map(time_of, fragments))
        for time, fragment in zip(times, fragments, strict=True):
            self.remove(number, time, fragment)
        return times

    def exclude(self, times: list[int]) -> None:
        """Reduce the range of times after passings with these times were removed."""
        if self.first not in times and self.last not in times:
            return
        by_time = self.device.by_time
        ordinals, times_left = by_time.column(1, 0, len(by_time)), by_time.column(0, 0, len(by_time))
        self.first = times_left[ordinals.index(self.ordinal)]
        self.last = times_left[-1 - ordinals[::-1].index(self.ordinal)]

    def arrival(self, number: int, fragment: Fragment) -> int:
        """Which of the passings with a num_passing one is, in the order in which they were added."""
        return self.with_number(number).index(fragment)

    def with_number(self, number: int) -> list[Fragment]:
        """The passings with a num_passing, in the order in which they were added."""
        return self.by_number.rows(self.by_number.rank((number,)), self.by_number.rank((number + 1,)))
