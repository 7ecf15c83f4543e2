"""The devices of a company: bind, list, describe, unbind."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from ..base.errors import DeviceAlreadyBound, DeviceNotFound
from ..base.timestamps import render
from .state import State


@dataclass
class Device:
    """What identifies and describes a device. creation_date and last_seen are in milliseconds."""

    deviceid: str
    model: str
    serial_number: str
    creation_date: int
    last_seen: int
    type: str | None = None
    alias: str | None = None
    firmware: str | None = None

    def record_contact(self, now: int) -> None:
        """Update last_seen; it never goes back."""
        self.last_seen = max(self.last_seen, now)

    def as_dict(self, sessions: int, passings: int) -> dict[str, Any]:
        """The fields of schemas/device.json and device-summary.json. The mock has no telemetry, so that is null."""
        return {
            "deviceid": self.deviceid,
            "type": self.type,
            "model": self.model,
            "alias": self.alias,
            "firmware": self.firmware,
            "serial_number": self.serial_number,
            "creation_date": render(self.creation_date),
            "sessions": sessions,
            "passings": passings,
            "last_seen": (last_seen := render(self.last_seen)),
            "last_login": last_seen,
            "device_status": None,
            "battery_percentage": None,
            "charging": None,
            "last_telemetry_at": None,
        }


class Devices:
    """The devices of a company."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._devices: dict[str, Device] = {}
        self._hardware: dict[tuple[str, str], Device] = {}

    def __iter__(self) -> Iterator[Device]:
        """All devices, in the order in which they were bound. Hold the lock of the company's state."""
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
        """Create a device. Raises DeviceAlreadyBound if the company has one with this model and serial number."""
        with self._state.lock:
            now = self._state.clock.now()
            deviceid = self._state.identifiers.new()
            # After a restart, a seed repeats identifiers that a kept state may contain.
            while deviceid in self._devices:
                deviceid = self._state.identifiers.new()
            device = Device(deviceid, model, serial_number, now, now, type, alias, firmware)
            self.add(device)
            return device

    def add(self, device: Device) -> None:
        """Add a device that has an identifier already. Raises DeviceAlreadyBound."""
        with self._state.lock:
            hardware = (device.model, device.serial_number)
            bound = self._hardware.get(hardware) or self._devices.get(device.deviceid)
            if bound is not None:
                raise DeviceAlreadyBound(deviceid=bound.deviceid)
            self._devices[device.deviceid] = device
            self._hardware[hardware] = device

    def copy_from(self, other: "Devices") -> None:
        """Replace the devices by copies of another company's."""
        self._devices = {deviceid: replace(device) for deviceid, device in other._devices.items()}
        self._hardware = {hardware: self._devices[device.deviceid] for hardware, device in other._hardware.items()}

    def remove(self, deviceid: str) -> None:
        """Remove a device, but not its sessions: see Company.unbind. Raises DeviceNotFound."""
        with self._state.lock:
            device = self.get(deviceid)
            del self._devices[deviceid]
            del self._hardware[device.model, device.serial_number]

    def get(self, deviceid: str) -> Device:
        """The device with this identifier. Raises DeviceNotFound."""
        device = self.find(deviceid)
        if device is None:
            raise DeviceNotFound(deviceid=deviceid)
        return device

    def find(self, deviceid: str) -> Device | None:
        """The device with this identifier, or None."""
        return self._devices.get(deviceid)

    def describe(self, deviceid: str) -> dict[str, Any]:
        """One device as the API shows it. Raises DeviceNotFound."""
        with self._state.lock:
            return self._describe(self.get(deviceid))

    def page(self, page: int, limit: int) -> tuple[list[dict[str, Any]], int]:
        """A page of devices as the API shows them, in the order in which they were bound, and the total number."""
        with self._state.lock:
            devices = list(self._devices.values())
            start = (page - 1) * limit
            return [self._describe(device) for device in devices[start : start + limit]], len(devices)

    def _describe(self, device: Device) -> dict[str, Any]:
        return device.as_dict(*self._state.store.device_counts(device.deviceid))
