"""The passings of a company: inserted once per num_passing of a session, read by number, by time, or continued."""

from collections.abc import Sequence
from dataclasses import dataclass

from ..assumptions import Assumptions
from ..assumptions.inserts import CLOSED_SESSION, CLOSED_TOKEN, DUPLICATES
from ..base.errors import PassingsNotFound
from .devices import Devices
from .entries import Read, reader, time_of
from .sessions import Session, Sessions
from .state import State
from .store import Fragment, Inserted, Passing, Repeated, Rows, Run, Selection


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
    """A page of passings: its number, its maximum size, and the number of passings on all pages."""

    passings: PassingsArray
    page: int
    limit: int
    total: int


@dataclass(frozen=True)
class Continuation:
    """An answer of device2: the session of the passings, and the num_passing after which they start."""

    session: Session | None
    resumed_from: int
    passings: PassingsArray


class Passings:
    """The passings of a company."""

    def __init__(self, state: State, devices: Devices, sessions: Sessions, page_size: int) -> None:
        self._state = state
        self._devices = devices
        self._sessions = sessions
        self._page_size = page_size
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
            self._devices.get(session.deviceid).record_contact(self._state.clock.now())
            return inserted

    def _accepting(self, token_session: str) -> Session:
        """The session, if it accepts passings. Raises SessionNotFoundOrClosed."""
        session = self._sessions.find(token_session)
        if session is not None and session.active:
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
        """A page of a session, both bounds inclusive. Raises SessionNotFound, PassingsNotFound."""
        with self._state.lock:
            self._sessions.get(token_session)
            return self._page(
                self._state.store.by_number(token_session, first, last), page, token_session=token_session
            )

    def by_time(self, deviceid: str, since: int | None, until: int | None, page: int) -> Page:
        """A page of a device across its sessions, both bounds inclusive. Raises DeviceNotFound, PassingsNotFound."""
        with self._state.lock:
            self._devices.get(deviceid)
            return self._page(self._state.store.by_time(deviceid, since, until), page, deviceid=deviceid)

    def continued(
        self,
        deviceid: str,
        since: int | None,
        until: int | None,
        token_session: str | None,
        last: int | None,
        page: int,
    ) -> Continuation:
        """The passings after `last` in a session or, if there are none, those of the next session that has any.

        Raises DeviceNotFound; SessionNotFound if the session does not belong to the device; PassingsNotFound for a
        page past the end.
        """
        with self._state.lock:
            self._devices.get(deviceid)
            candidates = self._candidates(deviceid, token_session, last)
            for candidate, after in candidates:
                selection = self._state.store.after(candidate, after, since, until)
                if selection.total:
                    passings = self._read(selection, page)
                    if passings is None:
                        break
                    return Continuation(self._sessions.get(candidate), max(after, 0), passings)
            if page > 1:
                raise PassingsNotFound(deviceid=deviceid)
            if not candidates:
                return Continuation(None, 0, PassingsArray())
            session_used, after = candidates[-1]
            return Continuation(self._sessions.get(session_used), max(after, 0), PassingsArray())

    def _candidates(self, deviceid: str, token_session: str | None, last: int | None) -> list[tuple[str, int]]:
        """The sessions to continue with, in order, and the num_passing after which each is read."""
        if token_session is None:
            return [(session, -1) for session in self._state.store.sessions(deviceid)]
        self._sessions.get_of_device(deviceid, token_session)
        newer = self._state.store.newer_sessions(token_session)
        return [(token_session, -1 if last is None else last), *((session, -1) for session in newer)]

    def _page(self, selection: Selection, page: int, **owner: str) -> Page:
        """A page of a selection. Raises PassingsNotFound, which carries `owner`."""
        passings = self._read(selection, page)
        if passings is None:
            raise PassingsNotFound(**owner)
        return Page(passings, page, self._page_size, selection.total)

    def _read(self, selection: Selection, page: int) -> PassingsArray | None:
        """One page of a selection. None if the page is past the end."""
        start = (page - 1) * self._page_size
        if start >= selection.total:
            return None
        runs = selection.read(start, min(start + self._page_size, selection.total))
        return PassingsArray([self.with_members(run) for run in runs])

    def with_members(self, run: Run) -> tuple[bytes, bytes, list[Fragment]]:
        """A run between the JSON members that its session knows: token_session and deviceid."""
        token_session, fragments = run
        deviceid = self._sessions.get(token_session).deviceid
        before, after = b'"token_session":"%s",' % token_session.encode(), b',"deviceid":"%s"' % deviceid.encode()
        return before, after, fragments
