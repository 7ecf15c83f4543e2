"""What the checks work on: devices of the run's own, or what an account has already. Made when first asked for."""

from functools import cached_property
from typing import Any

from ..explore.explorer import CannotGoOn
from ..run import NotExercised, Run
from ..session.target import recognise
from ..times import to_text
from .model import DeviceModel, SessionModel
from .writes import bind, close, insert, open_session

RACE_START = 1_714_550_400_000
"""2024-05-01T08:00:00.000Z"""

MOST_DEVICES = 3
MOST_PASSINGS = 2000
"""A session that is read whole, to hold ranges against, has no more passings than this."""

_BOUND_FIELDS = ("type", "model", "serial_number", "alias", "firmware")


class Material:
    """Devices to check with."""

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

    def spare(self) -> DeviceModel:
        """Another device, for what spoils one. Raises NotExercised where it could not be removed again."""
        if self.run.writes_off:
            raise NotExercised(self.run.writes_off)
        if not self.run.may_unbind:
            raise NotExercised("the key may not unbind, so no second device is bound")
        return bind(self.run)

    def playground(self) -> DeviceModel:
        """A device for what may leave it in doubt: a spare one, or else the run's only one."""
        return self.spare() if self.run.may_unbind else self.race

    @property
    def subjects(self) -> list[DeviceModel]:
        """Devices to read from: the run's own, or with writes off those of the account. Raises NotExercised."""
        if not self.run.writes_off:
            return [self.race]
        if not self.learnt:
            raise NotExercised("the account has no devices to read from")
        return self.learnt

    @property
    def subject(self) -> DeviceModel:
        """The device with most to read: sessions, and passings that do not change meanwhile. Raises NotExercised."""
        return max(self.subjects, key=lambda device: (device.passings > 0, len(device.sessions)))

    def closed_session(self) -> tuple[DeviceModel, SessionModel]:
        """A session with passings that nobody adds to meanwhile. Raises NotExercised."""
        for device in self.subjects:
            for session in device.sessions:
                if session.known and session.passings:
                    return device, session
        raise NotExercised(f"the account has no closed session of 1 to {MOST_PASSINGS} passings to read from")

    @cached_property
    def learnt(self) -> list[DeviceModel]:
        """What is there, by reading: some devices, their sessions, and one small closed session of each, whole."""
        exchange = self.run.ask("listDevices")
        body = exchange.reply.fields
        entries = body.get("result") if isinstance(body, dict) else None
        devices = [
            entry for entry in entries or [] if isinstance(entry, dict) and isinstance(entry.get("deviceid"), str)
        ]
        return [self._learn(entry) for entry in _most_promising(devices)[:MOST_DEVICES]]

    def _learn(self, entry: dict[str, Any]) -> DeviceModel:
        described = {name: entry[name] for name in _BOUND_FIELDS if name in entry}
        device = DeviceModel(entry["deviceid"], described, complete=False)
        for found in self._result("getDeviceSessions", {"deviceid": device.deviceid}):
            if isinstance(found.get("token_session"), str):
                session = SessionModel(found["token_session"], found.get("alias"), bool(found.get("active")))
                session.as_read, session.known = True, False
                device.sessions.append(session)
                session.expected = found.get("passings") if isinstance(found.get("passings"), int) else None
        small = [s for s in device.sessions if not s.active and s.expected and s.expected <= MOST_PASSINGS]
        for session in sorted(small, key=lambda session: session.expected or 0)[-1:]:
            for passing in self._result("getSessionPassings", {"token_session": session.token_session}):
                if isinstance(passing.get("num_passing"), int):
                    session.passings[passing["num_passing"]] = passing
            session.known = True
        return device

    def _result(self, operation_id: str, path: dict[str, str]) -> list[dict[str, Any]]:
        exchange = self.run.ask(operation_id, path)
        body = exchange.reply.fields if exchange.reply.status == 200 else {}
        result = body.get("result")
        return [entry for entry in result if isinstance(entry, dict)] if isinstance(result, list) else []


def make_race(run: Run) -> DeviceModel:
    """Bind a device and give it two sessions: equal milliseconds, gaps in num_passing, arrival out of order."""
    device = bind(run)
    recognise(run, device)
    start = open_session(run, device, "START Ñandú 🏃")
    insert(run, device, start, [entry(number, 250 * (number // 3)) for number in (9, 3, 5, 4, 12, 20, 21, 7)])
    insert(run, device, start, [entry(number, 250 * number) for number in (1, 40, 41)])
    close(run, start)
    finish = open_session(run, device, "FINISH")
    insert(run, device, finish, [entry(number, 2000 + 500 * (number % 5)) for number in range(1, 8)])
    return device


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


def _most_promising(devices: list[dict[str, Any]]) -> list[dict[str, Any]]:
    def sessions(device: dict[str, Any]) -> int:
        return device["sessions"] if isinstance(device.get("sessions"), int) else 0

    return sorted(devices, key=sessions, reverse=True)
