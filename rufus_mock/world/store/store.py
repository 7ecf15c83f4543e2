"""The two indexes of a company's passings, and which sessions a device has."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from operator import le, lt
from typing import NamedTuple

from .indexes import DeviceIndex, Fragment, Passing, SessionIndex
from .ordered import OrderedRows, Rows
from .window import Run, Selection, Window


class SessionTotals(NamedTuple):
    """The number of passings of a session, and their first and last time in milliseconds."""

    passings: int
    first: int | None
    last: int | None


class Repeated(NamedTuple):
    """What to do with passings whose num_passing the session has already.

    stored: whether they are stored. replaced_time: they replace the earlier ones, whose time is in a fragment; without
    it, both are kept.
    """

    stored: bool
    replaced_time: Callable[[Fragment], int] | None = None


SKIPPED = Repeated(stored=False)


class Inserted(NamedTuple):
    """How many passings are no duplicates, and for each whether it is stored (1 or 0); None if all are.

    A passing that replaces another one is a duplicate.
    """

    new: int
    stored: bytes | None = None


class Store:
    """The passings of a company. Not thread-safe: the caller holds the lock of the company's state.

    A device without sessions is not known here; it has no passings. A session must be added before it is used.
    """

    def __init__(self) -> None:
        self._devices: dict[str, DeviceIndex] = {}
        self._sessions: dict[str, SessionIndex] = {}

    def copy(self) -> "Store":
        """A copy that can be changed independently. Both share the passings until one of them changes."""
        other = Store()
        for deviceid, device in self._devices.items():
            copied = other._devices[deviceid] = device.copy()
            for token_session in device.tokens:
                other._sessions[token_session] = self._sessions[token_session].copy(copied)
        return other

    def add_session(self, deviceid: str, token_session: str) -> None:
        """Add a session without passings, as the newest of its device."""
        device = self._devices.get(deviceid)
        if device is None:
            device = self._devices[deviceid] = DeviceIndex([], OrderedRows(3))
        self._sessions[token_session] = SessionIndex(device, len(device.tokens), OrderedRows(1))
        device.tokens.append(token_session)

    def remove_device(self, deviceid: str) -> list[str]:
        """Remove the sessions and passings of a device. Returns the removed sessions."""
        device = self._devices.pop(deviceid, None)
        if device is None:
            return []
        for token_session in device.tokens:
            del self._sessions[token_session]
        return device.tokens

    def sessions(self, deviceid: str) -> list[str]:
        """The sessions of a device, oldest first."""
        device = self._devices.get(deviceid)
        return [] if device is None else device.tokens.copy()

    def has_same_passings_as(self, other: "Store") -> bool:
        """Whether both stores have the same passings on the same devices."""
        return all(
            device.by_time.has_same_rows_as(other._devices[deviceid].by_time) if deviceid in other._devices else False
            for deviceid, device in self._devices.items()
        )

    def count(self) -> int:
        """The number of passings in the store."""
        return sum(len(device.by_time) for device in self._devices.values())

    def device_counts(self, deviceid: str) -> tuple[int, int]:
        """The number of sessions and of passings of a device."""
        device = self._devices.get(deviceid)
        return (0, 0) if device is None else (len(device.tokens), len(device.by_time))

    def session_totals(self, token_session: str) -> SessionTotals:
        """The number of passings of a session, and their first and last time."""
        session = self._sessions[token_session]
        return SessionTotals(len(session.by_number), session.first, session.last)

    def ends_by_number(self, token_session: str) -> tuple[int, int]:
        """The times of the passings with the lowest and the highest num_passing, in a session that has passings."""
        session = self._sessions[token_session]
        return session.lowest[1], session.highest[1]

    def latest(self, deviceid: str) -> int | None:
        """The time of the latest passing of a device."""
        device = self._devices.get(deviceid)
        length = len(device.by_time) if device else 0
        return device.by_time.column(0, length - 1, length)[0] if device and length else None

    def insert(
        self, token_session: str, passings: Sequence[Passing], repeated: Callable[[], Repeated] = lambda: SKIPPED
    ) -> Inserted:
        """Store passings.

        repeated: is called if any of them repeats a num_passing of the session or of another one, and says what to do
        with those that do. It may raise an error; then nothing is stored.
        """
        if len(passings) > 1:
            numbers, times, fragments = zip(*passings, strict=True)
            if all(map(lt, numbers, numbers[1:])) and self.insert_run(token_session, numbers, times, fragments):
                return Inserted(len(passings))
        session = self._sessions[token_session]
        if len(passings) == 1 and session.add(*passings[0]):
            return Inserted(1)
        before = session.extent
        new = next((index for index, passing in enumerate(passings) if not session.add(*passing)), len(passings))
        if new == len(passings):
            return Inserted(new)
        try:
            decided = repeated()
        except BaseException:
            for passing in passings[:new]:
                session.remove(*passing)
            session.extent = before
            raise
        return _insert_repeated(session, passings, new, decided)

    def insert_run(
        self, token_session: str, numbers: Sequence[int], times: Sequence[int], fragments: Rows[Fragment]
    ) -> bool:
        """Store passings in ascending order of num_passing. A function `fragments` is called on the first read.

        Returns False and changes nothing if the session has a passing between the first and the last of them.
        """
        session = self._sessions[token_session]
        if not session.by_number.add_run([numbers], fragments):
            return False
        by_time = session.device.by_time
        ordinals = [session.ordinal] * len(numbers)
        if not all(map(le, times, times[1:])) or not by_time.add_run([times, ordinals, numbers], fragments):
            made = fragments() if callable(fragments) else fragments
            for *key, fragment in zip(times, ordinals, numbers, made, strict=True):
                by_time.add(tuple(key), fragment)
        session.include(min(times), max(times))
        session.include_number(numbers[0], times[0])
        session.include_number(numbers[-1], times[-1])
        return True

    def by_number(self, token_session: str, first: int | None = None, last: int | None = None) -> Selection:
        """The passings of a session in the order of num_passing. Both bounds are inclusive."""
        rows = self._sessions[token_session].by_number
        start = 0 if first is None else rows.rank((first,))
        stop = len(rows) if last is None else rows.rank((last + 1,))

        def read(low: int, high: int) -> list[Run]:
            return [(token_session, rows.rows(start + low, start + high))]

        return Selection(max(stop - start, 0), read, lambda low, high: range(start + low, start + high))

    def by_time(self, deviceid: str, since: int | None, until: int | None) -> Window:
        """The passings of all sessions of a device by time, session and num_passing. Both bounds are inclusive."""
        device = self._devices.get(deviceid) or DeviceIndex([], OrderedRows(3))
        start = 0 if since is None else device.by_time.rank((since,))
        stop = len(device.by_time) if until is None else device.by_time.rank((until + 1,))
        return Window(device.tokens, device.by_time, start, stop, lambda: self._overlapping(device))

    def has_time(self, deviceid: str, time: int) -> bool:
        """Whether a device has a passing at this time."""
        return self.by_time(deviceid, time, time).total > 0

    def continuing(self, deviceid: str, since: int | None, until: int | None) -> Callable[[str, int], Selection]:
        """A function that selects the passings of a session with a higher num_passing than a given one.

        They belong to this device, and their times are within the inclusive bounds.
        """
        if since is None and until is None:
            return lambda token_session, number: self.by_number(token_session, number + 1)
        window = self.by_time(deviceid, since, until)

        def select(token_session: str, number: int) -> Selection:
            session = self._sessions[token_session]
            return window.of_session(session.ordinal, number, session.arrival if session.repeats else None)

        return select

    def _overlapping(self, device: DeviceIndex) -> bool:
        """Whether sessions of a device may have passings at the same time."""
        if len(device.tokens) < 2:
            return False
        sessions = (self._sessions[token_session] for token_session in device.tokens)
        spans = sorted((each.first, each.last) for each in sessions if each.first is not None and each.last is not None)
        return any(last >= first for (_, last), (first, _) in pairwise(spans))


def _insert_repeated(session: SessionIndex, passings: Sequence[Passing], start: int, decided: Repeated) -> Inserted:
    """Store the passings from `start`, some of which repeat a num_passing. Those before are stored and were new."""
    new = bytearray(b"\1" * start + bytes(len(passings) - start))
    replaced: list[int] = []
    for index in range(start, len(passings)):
        number, time, fragment = passings[index]
        if session.add(number, time, fragment):
            new[index] = 1
        elif decided.stored:
            if decided.replaced_time is not None:
                replaced += session.remove_all(number, decided.replaced_time)
            session.add_again(number, time, fragment)
    if not decided.stored:
        return Inserted(sum(new), bytes(new))
    if decided.replaced_time is None:
        return Inserted(len(passings))
    session.exclude(replaced)
    latest = {passing[0]: index for index, passing in enumerate(passings)}
    return Inserted(sum(new), bytes(latest[passing[0]] == index for index, passing in enumerate(passings)))
