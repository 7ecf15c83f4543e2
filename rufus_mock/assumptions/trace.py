"""Which assumptions mattered for the request that this thread handles.

A request is handled by one thread from its arrival to its answer, so the trace belongs to the thread. Writes that
belong to no request, such as those of a fixture, leave no trace.
"""

import threading


class _Trace(threading.local):
    answer: set[str] | None = None
    state: set[str] | None = None
    paused: bool = False


_trace = _Trace()


def begin() -> None:
    """Start the trace of a request, and forget what came before."""
    _trace.answer, _trace.state, _trace.paused = set(), set(), False


def end() -> None:
    """Leave no trace from now on."""
    _trace.answer = _trace.state = None


def pause() -> bool:
    """Note nothing until resume(). Returns False, and changes nothing, if nothing is being noted anyway."""
    if _trace.answer is None or _trace.paused:
        return False
    _trace.paused = True
    return True


def resume() -> None:
    """Take notes again."""
    _trace.paused = False


def note(id: str, changes_state: bool) -> None:
    """Another variant would have changed the answer to this request or, if so, the state after it."""
    noted = _trace.state if changes_state else _trace.answer
    if noted is not None:
        noted.add(id)


def forget() -> None:
    """Nothing that was noted has an effect, because the operation is not executed after all."""
    if _trace.answer is not None:
        begin()


def noted(answer_arrives: bool = True) -> tuple[str, ...]:
    """The ids that mattered, sorted. Without an answer, only those that change the state."""
    answer, state = _trace.answer, _trace.state
    if not answer and not state:
        return ()
    return tuple(sorted((state or set()) | (answer or set() if answer_arrives else set())))
