"""Which assumptions mattered for the request that this thread handles.

A request is handled by one thread from its arrival to its answer, so the trace belongs to the thread. Writes that
belong to no request, such as those of a fixture, leave no trace.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class Later(Protocol):
    """Finds out from the body of a request which other assumptions mattered for it."""

    def __call__(self, body: bytes, answer_arrives: bool = True) -> tuple[str, ...]: ...


class Trace:
    """What is noted for one request. noted: for each id whether another variant changes the state."""

    __slots__ = ("doubts", "later", "noted", "paused")

    def __init__(self) -> None:
        self.noted: dict[str, bool] = {}
        self.doubts: set[str] | None = None
        self.later: Later | None = None
        self.paused = False

    def doubt(self, id: str) -> None:
        """Another variant decides differently, and only a trial shows whether that changes anything."""
        self.doubts = (self.doubts or set()) | {id}

    def ids(self, answer_arrives: bool = True) -> tuple[str, ...]:
        """The ids that mattered. Without an answer, only those that change the state."""
        if answer_arrives:
            return tuple(self.noted)
        return tuple(id for id, changes_state in self.noted.items() if changes_state)


class _Current(threading.local):
    trace: Trace | None = None


current = _Current()
"""The trace of this thread's request. Statement reads it directly, because it does so several times a request."""


def begin() -> Trace:
    """Start the trace of a request, and forget what came before."""
    started = current.trace = Trace()
    return started


def end() -> None:
    """Leave no trace from now on."""
    current.trace = None


@contextmanager
def suspended() -> Iterator[None]:
    """Note nothing meanwhile: for decisions that are not those of the request."""
    kept, current.trace = current.trace, None
    try:
        yield
    finally:
        current.trace = kept


@contextmanager
def separate() -> Iterator[Trace]:
    """A trace of its own for what is found out about an earlier request."""
    kept, current.trace = current.trace, Trace()
    try:
        yield current.trace
    finally:
        current.trace = kept


def note(id: str, changes_state: bool) -> None:
    """Another variant would have changed the answer to this request or, if so, the state after it."""
    if current.trace is not None:
        current.trace.noted[id] = changes_state


def note_later(later: Later) -> None:
    """What `later` finds out matters too. It is expensive, so it is only called when someone wants to know."""
    if current.trace is not None:
        current.trace.later = later


def doubt(id: str) -> None:
    """Another variant decides differently, and only a trial shows whether that changes the answer or the state."""
    if current.trace is not None:
        current.trace.doubt(id)
