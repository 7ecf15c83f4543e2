"""The state of the API: companies, their devices, sessions and passings. Plain Python: no Flask, no HTTP."""

from .companies import Company, Key, World
from .devices import Device
from .sessions import Session

__all__ = ["Company", "Device", "Key", "Session", "World"]
