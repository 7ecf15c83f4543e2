"""The devices that checks work on: the run's own, or with writes off those of the account. Made when first needed."""

from functools import cached_property
from typing import Any

from ..judge.statements import rule
from ..run import Run
from ..session.errors import CannotGoOn, NotExercised
from ..session.exchange import Entry
from ..times import to_text
from .model import DeviceModel, SessionModel
from .samples import LARGE_NUMBERS, NUMBERS, TIMES
from .writes import bind, close, insert, open_session, try_to_insert

_LARGE_NUMBERS = rule("large-numbers")

RACE_START = 1_714_550_400_000
"""2024-05-01T08:00:00.000Z"""

MOST_DEVICES = 3
MOST_PASSINGS = 2000
"""The largest session that is read whole, so that ranges can be compared with it."""

_BOUND_FIELDS = ("type", "model", "serial_number", "alias", "firmware")


class Material:
    """The devices of one run."""

    def __init__(self, run: Run) -> None:
        self.run = run

    @cached_property
    def _race(self) -> "DeviceModel | NotExercised":
        if self.run.writes_off:
            return NotExercised(self.run.writes_off)
        try:
            return make_race(self.run)
        except CannotGoOn as error:
            return NotExercised(f"no device of its own to work with: {error}")

    @property
    def race(self) -> DeviceModel:
        """A device with a closed session and an active one, both with passings. Raises NotExercised."""
        if isinstance(self._race, NotExercised):
            raise self._race
        return self._race

    @cached_property
    def hard(self) -> DeviceModel:
        """A device with sessions whose numbers, times and texts a server may change without meaning to.

        All are closed, so nothing about them changes during the run. Raises NotExercised, CannotGoOn.
        """
        device = self.spare()
        make_hard(self.run, device)
        return device

    def require_writes(self) -> None:
        """Raises NotExercised unless the run could bind a device of its own."""
        assert self.race

    def spare(self) -> DeviceModel:
        """Another device, for a check that spoils it. Raises NotExercised if it could not be removed again."""
        if self.run.writes_off:
            raise NotExercised(self.run.writes_off)
        if not self.run.may_unbind:
            raise NotExercised("the key may not unbind, so no second device is bound")
        return bind(self.run)

    def playground(self) -> DeviceModel:
        """A device whose state may be uncertain afterwards: a spare one, or else the run's only one."""
        return self.spare() if self.run.may_unbind else self.race

    @property
    def subjects(self) -> list[DeviceModel]:
        """The devices to read from: the run's own, or with writes off those of the account. Raises NotExercised."""
        if not self.run.writes_off:
            return [self.race]
        if not self.learnt:
            raise NotExercised("the account has no devices to read from")
        return self.learnt

    def closed_session(self) -> tuple[DeviceModel, SessionModel]:
        """A session with passings to which nobody adds during the run. Raises NotExercised."""
        for device in self.subjects:
            for session in device.sessions:
                if session.known and session.passings:
                    return device, session
        raise NotExercised(f"the account has no closed session of 1 to {MOST_PASSINGS} passings to read from")

    @cached_property
    def learnt(self) -> list[DeviceModel]:
        """What the account has, by reading: some devices, their sessions, and one small closed session of each."""
        devices = [
            entry for entry in self.run.ask("listDevices").body.entries_if_any() if _is_text(entry.get("deviceid"))
        ]
        return [self._learn(entry) for entry in _most_promising(devices)[:MOST_DEVICES]]

    def _learn(self, entry: Entry) -> DeviceModel:
        described = {name: entry[name] for name in _BOUND_FIELDS if name in entry}
        device = DeviceModel(entry["deviceid"], described, complete=False)
        for found in self.run.ask("getDeviceSessions", {"deviceid": device.deviceid}).listed():
            if _is_text(found.get("token_session")):
                session = SessionModel(found["token_session"], found.get("alias"), bool(found.get("active")))
                session.as_read, session.known = True, False
                session.expected = found.get("passings") if isinstance(found.get("passings"), int) else None
                device.sessions.append(session)
        small = [s for s in device.sessions if not s.active and s.expected and s.expected <= MOST_PASSINGS]
        for session in sorted(small, key=lambda session: session.expected or 0)[-1:]:
            for passing in self.run.ask("getSessionPassings", {"token_session": session.token_session}).listed():
                if isinstance(passing.get("num_passing"), int):
                    session.passings[passing["num_passing"]] = passing
            session.known = True
        return device


def make_race(run: Run) -> DeviceModel:
    """Binds a device with two sessions that have equal times, gaps in num_passing, and passings out of order."""
    device = bind(run)
    run.claims.confirm(device.deviceid)
    start = open_session(run, device, "START Ñandú 🏃")
    insert(run, device, start, [entry(number, 250 * (number // 3)) for number in (9, 3, 5, 4, 12, 20, 21, 7)])
    insert(run, device, start, [entry(number, 250 * number) for number in (1, 40, 41)])
    close(run, start)
    finish = open_session(run, device, "FINISH")
    insert(run, device, finish, [entry(number, 2000 + 500 * (number % 5)) for number in range(1, 8)])
    return device


def make_hard(run: Run, device: DeviceModel) -> None:
    """Opens sessions with numbers up to 2^53 - 1, times on leap days and at the ends of years, and empty values."""
    first = open_session(run, device, "hard values")
    rows = [_hard(number, index) for index, number in enumerate(NUMBERS)]
    insert(run, device, first, [*rows[4:], *rows[:4]])
    large = [_hard(number, index) for index, number in enumerate(LARGE_NUMBERS, 9)]
    try_to_insert(run, _LARGE_NUMBERS, device, first, large)
    # Without passings: reading goes past it.
    open_session(run, device)
    second = open_session(run, device, "hard values, continued")
    insert(run, device, second, [_hard(number, number) for number in (3, 0, 6, 2, 5)])
    close(run, second)


def _hard(number: int, index: int) -> dict[str, Any]:
    passing = entry(number, 0, timestamp=TIMES[index % len(TIMES)], bib=f"{number:03}")
    if index % 3 == 0:
        passing |= {"latitude": "0.0", "longitude": "0.0", "status": "", "chip": "", "gender": None}
    elif index % 3 == 1:
        passing |= {"latitude": "-33.5", "longitude": "179.25", "participant_id": "0", "timezone": None, "bib": ""}
        del passing["gender"]
    return passing


def entry(number: int, offset: int, **fields: Any) -> dict[str, Any]:
    """A passing to insert, with all fields."""
    return {
        "bib": f"{number:03}",
        "num_passing": number,
        "timestamp": to_text(RACE_START + offset),
        "latitude": "41.385063",
        "longitude": "-2.173404",
        "status": "Sent",
        "participant_id": f"XB{number}AR8",
        "chip": f"3030303030304D43303039{number:02X}",
        "timezone": "CET",
        "gender": "F",
        **fields,
    }


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _most_promising(devices: list[Entry]) -> list[Entry]:
    def sessions(device: Entry) -> int:
        return device["sessions"] if isinstance(device.get("sessions"), int) else 0

    return sorted(devices, key=sessions, reverse=True)
