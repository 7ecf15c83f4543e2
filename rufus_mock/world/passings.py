"""Passings: stored once by num_passing within a session, read by number, by time, or continued."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Any

import orjson

from ..base.errors import PassingsNotFound, SessionNotFoundOrClosed
from ..base.timestamps import parse, parse_documented, render

if TYPE_CHECKING:
    from .devices import Devices
    from .sessions import Session, Sessions
    from .state import State

Fragment = bytes
"""A passing as the bytes of its JSON members, those left out that its session knows: token_session and deviceid.

One bytes object takes a third of the memory of the values, and a page is one join.
"""

_Read = Callable[[int, int], list[Fragment]]

NO_FIX = "0.0"
"""The coordinate of a passing that came without one."""

_ABSENT: dict[str, Any] = {
    "timestamp": None,
    "num_passing": None,
    "latitude": NO_FIX,
    "longitude": NO_FIX,
    "status": None,
    "participant_id": None,
    "chip": None,
    "bib": None,
    "timezone": None,
    "gender": None,
}
"""What is stored of a passing, in the order of the answer, and what stands where nothing came."""


Passing = tuple[int, int, Fragment]
"""A passing as it is stored: its num_passing, its time in milliseconds, its JSON members.

A plain tuple: it costs a tenth of a named one, and the garbage collector need not look at it again.
"""


@dataclass(frozen=True)
class PassingsArray:
    """A JSON array, not yet put together: runs of passings that share the first and the last of their members."""

    runs: Sequence[tuple[bytes, bytes, list[Fragment]]] = ()

    def json(self, before: bytes = b"", after: bytes = b"") -> bytes:
        """The array, with what goes before and after it.

        All in one join: a page is over a megabyte, and each copy of it costs more than to put it together.
        """
        parts = [before, b"["]
        for head, tail, fragments in self.runs:
            run = [tail + b"},{" + head] * (2 * len(fragments))
            run[0] = b"{" + head if len(parts) == 2 else b",{" + head
            run[1::2] = fragments
            parts += run
            parts.append(tail + b"}")
        parts += [b"]", after]
        return b"".join(parts)


@dataclass(frozen=True)
class Page:
    """A page of passings, and where it stands: its number, its size at most, how many in all."""

    passings: PassingsArray
    page: int
    limit: int
    total: int


@dataclass(frozen=True)
class Continuation:
    """What device2 gives: the session that the passings come from, and after which num_passing they begin."""

    session: "Session | None"
    resumed_from: int
    passings: PassingsArray


def passing(sent: dict[str, Any]) -> Passing:
    """A passing as sent, made ready to store: absent fields null, the time in the documented form.

    `sent` is valid by schemas/passing-input.json. Raises ValueError for a timestamp out of range.
    """
    members = _ABSENT | sent
    timestamp = parse_documented(members["timestamp"])
    if timestamp is None:
        timestamp = parse(members["timestamp"])
        members["timestamp"] = render(timestamp)
    number = members["num_passing"] = int(members["num_passing"])
    if type(members["latitude"]) is not str:
        members["latitude"] = _coordinate(members["latitude"])
    if type(members["longitude"]) is not str:
        members["longitude"] = _coordinate(members["longitude"])
    if len(members) > len(_ABSENT):
        if "chip" not in sent:
            members["chip"] = sent.get("chips")
        members = {name: members[name] for name in _ABSENT}
    return number, timestamp, orjson.dumps(members)[1:-1]


class Passings:
    """The passings of a company."""

    def __init__(self, state: "State", devices: "Devices", sessions: "Sessions", page_size: int) -> None:
        self._state = state
        self._devices = devices
        self._sessions = sessions
        self._page_size = page_size

    def insert(self, token_session: str, passings: Sequence[Passing]) -> int:
        """Store what is new and return how much that is. Raises SessionNotFoundOrClosed."""
        with self._state.lock:
            session = self._sessions.find(token_session)
            if session is None or not session.active:
                raise SessionNotFoundOrClosed(token_session=token_session)
            session.device.seen(self._state.clock.now())
            return session.add(passings)

    def by_number(self, token_session: str, first: int | None, last: int | None, page: int) -> Page:
        """A page of a session, both bounds inclusive. Raises SessionNotFound, PassingsNotFound."""
        with self._state.lock:
            session = self._sessions.get(token_session)
            rows = session.by_number
            start = 0 if first is None else rows.rank((first,))
            stop = len(rows) if last is None else rows.rank((last + 1,))
            low, high = self._bounds(start, stop, page)
            if low >= high:
                raise PassingsNotFound(token_session=token_session)
            fragments = rows.rows(low, high)
        return Page(PassingsArray([(*session.members, fragments)]), page, self._page_size, stop - start)

    def by_time(self, deviceid: str, since: int | None, until: int | None, page: int) -> Page:
        """A page of a device across its sessions, both bounds inclusive. Raises DeviceNotFound, PassingsNotFound."""
        with self._state.lock:
            device = self._devices.get(deviceid)
            rows = device.by_time
            start = 0 if since is None else rows.rank((since,))
            stop = len(rows) if until is None else rows.rank((until + 1,))
            low, high = self._bounds(start, stop, page)
            if low >= high:
                raise PassingsNotFound(deviceid=deviceid)
            fragments = rows.rows(low, high)
            ordinals = rows.column(1, low, high)
            sessions = {session.ordinal: session for session in device.sessions}
        runs = []
        for ordinal, run in groupby(ordinals):
            size = len(list(run))
            runs.append((*sessions[ordinal].members, fragments[:size]))
            del fragments[:size]
        return Page(PassingsArray(runs), page, self._page_size, stop - start)

    def continued(
        self,
        deviceid: str,
        since: int | None,
        until: int | None,
        token_session: str | None,
        last: int | None,
        page: int,
    ) -> Continuation:
        """What comes after `last` in a session, or from the beginning of the next that has anything.

        Raises DeviceNotFound; SessionNotFound for a session that is not the device's; PassingsNotFound for a page
        past the end.
        """
        with self._state.lock:
            device = self._devices.get(deviceid)
            if token_session is None:
                candidates = [(session, -1) for session in device.sessions]
            else:
                session = self._sessions.of_device(device, token_session)
                newer = device.sessions[device.sessions.index(session) + 1 :]
                candidates = [(session, -1 if last is None else last), *((other, -1) for other in newer)]
            for session, after in candidates:
                total, read = _after(session, after, since, until)
                if total:
                    low, high = self._bounds(0, total, page)
                    if low >= high:
                        break
                    return Continuation(session, max(after, 0), PassingsArray([(*session.members, read(low, high))]))
        if page > 1:
            raise PassingsNotFound(deviceid=deviceid)
        session_used, after = candidates[-1] if candidates else (None, 0)
        return Continuation(session_used, max(after, 0), PassingsArray())

    def _bounds(self, start: int, stop: int, page: int) -> tuple[int, int]:
        low = start + (page - 1) * self._page_size
        return low, min(low + self._page_size, stop)


def _after(session: "Session", after: int, since: int | None, until: int | None) -> tuple[int, _Read]:
    """How many passings of a session come after a num_passing, within the times, and how to read some of them."""
    if since is None and until is None:
        start = session.by_number.rank((after + 1,))
        return len(session.by_number) - start, lambda low, high: session.by_number.rows(start + low, start + high)
    rows = session.device.by_time
    window = (0 if since is None else rows.rank((since,)), len(rows) if until is None else rows.rank((until + 1,)))
    numbered = sorted(
        (number, fragment)
        for ordinal, number, fragment in zip(
            rows.column(1, *window), rows.column(2, *window), rows.rows(*window), strict=True
        )
        if ordinal == session.ordinal and number > after
    )
    return len(numbered), lambda low, high: [fragment for _, fragment in numbered[low:high]]


def _coordinate(value: float | None) -> str:
    return NO_FIX if value is None else format(Decimal(repr(value)), "f")
