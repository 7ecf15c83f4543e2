"""A running race as timing sees it: runners, their crossings, and what the devices make of them. Plain Python.

The same settings and seed give the same race, to the byte, in every version of Python: all chance comes from
random.Random.random(), the one method that promises it.
"""

from .behaviour import Behaviour
from .devices import Delivery, Device, Passing
from .field import Crossing, Runner
from .presets import PRESETS, Settings
from .race import Race

__all__ = ["PRESETS", "Behaviour", "Crossing", "Delivery", "Device", "Passing", "Race", "Runner", "Settings"]
