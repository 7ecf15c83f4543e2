"""The passings of a company: inserted once per num_passing of a session, read by number, by time, or continued."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import orjson

from ..base.errors import SessionNotFoundOrClosed
from ..base.timestamps import parse, parse_documented, render
from .continued import Continued, Continuing
from .devices import Devices
from .pages import Nothing, Pages, Shown
from .sessions import Session, Sessions
from .state import State
from .store import Fragment, Passing, Rows, Run

NO_FIX = "0.0"
"""The coordinate of a passing that was sent without one."""

_MEMBERS: dict[str, Any] = {
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
"""The stored members of a passing in the order of the answer, and the value of each if it was not sent."""


@dataclass(frozen=True)
class PassingsArray:
    """A JSON array that is not built yet: runs of passings whose first and last members are the same."""

    runs: Sequence[tuple[bytes, bytes, list[Fragment]]] = ()

    def json(self, before: bytes = b"", after: bytes = b"") -> bytes:
        """The array as bytes, between `before` and `after`.

        Everything is joined at once: a page takes over a megabyte, and copying it costs more than building it.
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
    """A page of passings: its number, its maximum size, the number of passings on all pages, whether pages follow."""

    passings: PassingsArray
    page: int
    limit: int
    total: int
    has_more: bool


@dataclass(frozen=True)
class Continuation:
    """An answer of device2: the session of the passings, and the num_passing after which they start."""

    session: Session | None
    resumed_from: int | None
    passings: PassingsArray


def passing(sent: dict[str, Any]) -> Passing:
    """Prepare a passing for the store: fill in absent fields and render its time in the documented form.

    `sent` is valid by schemas/passing-input.json. Raises ValueError for a timestamp out of range.
    """
    members = _MEMBERS | sent
    timestamp = parse_documented(members["timestamp"])
    if timestamp is None:
        timestamp = parse(members["timestamp"])
        members["timestamp"] = render(timestamp)
    number = members["num_passing"] = int(members["num_passing"])
    if type(members["latitude"]) is not str:
        members["latitude"] = _coordinate(members["latitude"])
    if type(members["longitude"]) is not str:
        members["longitude"] = _coordinate(members["longitude"])
    if len(members) > len(_MEMBERS):
        if "chip" not in sent:
            members["chip"] = sent.get("chips")
        members = {name: members[name] for name in _MEMBERS}
    return number, timestamp, orjson.dumps(members)[1:-1]


class Passings:
    """The passings of a company."""

    def __init__(self, state: State, devices: Devices, sessions: Sessions, page_size: int) -> None:
        self._state = state
        self._devices = devices
        self._sessions = sessions
        self._page_size = page_size
        self._pages = Pages(state, page_size)

    def insert(self, token_session: str, passings: Sequence[Passing]) -> int:
        """Store the new passings of an active session. Returns how many are new. Raises SessionNotFoundOrClosed."""
        with self._state.lock:
            session = self._sessions.find(token_session)
            if session is None or self._sessions.is_closed(session):
                raise SessionNotFoundOrClosed(token_session=token_session)
            self._devices.get(session.deviceid).record_insert(self._state.clock.now())
            return self._state.store.insert(token_session, passings)

    def load(self, token_session: str, passings: Sequence[Passing]) -> int:
        """Store the new passings of a session, open or closed, and leave its device as it is. Returns how many."""
        with self._state.lock:
            return self._state.store.insert(token_session, passings)

    def load_run(
        self, token_session: str, numbers: Sequence[int], times: Sequence[int], fragments: Rows[Fragment]
    ) -> bool:
        """Like load, for passings by column in ascending order of num_passing; see Store.insert_run."""
        with self._state.lock:
            return self._state.store.insert_run(token_session, numbers, times, fragments)

    def fragments(self, token_session: str) -> list[Fragment]:
        """All passings of a session, in the order of num_passing. Raises SessionNotFound."""
        with self._state.lock:
            self._sessions.get(token_session)
            selection = self._state.store.by_number(token_session)
            return [fragment for _, run in selection.read(0, selection.total) for fragment in run]

    def by_number(self, token_session: str, first: int | None, last: int | None, page: int) -> Page:
        """A page of a session. Raises SessionNotFound, PassingsNotFound."""
        with self._state.lock:
            self._sessions.get(token_session)
            return self._page(
                self._pages.of_session(token_session, first, last, page), page, token_session=token_session
            )

    def by_time(self, deviceid: str, since: int | None, until: int | None, page: int) -> Page:
        """A page of a device across its sessions. Raises DeviceNotFound, PassingsNotFound."""
        with self._state.lock:
            self._devices.get(deviceid)
            return self._page(self._pages.of_device(deviceid, since, until, page), page, deviceid=deviceid)

    def continued(
        self,
        deviceid: str,
        since: int | None,
        until: int | None,
        token_session: str | None,
        last: int | None,
        page: int,
    ) -> Continuation:
        """The passings after `last` in a session or, if there are none, those of a newer session.

        Without a session, the answer begins in the one that is assumed, and `last` applies there. Raises
        DeviceNotFound; SessionNotFound if the session does not belong to the device; PassingsNotFound.
        """
        with self._state.lock:
            self._devices.get(deviceid)
            if token_session is not None:
                token_session = self._sessions.get_of_device(deviceid, token_session).token_session
            found = Continuing(
                self._state, self._sessions, self._page_size, deviceid, token_session, last, page
            ).answer(since, until)
            if not isinstance(found, Continued):
                raise found(deviceid=deviceid)
            session = None if found.token_session is None else self._sessions.get(found.token_session)
            return Continuation(session, found.resumed_from, self._array(found.read()))

    def _page(self, found: Shown | Nothing, page: int, **owner: str) -> Page:
        """What is shown as a page. Raises an error instead, which carries `owner`."""
        if not isinstance(found, Shown):
            raise found(**owner)
        return Page(self._array(found.read()), page, self._page_size, found.total, found.has_more)

    def _array(self, runs: list[Run]) -> PassingsArray:
        return PassingsArray([self.with_members(run) for run in runs])

    def with_members(self, run: Run) -> tuple[bytes, bytes, list[Fragment]]:
        """A run between the JSON members that its session knows: token_session and deviceid."""
        token_session, fragments = run
        deviceid = self._sessions.get(token_session).deviceid
        before, after = b'"token_session":"%s",' % token_session.encode(), b',"deviceid":"%s"' % deviceid.encode()
        return before, after, fragments


def _coordinate(value: float | None) -> str:
    return NO_FIX if value is None else format(Decimal(repr(value)), "f")
