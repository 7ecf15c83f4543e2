"""The state of the API: companies, their devices, sessions and passings. Plain Python: no Flask, no HTTP."""

from .companies import Company, Key
from .devices import Device
from .sessions import Session
from .world import World

__all__ = ["Company", "Device", "Key", "Session", "World"]
