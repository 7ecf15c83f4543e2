"""What a device should hold, as plain data. This is the kit's own idea of the API and shares no code with the mock."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..times import to_milliseconds

Passing = dict[str, Any]

ABSENT = ("status", "participant_id", "chip", "timezone", "gender")
"""Fields that are read as null if they were not sent."""


@dataclass
class SessionModel:
    """A session, and its passings by num_passing as they should be read; empty if their form is only assumed.

    closed_by: the operation that closed it. as_read: the passings were read, not inserted, so they prove nothing about
    insertion. known: all its passings are in the model. expected: how many there should be. created: its creation_date,
    once it was read.
    """

    token_session: str
    alias: str | None
    active: bool = True
    closed_by: str | None = None
    passings: dict[int, Passing] = field(default_factory=dict)
    as_read: bool = False
    known: bool = True
    expected: int | None = None
    created: Any = None

    def close(self, operation_id: str) -> None:
        """Marks it as closed. If several operations close it, the first one counts."""
        self.closed_by = self.closed_by or operation_id
        self.active = False

    def passing(self, number: Any) -> Passing | None:
        """The passing with this num_passing, whatever an answer gives as one."""
        return self.passings.get(number) if isinstance(number, int) else None

    def numbers(self) -> list[int]:
        return sorted(self.passings)

    def within(self, first: int | None, last: int | None) -> list[int]:
        """The numbers in a range that includes both bounds."""
        return [
            number
            for number in self.numbers()
            if (first is None or number >= first) and (last is None or number <= last)
        ]

    def between(self, since: int | None, until: int | None) -> list[int]:
        """The numbers of the passings in a span of time that includes both bounds."""
        if since is None and until is None:
            return self.numbers()
        return [
            number
            for number, passing in sorted(self.passings.items())
            if passing
            and (since is None or to_milliseconds(passing["timestamp"]) >= since)
            and (until is None or to_milliseconds(passing["timestamp"]) <= until)
        ]

    @property
    def times(self) -> list[int]:
        """The timestamps in milliseconds, of the passings that were sent with a time in the documented form."""
        return sorted(to_milliseconds(passing["timestamp"]) for passing in self.passings.values() if passing)


@dataclass
class DeviceModel:
    """A device and its sessions, the oldest first.

    certain: the counts can be predicted; False after an unexpected answer. complete: the model has all its sessions and
    passings; False for a device of the account, of which only a part was read. created: its creation_date, once it was
    read. described: how it should be read; sent: how it was bound.
    """

    deviceid: str
    described: Mapping[str, Any]
    sessions: list[SessionModel] = field(default_factory=list)
    certain: bool = True
    complete: bool = True
    created: Any = None
    sent: Mapping[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        self.sent = dict(self.described)

    @property
    def active(self) -> SessionModel | None:
        return next((session for session in self.sessions if session.active), None)

    @property
    def passings(self) -> int:
        return sum(len(session.passings) for session in self.sessions)

    def opened(self, token_session: str, alias: str | None) -> SessionModel:
        """Adds a new active session, which closes the others."""
        for session in self.sessions:
            session.close("insertSession")
        session = SessionModel(token_session, alias)
        self.sessions.append(session)
        return session

    def inserted(self, session: SessionModel, entries: Iterable[Mapping[str, Any]]) -> int:
        """Stores the passings whose num_passing is new, and returns how many those are."""
        before = len(session.passings)
        for entry in entries:
            number = entry["num_passing"]
            if number not in session.passings:
                session.passings[number] = self._as_read(session, entry)
        return len(session.passings) - before

    def within_times(self, since: int | None, until: int | None) -> list[Passing]:
        """The passings in a span that includes both bounds, by time, then session, then number."""
        found = [
            (to_milliseconds(passing["timestamp"]), index, number, passing)
            for index, session in enumerate(self.sessions)
            for number, passing in session.passings.items()
            if passing
        ]
        return [
            passing
            for time, _, _, passing in sorted(found, key=lambda entry: entry[:3])
            if (since is None or time >= since) and (until is None or time <= until)
        ]

    def newer(self, session: SessionModel) -> list[SessionModel]:
        return self.sessions[self.sessions.index(session) + 1 :]

    def _as_read(self, session: SessionModel, entry: Mapping[str, Any]) -> Passing:
        sent = dict(entry)
        if "chips" in sent:
            chips = sent.pop("chips")
            sent.setdefault("chip", chips)
        return {
            **dict.fromkeys(ABSENT),
            **sent,
            "token_session": session.token_session,
            "deviceid": self.deviceid,
        }


@dataclass
class World:
    """All devices that a check writes to, the oldest first, those that it unbound, and bystanders: those that it only
    reads.
    """

    devices: list[DeviceModel] = field(default_factory=list)
    gone: list[DeviceModel] = field(default_factory=list)
    bystanders: list[DeviceModel] = field(default_factory=list)

    @property
    def present(self) -> list[DeviceModel]:
        """All devices that can be read."""
        return [*self.devices, *self.bystanders]

    def unbound(self, device: DeviceModel) -> None:
        """Moves a device to those that are gone."""
        self.lost(device)
        self.gone.append(device)

    def lost(self, device: DeviceModel) -> None:
        """Leaves out a device that is not there, although nobody unbound it."""
        for devices in (self.devices, self.bystanders):
            if device in devices:
                devices.remove(device)
