"""Simulates a running race: the runners, when they cross each timing point, and what each device records and sends.

The same settings and seed produce the same race, byte for byte, in every version of Python: all random numbers come
from random.Random.random(), the only method that guarantees the same sequence everywhere.

It may import base/ only. It must not know HTTP or a server: simulator/ delivers what it computes.
"""

from .behaviour import Behaviour
from .devices import Delivery, Device, Passing
from .field import Crossing, Runner
from .presets import PRESETS, Settings
from .race import Race

__all__ = ["PRESETS", "Behaviour", "Crossing", "Delivery", "Device", "Passing", "Race", "Runner", "Settings"]
