"""The passings of a company: inserted once per num_passing of a session, read by number, by time, or continued."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import orjson

from ..assumptions import Assumptions
from ..assumptions.inserts import CLOSED_SESSION, CLOSED_TOKEN, DUPLICATES
from ..assumptions.reads import UNKNOWN_DEVICE
from .continued import Continued, Continuing
from .devices import Devices
from .entries import Read, reader, time_of
from .pages import Nothing, Pages, Shown
from .sessions import Session, Sessions
from .state import State
from .store import Fragment, Inserted, Passing, Repeated, Rows, Run


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

    def without(self, fields: Collection[str]) -> "PassingsArray":
        """The array without some fields of its passings. Every passing is parsed if there are any."""
        if not fields:
            return self
        return PassingsArray(
            [
                (b"", b"", [_without(fields, head + fragment + tail) for fragment in fragments])
                for head, tail, fragments in self.runs
            ]
        )


def _without(fields: Collection[str], members: bytes) -> Fragment:
    parsed = orjson.loads(b"{" + members + b"}")
    return orjson.dumps({name: value for name, value in parsed.items() if name not in fields})[1:-1]


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


class Passings:
    """The passings of a company."""

    def __init__(self, state: State, devices: Devices, sessions: Sessions, page_size: int) -> None:
        self._state = state
        self._devices = devices
        self._sessions = sessions
        self._page_size = page_size
        self._pages = Pages(state, page_size)
        self._reader: tuple[Assumptions, Read] | None = None

    @property
    def read(self) -> Read:
        """Reads the entries of an insert, as the assumptions of the company say. See entries.reader."""
        assumptions = self._state.assumptions
        if self._reader is None or self._reader[0] is not assumptions:
            self._reader = assumptions, reader(assumptions.decision)
        return self._reader[1]

    def insert(self, token_session: str, passings: Sequence[Passing]) -> Inserted:
        """Store passings of an active session. Raises SessionNotFoundOrClosed, PassingsAlreadyInserted."""
        with self._state.lock:
            session = self._accepting(token_session)
            inserted = self._state.store.insert(token_session, passings, lambda: self._repeated(token_session))
            self._devices.get(session.deviceid).record_insert(self._state.clock.now())
            return inserted

    def _accepting(self, token_session: str) -> Session:
        """The session, if it accepts passings. Raises SessionNotFoundOrClosed."""
        session = self._sessions.find(token_session)
        if session is not None and not self._sessions.is_closed(session):
            return session
        error = self._state.assumptions[CLOSED_TOKEN]()(token_session=token_session)
        raise error if session is None else error.with_status(self._state.assumptions[CLOSED_SESSION]())

    def _repeated(self, token_session: str) -> Repeated:
        """What happens to passings that repeat a num_passing. Raises PassingsAlreadyInserted."""
        repeat = self._state.assumptions[DUPLICATES]()
        if repeat.refusal is not None:
            raise repeat.refusal(token_session=token_session)
        return Repeated(repeat.stored, time_of if repeat.replaces else None)

    def load(self, token_session: str, passings: Sequence[Passing], *, all: bool = False) -> int:
        """Store the new passings of a session, open or closed, and leave its device as it is. Returns how many.

        all: also those that repeat a num_passing, as in a snapshot.
        """
        with self._state.lock:
            return self._state.store.insert(token_session, passings, lambda: Repeated(stored=all)).new

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
            self._require_device(deviceid)
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
            self._require_device(deviceid)
            if token_session is not None:
                token_session = self._sessions.get_of_device(deviceid, token_session).token_session
            found = Continuing(
                self._state, self._sessions, self._page_size, deviceid, token_session, last, page
            ).answer(since, until)
            if not isinstance(found, Continued):
                raise found(deviceid=deviceid)
            session = None if found.token_session is None else self._sessions.get(found.token_session)
            return Continuation(session, found.resumed_from, self._array(found.read()))

    def _require_device(self, deviceid: str) -> None:
        """Raises the error of a read if the device is unknown: DeviceNotFound, or PassingsNotFound."""
        if self._devices.find(deviceid) is None:
            raise self._state.assumptions[UNKNOWN_DEVICE]()(deviceid=deviceid)

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
