"""Reads a device, its sessions and its passings, and compares them with the model.

It may import session/, judge/, subject/ and the run. It must not write to the target, and it must not know the
check that calls it: every read is correct after any writes that the model knows of.
"""

from .continued import read_next
from .devices import read_device
from .everything import compare_everything, read_list
from .passings import PAGE_NOT_SENT, read_range, read_span
from .sessions import read_active, read_session, read_sessions

__all__ = [
    "LARGEST_NUM_PASSING",
    "PAGE_NOT_SENT",
    "compare_everything",
    "read_active",
    "read_device",
    "read_list",
    "read_next",
    "read_range",
    "read_session",
    "read_sessions",
    "read_span",
]

LARGEST_NUM_PASSING = 2**53 - 1
"""The largest num_passing that may be asked for (assumed)."""
