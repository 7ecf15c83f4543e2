"""Compares device info with the model."""

from ..judge.exchange import JudgedExchange
from ..judge.statements import rule
from ..run import Run
from ..session.exchange import Entry
from ..subject.model import DeviceModel

_BOUND_AS_SENT = rule("bound-as-sent")
_DEVICE_COUNTS = rule("device-counts")


def read_device(run: Run, device: DeviceModel) -> None:
    """getDevice: the fields that the device was bound with, and its counts."""
    compare_device(run, run.ask("getDevice", {"deviceid": device.deviceid}), device)


def compare_device(run: Run, exchange: JudgedExchange, device: DeviceModel) -> None:
    """Compares an answer to getDevice."""
    found = exchange.expect().entry()
    run.compared(exchange, found)
    same_device(exchange, device, found, "/result")


def same_device(exchange: JudgedExchange, device: DeviceModel, found: Entry, place: str) -> None:
    """Compares a device in any answer with the model."""
    # What an account has already proves nothing about how it was bound.
    as_bound = exchange.against(_BOUND_AS_SENT) if device.complete else exchange.against_other_reads()
    for name, value in {"deviceid": device.deviceid, **device.described}.items():
        as_bound.field_is(value, found, name, place)
    if device.created is not None:
        exchange.against_other_reads().field_is(device.created, found, "creation_date", place)
    if device.certain and device.complete:
        exchange.against(_DEVICE_COUNTS).field_is(len(device.sessions), found, "sessions", place)
        exchange.against(_DEVICE_COUNTS).field_is(device.passings, found, "passings", place)
