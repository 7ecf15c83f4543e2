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


class _Trace(threading.local):
    answer: set[str] | None = None
    state: set[str] | None = None
    paused: bool = False
    later: Later | None = None
    doubts: set[str] | None = None


_trace = _Trace()


def begin() -> None:
    """Start the trace of a request, and forget what came before."""
    _trace.answer, _trace.state = set(), set()
    _trace.later, _trace.doubts, _trace.paused = None, None, False


def end() -> None:
    """Leave no trace from now on."""
    _trace.answer = _trace.state = _trace.later = _trace.doubts = None


def pause() -> bool:
    """Note nothing until resume(). Returns False, and changes nothing, if nothing is being noted anyway."""
    if _trace.answer is None or _trace.paused:
        return False
    _trace.paused = True
    return True


def resume() -> None:
    """Take notes again."""
    _trace.paused = False


@contextmanager
def suspended() -> Iterator[None]:
    """Note nothing meanwhile: for decisions that are not those of the request."""
    kept = _kept()
    end()
    try:
        yield
    finally:
        _restore(kept)


def note(id: str, changes_state: bool) -> None:
    """Another variant would have changed the answer to this request or, if so, the state after it."""
    noted = _trace.state if changes_state else _trace.answer
    if noted is not None:
        noted.add(id)


def note_later(later: Later) -> None:
    """What `later` finds out matters too. It is expensive, so it is only called when someone wants to know."""
    if _trace.answer is not None:
        _trace.later = later


def doubt(id: str) -> None:
    """Another variant decides differently, and only a trial shows whether that changes the answer or the state."""
    if _trace.answer is not None:
        _trace.doubts = (_trace.doubts or set()) | {id}


def doubts() -> set[str] | None:
    """The ids that need a trial; None or empty if there are none."""
    return _trace.doubts


def forget() -> None:
    """Nothing that was noted has an effect, because the operation is not executed after all."""
    if _trace.answer is not None:
        begin()


def noted(answer_arrives: bool = True) -> tuple[str, ...]:
    """The ids that mattered, sorted. Without an answer, only those that change the state."""
    answer, state = _trace.answer, _trace.state
    if not answer and not state:
        return ()
    if not state and answer and len(answer) == 1:
        return tuple(answer) if answer_arrives else ()
    return tuple(sorted((state or set()) | (answer or set() if answer_arrives else set())))


def later() -> Later | None:
    """What finds out which other assumptions mattered, if anything does."""
    return _trace.later


@contextmanager
def separate() -> Iterator[None]:
    """A trace of its own for what is found out about an earlier request."""
    kept = _kept()
    begin()
    try:
        yield
    finally:
        _restore(kept)


_Kept = tuple[set[str] | None, set[str] | None, set[str] | None, Later | None, bool]


def _kept() -> _Kept:
    return _trace.answer, _trace.state, _trace.doubts, _trace.later, _trace.paused


def _restore(kept: _Kept) -> None:
    _trace.answer, _trace.state, _trace.doubts, _trace.later, _trace.paused = kept
