"""The state of the mock: companies with their keys, devices, sessions, passings, events, clocks, journals and faults.

Plain Python, with one lock for the content of a company. Modules depend on each other in one direction: state, devices,
sessions, entries, passings, companies, world; companies also have events, a journal, faults and a quota, and store/ has
the passings. The folder may import base/, spec/ and assumptions/. It must not import Flask or build an answer; it
raises the errors in base/.
"""

from .companies import Company, Key
from .devices import Device
from .events import Event
from .sessions import Session
from .store import Fragment, Passing
from .world import World

__all__ = ["Company", "Device", "Event", "Fragment", "Key", "Passing", "Session", "World"]
