"""Compares device info with the model."""

from ..judge.statements import rule
from ..run import Run
from ..subject.model import DeviceModel

_BOUND_AS_SENT = rule("bound-as-sent")
_DEVICE_COUNTS = rule("device-counts")


def read_device(run: Run, device: DeviceModel) -> None:
    """getDevice: the fields that the device was bound with, and its counts."""
    exchange = run.ask("getDevice", {"deviceid": device.deviceid})
    found = exchange.expect().entry()
    # What an account has already proves nothing about how it was bound.
    as_bound = exchange.against(_BOUND_AS_SENT) if device.complete else exchange.against_other_reads()
    for name, value in {"deviceid": device.deviceid, **device.described}.items():
        as_bound.field_is(value, found, name)
    if device.certain and device.complete:
        exchange.against(_DEVICE_COUNTS).field_is(len(device.sessions), found, "sessions")
        exchange.against(_DEVICE_COUNTS).field_is(device.passings, found, "passings")
