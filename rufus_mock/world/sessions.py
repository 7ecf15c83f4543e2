"""The sessions of a company. A device has one active session at most; a closed session cannot be opened again."""

from dataclasses import dataclass, replace
from typing import Any

from ..assumptions.sessions import (
    ACTIVE_UNKNOWN_DEVICE,
    CLOSE_AGAIN,
    CLOSES_ITSELF,
    DURATION,
    FIRST_LAST,
    FIRST_LAST_EMPTY,
    INSERT_UNKNOWN_DEVICE,
    NO_ALIAS,
    NONE,
    ORDER,
    UNKNOWN_DEVICE,
)
from ..base.errors import DeviceNotFound, SessionNotFound, SessionsNotFound
from ..base.timestamps import render
from .devices import Device, Devices
from .state import State


@dataclass(slots=True)
class Session:
    """What identifies and describes a session. creation_date, closed and duration, its end, are in milliseconds.

    closed: when it was closed; None while it is active, and if a fixture does not say when: then at its end.
    """

    token_session: str
    deviceid: str
    alias: str | None
    creation_date: int
    duration: int
    active: bool = True
    closed: int | None = None

    def close(self, now: int) -> None:
        """Close it. A closed session stays as it is."""
        if self.active:
            self.active, self.closed = False, now


class Sessions:
    """The sessions of a company."""

    def __init__(self, state: State, devices: Devices) -> None:
        self._state = state
        self._devices = devices
        self._sessions: dict[str, Session] = {}

    def __len__(self) -> int:
        return len(self._sessions)

    def open(self, deviceid: str, alias: str | None = None) -> Session:
        """Open a session on a device and close its active one. Raises DeviceNotFound."""
        with self._state.lock:
            try:
                device = self._devices.get(deviceid)
            except DeviceNotFound as error:
                raise error.with_status(self._state.assumptions[INSERT_UNKNOWN_DEVICE]()) from None
            now = self._state.clock.now()
            token_session = self._state.identifiers.new()
            while token_session in self._sessions:
                token_session = self._state.identifiers.new()
            for other in self.of_device(deviceid):
                other.close(now)
            session = self.add(device, token_session, alias, now, now + self._state.session_length)
            device.record_contact(now)
            return session

    def add(self, device: Device, token_session: str, alias: str | None, creation_date: int, duration: int) -> Session:
        """Add an active session, as the newest of its device."""
        with self._state.lock:
            session = Session(token_session, device.deviceid, alias, creation_date, duration)
            self._state.store.add_session(device.deviceid, token_session)
            self._sessions[token_session] = session
            return session

    def close(self, token_session: str) -> None:
        """Close a session. Closing it again changes nothing but last_seen, or is refused.

        Raises SessionNotFound, SessionAlreadyClosed.
        """
        with self._state.lock:
            session, assumptions = self.get(token_session), self._state.assumptions
            refused = assumptions.decision(CLOSE_AGAIN)() is not None
            if self.is_closed(session, matters=refused) and (refusal := assumptions[CLOSE_AGAIN]()):
                raise refusal(token_session=token_session)
            now = self._state.clock.now()
            session.close(now)
            self._devices.get(session.deviceid).record_contact(now)

    def is_closed(self, session: Session, matters: bool = True) -> bool:
        """Whether a session was closed or has closed itself. matters: whether the caller does something else then."""
        if not session.active:
            return True
        return session.duration <= self._state.clock.now() and self._state.assumptions[CLOSES_ITSELF](matters)

    def find_active(self, deviceid: str) -> Session | None:
        """The active session of a device, or None."""
        for session in self.of_device(deviceid):
            if session.active:
                return None if self.is_closed(session) else session
        return None

    def get(self, token_session: str) -> Session:
        """The session with this identifier. Raises SessionNotFound."""
        session = self.find(token_session)
        if session is None:
            raise SessionNotFound(token_session=token_session)
        return session

    def find(self, token_session: str) -> Session | None:
        """The session with this identifier, or None."""
        return self._sessions.get(token_session)

    def get_of_device(self, deviceid: str, token_session: str) -> Session:
        """The session with this identifier. Raises SessionNotFound, also if it belongs to another device."""
        session = self.get(token_session)
        if session.deviceid != deviceid:
            raise SessionNotFound(token_session=token_session)
        return session

    def describe(self, token_session: str) -> dict[str, Any]:
        """One session as the API shows it. Raises SessionNotFound."""
        with self._state.lock:
            return self._describe(self.get(token_session))

    def describe_active(self, deviceid: str) -> list[dict[str, Any]]:
        """The active session of a device as the API shows it, in a list. Raises SessionsNotFound, DeviceNotFound."""
        with self._state.lock:
            session = self.find_active(deviceid)
            if session is not None:
                return [self._describe(session)]
            known = self._devices.find(deviceid) is not None
            refusal = SessionsNotFound if known else self._state.assumptions[ACTIVE_UNKNOWN_DEVICE]()
            if refusal:
                raise refusal(deviceid=deviceid)
            return []

    def describe_all(self, deviceid: str) -> list[dict[str, Any]]:
        """The sessions of a device as a list of them shows them. Raises SessionsNotFound, DeviceNotFound."""
        with self._state.lock:
            tokens, assumptions = self._state.store.sessions(deviceid), self._state.assumptions
            if not tokens:
                refusal = assumptions[UNKNOWN_DEVICE if self._devices.find(deviceid) is None else NONE]()
                if refusal:
                    raise refusal(deviceid=deviceid)
            listed = [self._sessions[token_session] for token_session in assumptions[ORDER](tokens)]
            return [self._summarise(session) for session in listed]

    def of_device(self, deviceid: str) -> list[Session]:
        """The sessions of a device, oldest first. Empty if the device is unknown or has none."""
        with self._state.lock:
            return [self._sessions[token_session] for token_session in self._state.store.sessions(deviceid)]

    def copy_from(self, other: "Sessions") -> None:
        """Replace the sessions by copies of another company's. Their passings are in the store."""
        self._sessions = {token_session: replace(session) for token_session, session in other._sessions.items()}

    def remove_of_device(self, deviceid: str) -> None:
        """Remove the sessions of a device, with their passings."""
        with self._state.lock:
            for token_session in self._state.store.remove_device(deviceid):
                self._sessions.pop(token_session)

    def alias(self, session: Session) -> str | None:
        """The alias of a session as the API shows it."""
        return self._state.assumptions[NO_ALIAS]() if session.alias is None else session.alias

    def _describe(self, session: Session) -> dict[str, Any]:
        """The fields of schemas/session.json."""
        assumptions, totals = self._state.assumptions, self._state.store.session_totals(session.token_session)
        active, end = not self.is_closed(session), session.duration
        described = self._summary(session, active, totals.passings)
        duration = assumptions[DURATION](active, end, end if active else self._closing_time(session))
        described["duration"] = None if duration is None else render(duration)
        if totals.first is None or totals.last is None:
            return described | dict.fromkeys(assumptions[FIRST_LAST_EMPTY]())
        ends, by_number = (totals.first, totals.last), self._state.store.ends_by_number(session.token_session)
        if ends != by_number:
            ends = assumptions[FIRST_LAST](ends, by_number)
        described["first"], described["last"] = render(ends[0]), render(ends[1])
        return described

    def _summary(self, session: Session, active: bool, passings: int) -> dict[str, Any]:
        """The fields of schemas/session-summary.json."""
        return {
            "token_session": session.token_session,
            "alias": self.alias(session),
            "creation_date": render(session.creation_date),
            "active": active,
            "passings": passings,
        }

    def _summarise(self, session: Session) -> dict[str, Any]:
        totals = self._state.store.session_totals(session.token_session)
        return self._summary(session, not self.is_closed(session), totals.passings)

    def _closing_time(self, session: Session) -> int:
        """When a session that is closed was closed."""
        end = session.duration
        closed = end if session.active or session.closed is None else session.closed
        if closed > end:
            duration = self._state.assumptions.decision(DURATION)
            matters = duration(False, end, closed) != duration(False, end, end)
            if self._state.assumptions[CLOSES_ITSELF](matters):
                return end
        return closed
