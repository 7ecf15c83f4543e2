"""Reproducible random numbers. Only random() is used: other methods may change between versions of Python."""

import random
from collections.abc import Callable, MutableSequence
from statistics import NormalDist
from typing import Any

_STANDARD = NormalDist()


class Chance:
    """A stream of random numbers for a seed and a name. An extra draw from one stream does not change any other."""

    def __init__(self, seed: int, *names: object) -> None:
        # Random seeds itself from the SHA-512 hash of a string, in every version of Python.
        self.random: Callable[[], float] = random.Random(":".join(map(str, (seed, *names)))).random

    def normal(self) -> float:
        """A number from the standard normal distribution."""
        return _STANDARD.inv_cdf(self.random() or 0.5)

    def between(self, low: float, high: float) -> float:
        """A number from the uniform distribution."""
        return low + (high - low) * self.random()

    def whole(self, low: int, high: int) -> int:
        """An integer from low to high, both included."""
        return low + int((high - low + 1) * self.random())

    def shuffle(self, items: MutableSequence[Any]) -> None:
        """Shuffle the items in place (Fisher–Yates)."""
        for last in range(len(items) - 1, 0, -1):
            other = int((last + 1) * self.random())
            items[last], items[other] = items[other], items[last]
