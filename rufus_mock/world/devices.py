"""Devices: bound to a company, listed, unbound with all they have."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from ..base.errors import DeviceAlreadyBound, DeviceNotFound
from ..base.timestamps import render
from .store.ordered import OrderedRows

if TYPE_CHECKING:
    from .passings import Fragment
    from .sessions import Session
    from .state import State


@dataclass
class Device:
    """A device, its sessions from the oldest, and all its passings in the order of (time, session, number)."""

    deviceid: str
    model: str
    serial_number: str
    creation_date: int
    last_seen: int
    type: str | None = None
    alias: str | None = None
    firmware: str | None = None
    sessions: list["Session"] = field(default_factory=list)
    by_time: OrderedRows["Fragment"] = field(default_factory=lambda: OrderedRows(3))

    def copy(self) -> "Device":
        """The same device for another company, with its sessions and passings."""
        other = replace(self, sessions=[], by_time=self.by_time.copy())
        other.sessions += [session.copy(other) for session in self.sessions]
        return other

    def seen(self, now: int) -> None:
        """The device has been in touch."""
        self.last_seen = max(self.last_seen, now)

    def as_dict(self) -> dict[str, Any]:
        """The fields of schemas/device.json and device-summary.json. Telemetry, which is not imitated, is null."""
        return {
            "deviceid": self.deviceid,
            "type": self.type,
            "model": self.model,
            "alias": self.alias,
            "firmware": self.firmware,
            "serial_number": self.serial_number,
            "creation_date": render(self.creation_date),
            "sessions": len(self.sessions),
            "passings": len(self.by_time),
            "last_seen": (last_seen := render(self.last_seen)),
            "last_login": last_seen,
            "device_status": None,
            "battery_percentage": None,
            "charging": None,
            "last_telemetry_at": None,
        }


class Devices:
    """The devices of a company."""

    def __init__(self, state: "State") -> None:
        self._state = state
        self._devices: dict[str, Device] = {}
        self._hardware: dict[tuple[str, str], Device] = {}

    def __iter__(self) -> Iterator[Device]:
        """All devices, in the order of their binding. Hold the lock of the company's state."""
        return iter(self._devices.values())

    def __len__(self) -> int:
        return len(self._devices)

    def bind(
        self,
        model: str,
        serial_number: str,
        type: str | None = None,
        alias: str | None = None,
        firmware: str | None = None,
    ) -> Device:
        """A new device. Raises DeviceAlreadyBound for a serial number and model that the company has bound."""
        with self._state.lock:
            now = self._state.clock.now()
            deviceid = self._state.identifiers.new()
            while deviceid in self._devices:  # a seed begins anew at each start, also over a state that was kept
                deviceid = self._state.identifiers.new()
            device = Device(deviceid, model, serial_number, now, now, type, alias, firmware)
            self.add(device)
            return device

    def add(self, device: Device) -> None:
        """Take in a device that exists already. Raises DeviceAlreadyBound."""
        with self._state.lock:
            hardware = (device.model, device.serial_number)
            bound = self._hardware.get(hardware) or self._devices.get(device.deviceid)
            if bound is not None:
                raise DeviceAlreadyBound(deviceid=bound.deviceid)
            self._devices[device.deviceid] = device
            self._hardware[hardware] = device

    def unbind(self, deviceid: str) -> Device:
        """Forget a device. Its sessions are the caller's to forget. Raises DeviceNotFound."""
        with self._state.lock:
            device = self.get(deviceid)
            del self._devices[deviceid]
            del self._hardware[device.model, device.serial_number]
            return device

    def get(self, deviceid: str) -> Device:
        """The device of this identifier. Raises DeviceNotFound."""
        device = self.find(deviceid)
        if device is None:
            raise DeviceNotFound(deviceid=deviceid)
        return device

    def find(self, deviceid: str) -> Device | None:
        """The device of this identifier, or None."""
        return self._devices.get(deviceid)

    def describe(self, deviceid: str) -> dict[str, Any]:
        """One device as it is read. Raises DeviceNotFound."""
        with self._state.lock:
            return self.get(deviceid).as_dict()

    def page(self, page: int, limit: int) -> tuple[list[dict[str, Any]], int]:
        """A page of devices as they are read, in the order of their binding, and how many there are in all."""
        with self._state.lock:
            devices = list(self._devices.values())
            start = (page - 1) * limit
            return [device.as_dict() for device in devices[start : start + limit]], len(devices)
