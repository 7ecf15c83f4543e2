"""getDevice against what the device should be."""

from collections.abc import Mapping
from typing import Any

from ..run import Exchange, Run
from ..subject.model import DeviceModel
from .results import result_of


def read_device(run: Run, device: DeviceModel) -> None:
    """getDevice: the fields that it was bound with, its counts."""
    exchange = run.ask("getDevice", {"deviceid": device.deviceid})
    result = result_of(run, exchange, dict)
    _same_device(run, exchange, device, result)


def _same_device(run: Run, exchange: Exchange, device: DeviceModel, result: Mapping[str, Any]) -> None:
    # What an account has already proves nothing about how it was bound.
    rule_id = "bound-as-sent" if device.complete else ""
    for name, value in {"deviceid": device.deviceid, **device.described}.items():
        run.field_rule(exchange, rule_id, result, name, value, of="bindDevice")
    if device.certain and device.complete:
        for name, count in (("sessions", len(device.sessions)), ("passings", device.passings)):
            run.field_rule(exchange, "device-counts", result, name, count, of="getDevice")
