"""The devices of a company: bind, list, describe, unbind."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from ..assumptions.devices import EMPTY_LIST, IDENTITY, LAST_SEEN, ORDER, PAST_THE_END, REBIND, Hardware
from ..base.errors import DeviceAlreadyBound, DeviceNotFound
from ..base.timestamps import render
from .state import State

_REMEMBERED = 1000
"""How many unbound devices a company remembers: those that were unbound last."""


@dataclass
class Device:
    """What identifies and describes a device. creation_date, last_seen and last_insert are in milliseconds.

    last_insert: when it last sent passings.
    """

    deviceid: str
    model: str
    serial_number: str
    creation_date: int
    last_seen: int
    type: str | None = None
    alias: str | None = None
    firmware: str | None = None
    last_insert: int | None = None

    @property
    def hardware(self) -> Hardware:
        """What may identify the device besides its deviceid."""
        return Hardware(self.serial_number, self.model, self.type)

    def record_contact(self, now: int) -> None:
        """Update last_seen; it never goes back."""
        self.last_seen = max(self.last_seen, now)

    def record_insert(self, now: int) -> None:
        """Update last_seen and last_insert."""
        self.record_contact(now)
        self.last_insert = now

    def as_dict(self, sessions: int, passings: int, last_seen: int | None) -> dict[str, Any]:
        """The fields of schemas/device.json and device-summary.json. The mock has no telemetry, so that is null."""
        shown = None if last_seen is None else render(last_seen)
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
            "last_seen": shown,
            "last_login": shown,
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
        self._by_serial: dict[str, list[Device]] = {}
        self._unbound: dict[Hardware, str] = {}

    def __iter__(self) -> Iterator[Device]:
        """All devices, in the order in which they were bound. Hold the lock of the company's state."""
        return iter(self._devices.values())

    def __len__(self) -> int:
        return len(self._devices)

    @property
    def unbound(self) -> Iterator[tuple[Hardware, str]]:
        """What was unbound, with its deviceid, in that order. Hold the lock of the company's state."""
        return iter(self._unbound.items())

    def bind(
        self,
        model: str,
        serial_number: str,
        type: str | None = None,
        alias: str | None = None,
        firmware: str | None = None,
    ) -> Device:
        """Create a device. Raises DeviceAlreadyBound if the company has bound it already."""
        with self._state.lock:
            now = self._state.clock.now()
            deviceid = self._state.identifiers.new()
            # After a restart, a seed repeats identifiers that a kept state may contain.
            while deviceid in self._devices:
                deviceid = self._state.identifiers.new()
            hardware = Hardware(serial_number, model, type)
            if bound := self._by_serial.get(serial_number):
                same = self._state.assumptions[IDENTITY]([(each.deviceid, each.hardware) for each in bound], hardware)
                if same is not None:
                    raise DeviceAlreadyBound(deviceid=same)
            deviceid = self._former_id(hardware, deviceid)
            device = Device(deviceid, model, serial_number, now, now, type, alias, firmware)
            self._put(device)
            return device

    def _former_id(self, hardware: Hardware, new_id: str) -> str:
        """The deviceid that a device gets: the one that it had before, or a new one."""
        assumptions = self._state.assumptions
        unbound = [
            (deviceid, other)
            for other, deviceid in reversed(self._unbound.items())
            if other.serial_number == hardware.serial_number and deviceid not in self._devices and deviceid != new_id
        ]
        if not unbound:
            return new_id
        reusable = assumptions[REBIND](unbound, hardware, assumptions.decision(IDENTITY))
        return assumptions[IDENTITY](reusable, hardware) or new_id

    def add(self, device: Device) -> None:
        """Add a device that has an identifier already. Raises DeviceAlreadyBound."""
        with self._state.lock:
            for other in self._by_serial.get(device.serial_number, ()):
                if other.model == device.model:
                    raise DeviceAlreadyBound(deviceid=other.deviceid)
            self.restore(device)

    def restore(self, device: Device) -> None:
        """Add a device of a snapshot, which may have the model and serial number of another one.

        Raises DeviceAlreadyBound for the same deviceid.
        """
        with self._state.lock:
            if device.deviceid in self._devices:
                raise DeviceAlreadyBound(deviceid=device.deviceid)
            self._put(device)

    def _put(self, device: Device) -> None:
        self._devices[device.deviceid] = device
        self._by_serial.setdefault(device.serial_number, []).append(device)

    def copy_from(self, other: "Devices") -> None:
        """Replace the devices by copies of another company's."""
        self._devices, self._by_serial = {}, {}
        for device in other._devices.values():
            self._put(replace(device))
        self._unbound = other._unbound.copy()

    def remove(self, deviceid: str) -> None:
        """Remove a device, but not its sessions: see Company.unbind. Raises DeviceNotFound."""
        with self._state.lock:
            device = self.get(deviceid)
            del self._devices[deviceid]
            others = [other for other in self._by_serial.pop(device.serial_number) if other is not device]
            if others:
                self._by_serial[device.serial_number] = others
            self.remember(deviceid, *device.hardware)

    def remember(self, deviceid: str, serial_number: str, model: str, type: str | None) -> None:
        """Note which deviceid a device had that was unbound. The oldest are forgotten if there are many."""
        hardware = Hardware(serial_number, model, type)
        self._unbound.pop(hardware, None)
        self._unbound[hardware] = deviceid
        if len(self._unbound) > _REMEMBERED:
            del self._unbound[next(iter(self._unbound))]

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
        """A page of devices as the API shows them, and the total number. Raises DevicesNotFound."""
        with self._state.lock:
            assumptions, total, start = self._state.assumptions, len(self._devices), (page - 1) * limit
            if start >= total:
                refusal = assumptions[EMPTY_LIST if page == 1 else PAST_THE_END]()
                if refusal:
                    raise refusal
                return [], total
            deviceids = assumptions[ORDER](list(self._devices), start, start + limit)
            return [self._describe(self._devices[deviceid]) for deviceid in deviceids], total

    def _describe(self, device: Device) -> dict[str, Any]:
        store, deviceid = self._state.store, device.deviceid
        last_seen = self._state.assumptions[LAST_SEEN](device.last_seen, store.latest(deviceid), device.last_insert)
        return device.as_dict(*store.device_counts(deviceid), last_seen)
