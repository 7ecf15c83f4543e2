"""The devices that the probes of one round look at: some of the account, and with writes two of the run's own."""

from collections.abc import Callable
from functools import cached_property
from typing import TypeVar

from ...contract.session.errors import CannotGoOn
from .answer import Row, milliseconds, whole
from .lab import Lab
from .needs import NEEDS
from .own import Bare, Main, bind_bare, build_main
from .subject import SessionFacts, Subject, text

T = TypeVar("T")

MOST_DEVICES = 2
MOST_SESSIONS = 2
MOST_PASSINGS = 2000
"""How many devices of the account are looked at, how many sessions of each are read, and how large they may be."""


class Material:
    """What one round has to look at. Each part is read or made when it is first asked for, and only once.

    Raises CannotGoOn, with what is lacking, if a part cannot be had. read: the passings of closed sessions of the
    account by token, which no round needs to read again.
    """

    def __init__(self, lab: Lab, read: dict[str, list[Row]]) -> None:
        self._lab = lab
        self._rows = read

    @cached_property
    def _main(self) -> Main | CannotGoOn:
        return self._own(build_main)

    @cached_property
    def _bare(self) -> Bare | CannotGoOn:
        return self._own(bind_bare)

    @property
    def main(self) -> Main:
        """The run's own device with four sessions."""
        return _had(self._main)

    @property
    def bare(self) -> Bare:
        """The run's own device that had no sessions when it was looked at."""
        return _had(self._bare)

    def _own(self, make: Callable[[Lab], T]) -> T | CannotGoOn:
        """A device of the run's own, or why there is none: what failed once is not tried again."""
        try:
            if not self.writes:
                raise CannotGoOn(NEEDS["writes"])
            return make(self._lab)
        except CannotGoOn as error:
            return error

    @property
    def writes(self) -> bool:
        """Whether the run binds devices of its own."""
        return not self._lab.target.writes_off and self._lab.target.may_unbind

    @property
    def subjects(self) -> list[Subject]:
        """The devices to read from: the run's own or, without writes, those of the account."""
        return [self.main.subject] if self.writes else self.account

    @cached_property
    def account(self) -> list[Subject]:
        """Those devices of the account that have the most sessions."""
        own = self._lab.target.owned.devices
        devices = [
            row for row in self._lab.devices.rows() or [] if text(row, "deviceid") and row["deviceid"] not in own
        ]
        with_sessions = [row for row in devices if (whole(row.get("sessions")) or 0) > 0]
        chosen = sorted(with_sessions, key=lambda row: (-(whole(row.get("sessions")) or 0), str(row["deviceid"])))
        return [self._learn(row) for row in chosen[:MOST_DEVICES]]

    @property
    def without_sessions(self) -> str:
        """A device that has no sessions. Raises CannotGoOn."""
        if self.writes:
            return self.bare.deviceid
        for row in self._lab.devices.rows() or []:
            deviceid = text(row, "deviceid")
            if deviceid and whole(row.get("sessions")) == 0:
                return deviceid
        raise CannotGoOn(NEEDS["device-without-sessions"])

    @property
    def any_device(self) -> str:
        """A device of the account. Raises CannotGoOn."""
        if self.writes:
            return self.bare.deviceid
        for row in self._lab.devices.rows() or []:
            if deviceid := text(row, "deviceid"):
                return deviceid
        raise CannotGoOn(NEEDS["device"])

    def _learn(self, row: Row) -> Subject:
        listed = self._lab.ask("getDeviceSessions", str(row["deviceid"]))
        found = listed.rows() or []
        self._lab.mask.learn(found)
        sessions = [session for each in found if (session := _session(each)) is not None]
        created = [session.created for session in sessions]
        certain = None not in created and len(set(created)) == len(created) == len(found)
        sessions.sort(key=lambda session: session.created or 0)
        subject = Subject(str(row["deviceid"]), sessions, certain, listed=listed)
        if not self.writes:
            self._read(sessions)
        return subject

    def _read(self, sessions: list[SessionFacts]) -> None:
        """Read some closed sessions whole."""
        small = [each for each in sessions if each.steady and each.count and each.count <= MOST_PASSINGS]
        for session in sorted(small, key=lambda each: -(each.count or 0))[:MOST_SESSIONS]:
            if session.token not in self._rows:
                self._rows[session.token] = self._lab.ask("getSessionPassings", session.token).rows() or []
            if len(self._rows[session.token]) == session.count:
                session.rows = self._rows[session.token]


def _session(row: Row) -> SessionFacts | None:
    token = text(row, "token_session")
    if token is None:
        return None
    active = row.get("active")
    return SessionFacts(
        token,
        active if isinstance(active, bool) else None,
        milliseconds(row.get("creation_date")),
        whole(row.get("passings")),
        steady=active is False,
    )


def _had(part: T | CannotGoOn) -> T:
    if isinstance(part, CannotGoOn):
        raise part
    return part
