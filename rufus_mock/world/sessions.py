"""Sessions: opened on a device, one active at a time, closed for good."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from operator import le, lt
from typing import TYPE_CHECKING, Any

from ..base.errors import SessionNotFound, SessionsNotFound
from ..base.timestamps import render
from .store.ordered import OrderedRows, Rows

if TYPE_CHECKING:
    from .devices import Device, Devices
    from .passings import Fragment, Passing
    from .state import State


@dataclass
class Session:
    """A session and its passings in the order of num_passing. ordinal tells a device's sessions apart, by age."""

    token_session: str
    device: "Device"
    ordinal: int
    alias: str | None
    creation_date: int
    duration: int
    active: bool = True
    first: int | None = None
    last: int | None = None
    by_number: OrderedRows["Fragment"] = field(default_factory=lambda: OrderedRows(1))

    @property
    def members(self) -> tuple[bytes, bytes]:
        """The JSON members of a passing that its session knows: those before and those after the stored ones."""
        return (
            b'"token_session":"%s",' % self.token_session.encode(),
            b',"deviceid":"%s"' % self.device.deviceid.encode(),
        )

    def copy(self, device: "Device") -> "Session":
        """The same session for a copy of its device."""
        return replace(self, device=device, by_number=self.by_number.copy())

    def add(self, passings: Sequence["Passing"]) -> int:
        """Store what is new, by num_passing: the first write stays. Returns how many that are."""
        if len(passings) > 1:
            numbers, times, fragments = zip(*passings, strict=True)
            if all(map(lt, numbers, numbers[1:])) and self.add_run(numbers, times, fragments):
                return len(passings)
        added = 0
        for number, timestamp, fragment in passings:
            if self.by_number.add((number,), fragment):
                self.device.by_time.add((timestamp, self.ordinal, number), fragment)
                self.first = timestamp if self.first is None else min(self.first, timestamp)
                self.last = timestamp if self.last is None else max(self.last, timestamp)
                added += 1
        return added

    def add_run(self, numbers: Sequence[int], times: Sequence[int], fragments: Rows["Fragment"]) -> bool:
        """The same for passings in the order of num_passing, if all are new and none stands among them; else False.

        Fragments that are still to be made are made when one of them is first read.
        """
        if not self.by_number.add_run([numbers], fragments):
            return False
        by_time = self.device.by_time
        ordinals = [self.ordinal] * len(numbers)
        if not all(map(le, times, times[1:])) or not by_time.add_run([times, ordinals, numbers], fragments):
            made = fragments() if callable(fragments) else fragments
            for *key, fragment in zip(times, ordinals, numbers, made, strict=True):
                by_time.add(tuple(key), fragment)
        self.first = min(times) if self.first is None else min(self.first, *times)
        self.last = max(times) if self.last is None else max(self.last, *times)
        return True

    def as_dict(self) -> dict[str, Any]:
        """The fields of schemas/session.json."""
        return {
            "token_session": self.token_session,
            "alias": self.alias,
            "creation_date": render(self.creation_date),
            "duration": render(self.duration),
            "active": self.active,
            "passings": len(self.by_number),
            "first": None if self.first is None else render(self.first),
            "last": None if self.last is None else render(self.last),
        }


class Sessions:
    """The sessions of a company."""

    def __init__(self, state: "State", devices: "Devices") -> None:
        self._state = state
        self._devices = devices
        self._sessions: dict[str, Session] = {}

    def open(self, deviceid: str, alias: str | None = None) -> Session:
        """A new session on a device; its other active session is closed by it. Raises DeviceNotFound."""
        with self._state.lock:
            device = self._devices.get(deviceid)
            now = self._state.clock.now()
            token_session = self._state.identifiers.new()
            while token_session in self._sessions:
                token_session = self._state.identifiers.new()
            for other in device.sessions:
                other.active = False
            session = self.add(device, token_session, alias, now, now + self._state.session_length)
            device.seen(now)
            return session

    def add(
        self, device: "Device", token_session: str, alias: str | None, creation_date: int, duration: int
    ) -> Session:
        """Take in a session, active, as the youngest of its device."""
        with self._state.lock:
            session = Session(token_session, device, len(device.sessions), alias, creation_date, duration)
            device.sessions.append(session)
            self._sessions[token_session] = session
            return session

    def close(self, token_session: str) -> None:
        """Close a session; closing it again changes nothing. Raises SessionNotFound."""
        with self._state.lock:
            session = self.get(token_session)
            session.active = False
            session.device.seen(self._state.clock.now())

    def get(self, token_session: str) -> Session:
        """The session of this identifier. Raises SessionNotFound."""
        session = self.find(token_session)
        if session is None:
            raise SessionNotFound(token_session=token_session)
        return session

    def find(self, token_session: str) -> Session | None:
        """The session of this identifier, or None."""
        return self._sessions.get(token_session)

    def of_device(self, device: "Device", token_session: str) -> Session:
        """The device's session of this identifier. Raises SessionNotFound, also for another device's."""
        session = self.get(token_session)
        if session.device is not device:
            raise SessionNotFound(token_session=token_session)
        return session

    def describe(self, token_session: str) -> dict[str, Any]:
        """One session as it is read. Raises SessionNotFound."""
        with self._state.lock:
            return self.get(token_session).as_dict()

    def describe_active(self, deviceid: str) -> dict[str, Any]:
        """The device's active session as it is read. Raises SessionsNotFound without one."""
        with self._state.lock:
            for session in self._of(deviceid):
                if session.active:
                    return session.as_dict()
            raise SessionsNotFound(deviceid=deviceid)

    def describe_all(self, deviceid: str) -> list[dict[str, Any]]:
        """The device's sessions as they are read, the oldest first. Raises SessionsNotFound without any."""
        with self._state.lock:
            sessions = self._of(deviceid)
            if not sessions:
                raise SessionsNotFound(deviceid=deviceid)
            return [session.as_dict() for session in sessions]

    def take_in(self, device: "Device") -> None:
        """Know the sessions that a device came with."""
        with self._state.lock:
            self._sessions.update((session.token_session, session) for session in device.sessions)

    def forget(self, device: "Device") -> None:
        """Drop the sessions of a device that was unbound, with their passings."""
        with self._state.lock:
            for session in device.sessions:
                del self._sessions[session.token_session]

    def _of(self, deviceid: str) -> list[Session]:
        device = self._devices.find(deviceid)
        return [] if device is None else device.sessions
