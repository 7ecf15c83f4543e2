"""Reads a device, its sessions and its passings, and compares them with the model.

It may import session/, judge/, subject/ and the run. It must not write to the target, and it must not know the
check that calls it: every read is correct after any writes that the model knows of.
"""

from ..run import Run
from ..subject.model import DeviceModel
from .devices import read_device
from .passings import PAGE_NOT_SENT, read_next, read_range, read_span
from .sessions import read_active, read_session, read_sessions

__all__ = [
    "LARGEST_NUM_PASSING",
    "PAGE_NOT_SENT",
    "read_active",
    "read_device",
    "read_everything",
    "read_next",
    "read_range",
    "read_session",
    "read_sessions",
    "read_span",
]

LARGEST_NUM_PASSING = 2**53 - 1
"""The largest that may be asked for; that it is this one is assumed."""


def read_everything(run: Run, device: DeviceModel) -> None:
    """All reads of a device without parameters."""
    read_device(run, device)
    read_sessions(run, device)
    read_active(run, device)
    for session in device.sessions:
        read_session(run, device, session)
        read_range(run, device, session)
    read_span(run, device)
    read_next(run, device)
