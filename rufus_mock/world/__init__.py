"""The state of the API: companies, their devices, sessions, passings and events. Plain Python: no Flask, no HTTP."""

from .companies import Company, Key
from .devices import Device
from .events import Event
from .sessions import Session
from .world import World

__all__ = ["Company", "Device", "Event", "Key", "Session", "World"]
