"""An answer that comes late."""

import math
from collections.abc import Callable, Iterator, Mapping
from random import Random
from typing import Any

from ....spec.validation import Problem
from ....spec.validation import described as shown
from .kind import ChangedAnswer, Kind

LONGEST = 600_000
"""Milliseconds. A lognormal latency has no upper limit of its own."""


class Latency(Kind):
    """The answer goes out later. The operation is executed at once."""

    name = "latency"
    member = "latency"
    loses_answer = False

    def __init__(self, described: Mapping[str, Any]) -> None:
        self.milliseconds = _distribution(described["latency"])

    @classmethod
    def problems(cls, described: Mapping[str, Any]) -> Iterator[Problem]:
        uniform = described.get("latency", {}).get("uniform")
        if uniform is not None and uniform["low"] > uniform["high"]:
            expected = f"at most high, {uniform['high']}"
            yield Problem("body", "low", "/latency/uniform/low", expected, shown(uniform["low"]))

    def apply(self, answer: ChangedAnswer) -> None:
        answer.delay = self.milliseconds(answer.random)


def _distribution(described: Mapping[str, Any]) -> Callable[[Random], float]:
    """A function that draws milliseconds."""
    if "fixed" in described:
        return lambda _: float(described["fixed"])
    if "uniform" in described:
        low, high = described["uniform"]["low"], described["uniform"]["high"]
        return lambda random: float(low + (high - low) * random.random())
    median, sigma = described["lognormal"]["median"], described["lognormal"]["sigma"]
    return lambda random: min(float(median * math.exp(sigma * random.gauss(0, 1))), LONGEST)
