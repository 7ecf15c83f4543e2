"""The state of the API: companies with devices, sessions, passings and events, journals, faults and quotas.

Plain Python with a lock per company. It may import base/ and spec/, and must not know Flask or HTTP.
"""

from .companies import Company, Key
from .devices import Device
from .events import Event
from .sessions import Session
from .world import World

__all__ = ["Company", "Device", "Event", "Key", "Session", "World"]
