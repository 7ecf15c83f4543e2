"""Chance that repeats: draws from random() alone, for the other methods may change between versions of Python."""

import random
from collections.abc import Callable, MutableSequence
from statistics import NormalDist
from typing import Any

_STANDARD = NormalDist()


class Chance:
    """A stream of draws from a seed. Streams of other names are independent: one more draw here moves nothing there."""

    def __init__(self, seed: int, *names: object) -> None:
        # A text seeds by SHA-512 of its bytes, in all versions.
        self.random: Callable[[], float] = random.Random(":".join(map(str, (seed, *names)))).random

    def normal(self) -> float:
        """A draw of the standard normal distribution."""
        return _STANDARD.inv_cdf(self.random() or 0.5)

    def between(self, low: float, high: float) -> float:
        """A draw of the uniform distribution."""
        return low + (high - low) * self.random()

    def whole(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + int((high - low + 1) * self.random())

    def shuffle(self, items: MutableSequence[Any]) -> None:
        """Put items into any order (Fisher–Yates)."""
        for last in range(len(items) - 1, 0, -1):
            other = int((last + 1) * self.random())
            items[last], items[other] = items[other], items[last]
