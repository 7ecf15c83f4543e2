"""The same passings, read in all ways: with each bound alone, with both, with neither, and onwards from any place."""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise

from ..reads import (
    read_active,
    read_device,
    read_list,
    read_next,
    read_range,
    read_session,
    read_sessions,
    read_span,
)
from ..run import Run
from ..session.errors import NotExercised
from ..subject.material import Material
from ..subject.model import DeviceModel, SessionModel
from .check import check

Read = Callable[[], object]

_READS = (
    "listDevices",
    "getDevice",
    "getDeviceSessions",
    "getActiveSession",
    "getSession",
    "getSessionPassings",
    "getDevicePassings",
    "continueDevicePassings",
)

_OFTEN = 200
_OFTEN_WITHIN_BUDGET = 64
"""How often each operation is read in a run: what goes wrong in one of twenty reads is seen then."""


@check("getSessionPassings", "getDevicePassings", "continueDevicePassings", writes=True)
def all_ways_of_reading_agree(run: Run, material: Material) -> None:
    """The same passings are read in all ways, with each bound alone, with both, and with neither"""
    device = material.hard
    for session in device.sessions:
        if session.passings:
            for read in _ranges(run, device, session):
                read()
    for read in (*_spans(run, device), *_continued(run, device)):
        read()


def _ranges(run: Run, device: DeviceModel, session: SessionModel) -> Iterator[Read]:
    """Ranges of num_passing. Most bounds lie on a passing, some between two."""
    numbers = session.numbers()
    low, high, last = numbers[len(numbers) // 3], numbers[-2], numbers[-1]
    bounds = [(None, None), (low, None), (None, high), (low, high), (0, None), (None, 0), (0, 0), (0, low)]
    bounds += [(last, None), (last, last), (high - 1, None), (None, low - 1), (low - 1, high - 1)]
    for first, until in bounds:
        yield partial(read_range, run, device, session, first, until)
    for first, until in ((None, None), (low, None), (None, high), (low, high)):
        yield partial(read_range, run, device, session, first, until, 1)
        yield partial(read_range, run, device, session, first, until, 2)


def _spans(run: Run, device: DeviceModel) -> Iterator[Read]:
    """Spans of time. Bounds lie on a passing, or a millisecond beside it."""
    times = sorted({time for session in device.sessions for time in session.times})
    low, high = times[len(times) // 3], times[-2]
    bounds = [(None, None), (low, None), (None, high), (low, high), (low, low), (times[0], None), (None, times[-1])]
    bounds += [(low + 1, None), (None, high - 1), (low + 1, high - 1), (low - 1, None), (None, low - 1), (times[-1], None)]
    for since, until in bounds:
        yield partial(read_span, run, device, since, until)
    for since, until in ((None, None), (low, None), (None, high), (low, high)):
        yield partial(read_span, run, device, since, until, 1)
        yield partial(read_span, run, device, since, until, 2)


def _continued(run: Run, device: DeviceModel) -> Iterator[Read]:
    """Onwards from every passing, and within times that lie between passings."""
    yield partial(read_next, run, device)
    for session in device.sessions:
        yield partial(read_next, run, device, session)
        for last in session.numbers():
            yield partial(read_next, run, device, session, last)
    times = sorted({time for session in device.sessions for time in session.times})
    gaps = [one + 1 for one, other in pairwise(times) if other - one > 2]
    low, high = gaps[len(gaps) // 3], gaps[-1]
    for session in (None, device.sessions[0], device.sessions[-1]):
        for since, until in ((low, None), (None, high), (low, high)):
            yield partial(read_next, run, device, session, None, since, until)


@check(*_READS, writes=True)
def every_read_is_right_every_time(run: Run, material: Material) -> None:
    """Each read is repeated until a defect that shows in one of twenty reads has shown"""
    device, race = material.hard, material.race
    if not race.certain:
        raise NotExercised("the state of the device is no longer certain")
    ranges = [read for session in device.sessions if session.passings for read in _ranges(run, device, session)]
    reads: dict[str, list[Read]] = {
        "listDevices": [partial(read_list, run, (race, device))],
        "getDevice": [partial(read_device, run, race), partial(read_device, run, device)],
        "getDeviceSessions": [partial(read_sessions, run, race), partial(read_sessions, run, device)],
        "getActiveSession": [partial(read_active, run, race)],
        "getSession": [partial(read_session, run, each, s) for each in (race, device) for s in each.sessions],
        "getSessionPassings": ranges,
        "getDevicePassings": list(_spans(run, device)),
        "continueDevicePassings": list(_continued(run, device)),
    }
    for number in range(_OFTEN):
        for operation_id, ways in reads.items():
            if _is_wanted(run, operation_id):
                ways[number % len(ways)]()


def _is_wanted(run: Run, operation_id: str) -> bool:
    """Whether the operation was not read often enough yet, and the budget has a request left for it."""
    often = _OFTEN if run.left is None and run.options.examples > 10 else _OFTEN_WITHIN_BUDGET
    chosen = not run.options.operations or operation_id in run.options.operations
    return chosen and run.compared_reads[operation_id] < often and run.affords(1)
