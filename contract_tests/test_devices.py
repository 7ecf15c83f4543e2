"""Devices: listing, describing, binding, unbinding."""

from rufus_mock.contract.checks import devices, reading
from rufus_mock.contract.pytest_support import Holds


def test_devices_are_listed(holds: Holds) -> None:
    """The list has the company's devices, in pages of `limit`"""
    holds(reading.devices_are_listed)


def test_a_device_is_described(holds: Holds) -> None:
    """Device info has what was bound, and counts; an unknown device is a 404"""
    holds(reading.a_device_is_described)


def test_a_device_is_bound(holds: Holds) -> None:
    """A bound device is read as it was sent; binding it again gives the deviceid that it has, in a 409 (assumed)"""
    holds(devices.a_device_is_bound)


def test_a_device_needs_no_type(holds: Holds) -> None:
    """A device can be bound without `type`, which the older page does not have (assumed)"""
    holds(devices.a_device_needs_no_type)


def test_an_unbound_device_is_gone(holds: Holds) -> None:
    """Unbinding removes sessions and passings too; unbinding again is a 404 that repeats the deviceid"""
    holds(devices.an_unbound_device_is_gone)
