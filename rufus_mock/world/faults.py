"""The faults of a company: which requests they affect, how often, and which answers they hold back."""

import math
import random
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from ..base.errors import FaultNotFound
from .holds import Hold
from .path_pattern import matches

MOST_HELD = 256
"""Answers without a time limit that the faults of a company hold back at once. Each occupies one of the server's 1024
connections. One more releases the oldest.
"""


class Effect(Protocol):
    """What a fault does to an answer. loses_answer: whether the operation's own answer is lost."""

    loses_answer: bool


class Fault:
    """One fault: the requests that it applies to, its schedule, and its effect.

    described: the fault as in schemas/admin/requests/fault-input.json. effect: what it does to an answer.
    """

    def __init__(self, id: str, described: Mapping[str, Any], effect: Effect) -> None:
        self.id = id
        self.described = described
        self.effect = effect
        self.seen = 0
        self.struck = 0
        self._after = described.get("when") == "after"
        self._operation = described.get("operation")
        self._method = described.get("method", "").upper()
        self._path: str | None = described.get("path")
        self._probability = described.get("probability", 1)
        self._random = random.Random(int(described.get("seed", 0)))
        self._first = described.get("on_call", 1)
        self._calls: float = described.get("calls", 1 if "on_call" in described else math.inf)

    @property
    def prevents_operation(self) -> bool:
        """Whether the operation is not executed. A fault that only delays the answer does not prevent it."""
        return self.effect.loses_answer and not self._after

    @property
    def spent(self) -> bool:
        """Whether it has affected as many requests as its schedule allows."""
        return self.struck >= self._calls

    def strike(self, operation: str, method: str, path: str) -> "Strike | None":
        """Count a request that it applies to. Returns a Strike if its schedule selects the request."""
        if self._operation not in {None, operation} or self._method not in {"", method}:
            return None
        if self._path is not None and not matches(self._path, path):
            return None
        self.seen += 1
        if self.spent or self.seen < self._first or self._random.random() >= self._probability:
            return None
        self.struck += 1
        return Strike(self, self._random.getrandbits(64))


@dataclass(frozen=True)
class Strike:
    """A fault that affects one request, and the seed of what is random in its effect."""

    fault: Fault
    seed: int


class Faults:
    """The faults of a company in the order in which they were added, and the answers that they hold back."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: dict[str, Fault] = {}
        self._held: dict[Hold, Fault] = {}
        self._made = 0

    def __len__(self) -> int:
        return len(self._faults)

    def add(self, described: Mapping[str, Any], effect: Effect) -> Fault:
        """Add a fault, which affects requests from now on."""
        with self._lock:
            self._made += 1
            fault = Fault(f"f{self._made}", described, effect)
            self._faults[fault.id] = fault
            return fault

    def get(self, id: str) -> Fault:
        """The fault with this id. Raises FaultNotFound."""
        try:
            return self._faults[id]
        except KeyError:
            raise FaultNotFound(id=id) from None

    def all(self) -> list[Fault]:
        """All faults, including those that are spent."""
        with self._lock:
            return list(self._faults.values())

    def strike(self, operation: str, method: str, path: str) -> Strike | None:
        """The first fault that affects a request. Those after it do not count the request."""
        with self._lock:
            for fault in self._faults.values():
                if strike := fault.strike(operation, method, path):
                    return strike
            return None

    def hold(self, fault: Fault, seconds: float | None) -> Hold:
        """Hold an answer back for some seconds, or (None) until the fault is removed."""
        hold = Hold(seconds, self._forget)
        released = None
        with self._lock:
            if fault.id not in self._faults:
                released = hold
            else:
                endless = [held for held in self._held if held.seconds is None] if seconds is None else []
                if len(endless) >= MOST_HELD:
                    released = endless[0]
                self._held[hold] = fault
        if released is not None:
            released.release()
        return hold

    def remove(self, id: str) -> Fault:
        """Remove a fault and release the answers that it holds back. Raises FaultNotFound."""
        fault = self.get(id)
        self._remove({id})
        return fault

    def clear(self) -> list[str]:
        """Remove all faults, release the answers that they hold back, and return the ids of the faults."""
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
