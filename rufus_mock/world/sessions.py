"""The sessions of a company. A device has one active session at most; a closed session cannot be opened again."""

from dataclasses import dataclass, replace
from typing import Any

from ..assumptions.sessions import CLOSE_AGAIN
from ..base.errors import SessionNotFound, SessionsNotFound
from ..base.timestamps import render
from .devices import Device, Devices
from .state import State
from .store import SessionTotals


@dataclass(slots=True)
class Session:
    """What identifies and describes a session. creation_date and duration, its end, are in milliseconds."""

    token_session: str
    deviceid: str
    alias: str | None
    creation_date: int
    duration: int
    active: bool = True

    def as_dict(self, totals: SessionTotals) -> dict[str, Any]:
        """The fields of schemas/session.json."""
        return {
            "token_session": self.token_session,
            "alias": self.alias,
            "creation_date": render(self.creation_date),
            "duration": render(self.duration),
            "active": self.active,
            "passings": totals.passings,
            "first": None if totals.first is None else render(totals.first),
            "last": None if totals.last is None else render(totals.last),
        }


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
            device = self._devices.get(deviceid)
            now = self._state.clock.now()
            token_session = self._state.identifiers.new()
            while token_session in self._sessions:
                token_session = self._state.identifiers.new()
            for other in self.of_device(deviceid):
                other.active = False
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
            session = self.get(token_session)
            if not session.active and (refusal := self._state.assumptions[CLOSE_AGAIN]()):
                raise refusal(token_session=token_session)
            session.active = False
            self._devices.get(session.deviceid).record_contact(self._state.clock.now())

    def get(self, token_session: str) -> Session:
        """The session with this identifier. Raises SessionNotFound."""
        session = self.find(token_session)
        if session is None:
            raise SessionNotFound(token_session=token_session)
        return session

    def find(self, token_session: str) -> Session | None:
        """The session with this identifier, or None."""
        return self._sessions.get(token_session)

    def is_active(self, session: Session) -> bool:
        """Whether a session takes passings."""
        return session.active

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

    def describe_active(self, deviceid: str) -> dict[str, Any]:
        """The active session of a device as the API shows it. Raises SessionsNotFound if there is none."""
        with self._state.lock:
            for session in self.of_device(deviceid):
                if session.active:
                    return self._describe(session)
            raise SessionsNotFound(deviceid=deviceid)

    def describe_all(self, deviceid: str) -> list[dict[str, Any]]:
        """The sessions of a device as the API shows them, oldest first. Raises SessionsNotFound if there are none."""
        with self._state.lock:
            sessions = self.of_device(deviceid)
            if not sessions:
                raise SessionsNotFound(deviceid=deviceid)
            return [self._describe(session) for session in sessions]

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

    def _describe(self, session: Session) -> dict[str, Any]:
        return session.as_dict(self._state.store.session_totals(session.token_session))
