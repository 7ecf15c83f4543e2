"""Single writes to the devices of a check. Each returns what it did, so that everything can be compared afterwards."""

import random
from collections.abc import Callable
from typing import Any

from ..judge.statements import Statement, rule, state_rule
from ..run import Run
from ..session.errors import CannotGoOn
from .cause import Cause
from .material import entry
from .model import DeviceModel, SessionModel, World
from .writes import bind, close, insert, insertion, open_session, unbind

_CLOSED_TAKES_NONE = state_rule("closed-takes-none")
_ALL_OR_NOTHING = state_rule("all-or-nothing")
_NOTHING_ELSE = state_rule("insert-changes-nothing-else")
_REMOVES_EVERYTHING = state_rule("unbind-removes-everything")
_ACCESS = rule("access")
_KEY_REQUIRED = rule("key-required")

_REFUSED = 900_000
"""The num_passing of the first passing that must not be stored."""

_MOST_SESSIONS = 4


class Steps:
    """Writes to the devices of a world. A step raises LookupError if the world has nothing to which it applies."""

    def __init__(self, run: Run, world: World) -> None:
        self.run = run
        self.world = world
        self._serial = ""
        self._number = 0

    def bind(self, *suffixes: str) -> Cause:
        """Binds devices that differ only in the end of their serial numbers, and from earlier ones in the firmware."""
        self._serial = self._serial or self.run.fresh_serial_number()
        # Nothing else in the account is like them, so whatever is done to what is similar is done to them.
        like = {"model": "Contract test of a life", "type": "contract-test-life"}
        firmware = f"1.2.{3 + len(self.world.devices)}"
        alias = f"{self.run.label} life"
        devices = [
            bind(self.run, **like, alias=alias, firmware=firmware, serial_number=self._serial + suffix)
            for suffix in suffixes
        ]
        self.world.devices += devices
        return self._cause("bindDevice", "a device was bound", *(device.deviceid for device in devices))

    def open(self, index: int, alias: str | None) -> Cause:
        """Opens a session on a device."""
        device = self.world.devices[index]
        session = open_session(self.run, device, alias)
        return self._cause("insertSession", "a session was opened", device.deviceid, session.token_session)

    def insert(self, index: int) -> Cause:
        """Inserts three passings, out of order, into the active session of a device."""
        device = self.world.devices[index]
        session = _active(device)
        self._number += 10
        numbers = (self._number + 3, self._number, self._number + 2)
        insert(self.run, device, session, [entry(number, 250 * number - 777) for number in numbers])
        return self._cause("insertPassings", "passings were inserted", session.token_session)

    def close_active(self, index: int) -> Cause:
        """Closes the active session of a device."""
        session = _active(self.world.devices[index])
        close(self.run, session)
        return self._cause("closeSession", "a session was closed", session.token_session)

    def close_again(self, index: int) -> Cause:
        """Closes a closed session, which another check judges."""
        session = _closed(self.world.devices[index])
        self.run.ask("closeSession", {"token_session": session.token_session})
        return self._cause("closeSession", "a closed session was closed again", session.token_session)

    def refused_inserts(self) -> Cause:
        """Inserts that must store nothing: into a closed and an unknown session, invalid, and without permission."""
        run, device = self.run, self.world.devices[0]
        active = _active(device).token_session
        attempts: list[tuple[str, list[dict[str, Any]], dict[str, Any], Any]] = [
            (run.fresh_identifier(), [entry(_REFUSED + 1, 0)], {}, _NOTHING_ELSE),
            (active, [entry(_REFUSED + 2, 0), {"num_passing": _REFUSED + 3, "bib": "1"}], {}, _ALL_OR_NOTHING),
            (active, [entry(_REFUSED + 4, 0)], {"key": None}, _KEY_REQUIRED),
        ]
        if any(not session.active and not session.as_read for session in device.sessions):
            closed = _closed(device).token_session
            attempts.append((closed, [entry(_REFUSED, 0), entry(_REFUSED + 6, 1)], {}, _CLOSED_TAKES_NONE))
        if run.keys.read_key:
            attempts.append((active, [entry(_REFUSED + 5, 0)], {"key": run.keys.read_key}, _ACCESS))
        refused = {}
        for token_session, entries, key, statement in attempts:
            run.ask("insertPassings", body=insertion(run, token_session, entries), **key)
            refused.update(dict.fromkeys((each["num_passing"] for each in entries), statement))
        return Cause("insertPassings", "inserts were refused", refused=refused)

    def refused_openings(self) -> Cause:
        """Sessions that must not be opened: on no device, on an unknown one, and without permission."""
        run, deviceid = self.run, self.world.devices[0].deviceid
        run.ask("insertSession", body={"deviceid": run.fresh_identifier(), "alias": "refused"})
        run.ask("insertSession", body={"alias": "refused"})
        run.ask("insertSession", body={"deviceid": deviceid, "alias": "refused: no key"}, key=None)
        if run.keys.read_key:
            body = {"deviceid": deviceid, "alias": "refused: READ"}
            run.ask("insertSession", body=body, key=run.keys.read_key)
        refused: dict[int | str, Statement] = {"refused: READ": _ACCESS, "refused: no key": _KEY_REQUIRED}
        return Cause("insertSession", "sessions were refused", refused=refused)

    def refused_closings(self) -> Cause:
        """Sessions that must not be closed."""
        run = self.run
        path = {"token_session": _active(self.world.devices[0]).token_session}
        run.ask("closeSession", {"token_session": run.fresh_identifier()})
        run.ask("closeSession", path, key=None)
        if run.keys.read_key:
            run.ask("closeSession", path, key=run.keys.read_key)
        return Cause("closeSession", "closing was refused")

    def refused_bindings(self) -> Cause:
        """Devices that must not be bound: one that is bound, one without a model, and some without permission."""
        run, described = self.run, self.world.devices[0].sent
        run.ask("bindDevice", body={**described, "firmware": "9.9.9"})
        run.ask("bindDevice", body={name: value for name, value in described.items() if name != "model"})
        for key in (None, *([run.keys.read_key] if run.keys.read_key else [])):
            run.ask("bindDevice", body={**described, "serial_number": run.fresh_serial_number()}, key=key)
        return Cause("bindDevice", "binding was refused")

    def refused_unbindings(self) -> Cause:
        """Devices that must not be unbound."""
        run = self.run
        path = {"deviceid": self.world.devices[0].deviceid}
        run.ask("unbindDevice", {"deviceid": run.fresh_identifier()})
        run.ask("unbindDevice", path, key=None)
        if run.keys.read_key:
            run.ask("unbindDevice", path, key=run.keys.read_key)
        return Cause("unbindDevice", "unbinding was refused")

    def unbind_newest(self) -> Cause:
        """Unbinds the device that was bound last, if there are more than two."""
        return self._unbind(self.world.devices[2])

    def bind_the_removed_again(self) -> Cause:
        """Binds a device with the serial number of a removed one. It has nothing of what that one had."""
        removed = self.world.gone[-1]
        device = bind(self.run, **removed.sent)
        if device.deviceid == removed.deviceid:
            self.world.gone.remove(removed)
        self.world.devices.append(device)
        named = frozenset({device.deviceid})
        return Cause("bindDevice", "a removed device was bound again", named, extra=_REMOVES_EVERYTHING)

    def remove_all(self) -> None:
        """Unbinds the devices, without comparing anything."""
        for device in list(self.world.devices) if self.run.may_unbind else []:
            try:
                self._unbind(device)
            except CannotGoOn:
                continue  # That it failed was recorded as a finding.

    def any_of(self, random: random.Random, number: int) -> Callable[[], Cause]:
        """Some write, chosen at random from those that are possible now."""
        index = random.randrange(len(self.world.devices))
        device = self.world.devices[index]
        alias = random.choice([None, "START", "Ziel", "折返し", f"lap {number}"])
        possible: list[Callable[[], Cause]] = [lambda: self.open(index, alias)]
        if device.active:
            possible += [lambda: self.insert(index)] * 2 + [lambda: self.close_active(index)]
        if any(not session.active for session in device.sessions):
            possible += [lambda: self.close_again(index)]
        if len(device.sessions) >= _MOST_SESSIONS:
            return lambda: self._replace(device)
        if self.world.devices[0].active:
            possible += [self.refused_inserts, self.refused_closings]
        possible += [self.refused_openings, self.refused_bindings]
        return random.choice(possible)

    def _replace(self, device: DeviceModel) -> Cause:
        """Unbinds a device with many sessions, after binding a similar one."""
        self._serial += "0"
        self.bind("c")
        return self._unbind(device)

    def _unbind(self, device: DeviceModel) -> Cause:
        unbind(self.run, device)
        self.world.unbound(device)
        return self._cause("unbindDevice", "a device was unbound", device.deviceid)

    def _cause(self, operation_id: str, what: str, *named: str) -> Cause:
        return Cause(operation_id, what, frozenset(named))


def _active(device: DeviceModel) -> SessionModel:
    if device.active is None or device.active.as_read:
        raise LookupError("no active session of its own")
    return device.active


def _closed(device: DeviceModel) -> SessionModel:
    for session in device.sessions:
        if not session.active and not session.as_read:
            return session
    raise LookupError("no closed session of its own")
