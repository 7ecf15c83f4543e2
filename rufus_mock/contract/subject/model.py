"""What a device should hold, as plain data: the kit's own idea of the API, and no line of the mock's."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..times import to_milliseconds

Passing = dict[str, Any]

ABSENT = ("status", "participant_id", "chip", "timezone", "gender")
"""Read as null where they were not sent."""


@dataclass
class SessionModel:
    """A session; passings by num_passing, each as it should be read.

    closed_by: the operation that ended it. as_read: the passings were read, not inserted, so they prove nothing about
    insertion. known: all its passings are here; expected: how many there should be.
    """

    token_session: str
    alias: str | None
    active: bool = True
    closed_by: str | None = None
    passings: dict[int, Passing] = field(default_factory=dict)
    as_read: bool = False
    known: bool = True
    expected: int | None = None

    def close(self, operation_id: str) -> None:
        """It is over; the first operation that ended it did so."""
        self.closed_by = self.closed_by or operation_id
        self.active = False

    def numbers(self) -> list[int]:
        return sorted(self.passings)

    def within(self, first: int | None, last: int | None) -> list[int]:
        """The numbers of a range, both bounds inclusive."""
        return [
            number
            for number in self.numbers()
            if (first is None or number >= first) and (last is None or number <= last)
        ]

    @property
    def times(self) -> list[int]:
        return sorted(to_milliseconds(passing["timestamp"]) for passing in self.passings.values())


@dataclass
class DeviceModel:
    """A device and its sessions, the oldest first.

    certain is False once an answer made the counts unpredictable, complete where not all that it has was read.
    """

    deviceid: str
    described: Mapping[str, Any]
    sessions: list[SessionModel] = field(default_factory=list)
    certain: bool = True
    complete: bool = True

    @property
    def active(self) -> SessionModel | None:
        return next((session for session in self.sessions if session.active), None)

    @property
    def passings(self) -> int:
        return sum(len(session.passings) for session in self.sessions)

    def session(self, token_session: str) -> SessionModel:
        return next(session for session in self.sessions if session.token_session == token_session)

    def opened(self, token_session: str, alias: str | None) -> SessionModel:
        """A new session, active; the others are no longer."""
        for session in self.sessions:
            session.close("insertSession")
        session = SessionModel(token_session, alias)
        self.sessions.append(session)
        return session

    def inserted(self, session: SessionModel, entries: Iterable[Mapping[str, Any]]) -> int:
        """Store what is new by num_passing; how many that is."""
        before = len(session.passings)
        for entry in entries:
            number = entry["num_passing"]
            if number not in session.passings:
                session.passings[number] = self._as_read(session, entry)
        return len(session.passings) - before

    def within_times(self, since: int | None, until: int | None) -> list[Passing]:
        """The passings of a span, both bounds inclusive: by time, then by session, then by number."""
        found = [
            (to_milliseconds(passing["timestamp"]), index, number, passing)
            for index, session in enumerate(self.sessions)
            for number, passing in session.passings.items()
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
