"""What goes wrong on purpose: on which requests, how often, and what happens to them."""

import math
import random
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..base.errors import FaultNotFound
from .holds import Hold
from .path_pattern import matches

LONGEST_LATENCY = 600_000
"""Milliseconds. A lognormal latency has no end of its own."""

MOST_HELD = 256
"""Answers that the never-answering faults of a company keep back at once. Each keeps a connection, and a server has
1024; one more, and the oldest is let go."""


class Fault:
    """One fault: the requests it stands on, its schedule, what it does; described as in admin/requests/fault-input."""

    def __init__(self, id: str, described: Mapping[str, Any]) -> None:
        self.id = id
        self.described = described
        self.seen = 0
        self.struck = 0
        self.after = described.get("when") == "after"
        self.answer: str | None = described.get("answer")
        self.status: int | None = int(described["status"]) if "status" in described else None
        self._operation = described.get("operation")
        self._method = described.get("method", "").upper()
        self._path: str | None = described.get("path")
        self._probability = described.get("probability", 1)
        self._random = random.Random(int(described.get("seed", 0)))
        self._first = described.get("on_call", 1)
        self._calls: float = described.get("calls", 1 if "on_call" in described else math.inf)
        self._latency = _latency(described.get("latency", {}))

    @property
    def loses_operation(self) -> bool:
        """It strikes instead of the operation, which is not done. A latency alone delays the answer, not the work."""
        return not self.after and (self.answer is not None or self.status is not None)

    @property
    def spent(self) -> bool:
        """It will strike no more."""
        return self.struck >= self._calls

    def strike(self, operation: str, method: str, path: str) -> "Strike | None":
        """Whether and how it strikes this request, which counts."""
        if self._operation not in {None, operation} or self._method not in {"", method}:
            return None
        if self._path is not None and not matches(self._path, path):
            return None
        self.seen += 1
        if self.spent or self.seen < self._first or self._random.random() >= self._probability:
            return None
        self.struck += 1
        latency = self._latency(self._random) / 1000 if self._latency else 0.0
        return Strike(self, latency, self._random.getrandbits(64))


@dataclass(frozen=True)
class Strike:
    """A fault that strikes one request: after how many seconds, and the seed of what is random in it."""

    fault: Fault
    latency: float
    seed: int


class Faults:
    """The faults of a company, in the order of their making, and the answers that they keep back."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: dict[str, Fault] = {}
        self._held: dict[Hold, Fault] = {}
        self._made = 0

    def __len__(self) -> int:
        return len(self._faults)

    def add(self, described: Mapping[str, Any]) -> Fault:
        """A new fault."""
        with self._lock:
            self._made += 1
            fault = Fault(f"f{self._made}", described)
            self._faults[fault.id] = fault
            return fault

    def get(self, id: str) -> Fault:
        """The fault of this id. Raises FaultNotFound."""
        try:
            return self._faults[id]
        except KeyError:
            raise FaultNotFound(id=id) from None

    def all(self) -> list[Fault]:
        """All faults, spent ones too."""
        with self._lock:
            return list(self._faults.values())

    def strike(self, operation: str, method: str, path: str) -> Strike | None:
        """The first fault that strikes this request. Those behind it do not count the request."""
        with self._lock:
            for fault in self._faults.values():
                if strike := fault.strike(operation, method, path):
                    return strike
            return None

    def hold(self, fault: Fault, seconds: float | None) -> Hold:
        """Keep an answer back: for some seconds, or until the fault is removed (None)."""
        hold = Hold(seconds, self._forget)
        oldest = None
        with self._lock:
            if fault.id not in self._faults:
                oldest = hold
            else:
                endless = [held for held in self._held if held.seconds is None] if seconds is None else []
                if len(endless) >= MOST_HELD:
                    oldest = endless[0]
                self._held[hold] = fault
        if oldest is not None:
            oldest.release()
        return hold

    def remove(self, id: str) -> Fault:
        """Remove a fault and let go what it keeps back. Raises FaultNotFound."""
        fault = self.get(id)
        self._remove({id})
        return fault

    def clear(self) -> list[str]:
        """Remove all faults and let go what they keep back; their ids."""
        return self._remove(None)

    def _forget(self, hold: Hold) -> None:
        with self._lock:
            self._held.pop(hold, None)

    def _remove(self, ids: set[str] | None) -> list[str]:
        with self._lock:
            removed = [id for id in self._faults if ids is None or id in ids]
            for id in removed:
                del self._faults[id]
            held = [hold for hold, fault in self._held.items() if fault.id in removed]
        for hold in held:
            hold.release()
        return removed


def _latency(described: Mapping[str, Any]) -> Callable[[random.Random], float] | None:
    if "fixed" in described:
        return lambda _: float(described["fixed"])
    if "uniform" in described:
        low, high = described["uniform"]["low"], described["uniform"]["high"]
        return lambda source: float(low + (high - low) * source.random())
    if "lognormal" in described:
        median, sigma = described["lognormal"]["median"], described["lognormal"]["sigma"]
        return lambda source: min(float(median * math.exp(sigma * source.gauss(0, 1))), LONGEST_LATENCY)
    return None
