"""The same passings, read in all ways: with each bound alone, with both, with neither, and onwards from any place."""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice, pairwise

from ..reads import read_next, read_range, read_span
from ..run import FRUGAL, Run
from ..session.errors import NotExercised
from ..subject.material import Material
from ..subject.model import DeviceModel, SessionModel
from .check import check

Read = Callable[[], object]

_ENOUGH = 4
"""How many different times a session needs."""

_FRUGALLY = 6
"""How many reads of each kind a frugal run makes: the first ones are the most telling."""


@check("getSessionPassings", "getDevicePassings", "continueDevicePassings", writes=True)
def all_ways_of_reading_agree(run: Run, material: Material) -> None:
    """The same passings are read in all ways, with each bound alone, with both, and with neither"""
    device = usable(material.hard)
    kinds = [ranges(run, device, session) for session in device.sessions if len(session.passings) > 1]
    for reads in (*kinds, spans(run, device), onwards(run, device)):
        for read in islice(reads, _FRUGALLY if run.effort == FRUGAL else None):
            read()


def usable(device: DeviceModel) -> DeviceModel:
    """The device, if the target has kept enough of what was inserted. Raises NotExercised."""
    ends = (device.sessions[0], device.sessions[-1]) if device.sessions else ()
    if not ends or any(len(set(session.times)) < _ENOUGH for session in ends):
        raise NotExercised("the target has not kept enough of the passings to read them in all ways")
    return device


def ranges(run: Run, device: DeviceModel, session: SessionModel) -> Iterator[Read]:
    """Ranges of num_passing. Most bounds lie on a passing, some between two."""
    numbers = session.numbers()
    low, high, last = max(numbers[len(numbers) // 3], 1), numbers[-2], numbers[-1]
    bounds = [(low, None), (None, high), (None, 0), (low - 1, high - 1), (0, None), (None, None)]
    bounds += [(low, high), (0, 0), (0, low), (last, None), (last, last), (high - 1, None), (None, low - 1)]
    for first, until in bounds:
        yield partial(read_range, run, device, session, first, until)
    for first, until in ((None, None), (low, None), (None, high), (low, high)):
        yield partial(read_range, run, device, session, first, until, 1)
        yield partial(read_range, run, device, session, first, until, 2)


def spans(run: Run, device: DeviceModel) -> Iterator[Read]:
    """Spans of time. Bounds lie on a passing, or a millisecond beside it."""
    times = sorted({time for session in device.sessions for time in session.times})
    low, high = times[len(times) // 3], times[-2]
    bounds = [(low, None), (None, high), (low + 1, high - 1), (None, None), (low, low), (times[0], None)]
    bounds += [
        (None, 0),
        (low, high),
        (None, times[-1]),
        (low + 1, None),
        (None, high - 1),
        (low - 1, None),
        (None, low - 1),
    ]
    for since, until in bounds:
        yield partial(read_span, run, device, since, until)
    for since, until in ((None, None), (low, None), (None, high), (low, high)):
        yield partial(read_span, run, device, since, until, 1)
        yield partial(read_span, run, device, since, until, 2)


def onwards(run: Run, device: DeviceModel) -> Iterator[Read]:
    """Onwards from every passing, and within times that lie between passings."""
    times = sorted({time for session in device.sessions for time in session.times})
    gaps = [one + 1 for one, other in pairwise(times) if other - one > 2]
    low, high = gaps[len(gaps) // 3], gaps[-1]
    oldest, newest = device.sessions[0], device.sessions[-1]
    yield partial(read_next, run, device, None, None, low)
    yield partial(read_next, run, device, oldest, None, None, high)
    yield partial(read_next, run, device, oldest, 0)
    yield partial(read_next, run, device, oldest, oldest.numbers()[-1])
    yield partial(read_next, run, device, newest)
    yield partial(read_next, run, device)
    for session in device.sessions:
        yield partial(read_next, run, device, session)
        for last in session.numbers():
            yield partial(read_next, run, device, session, last)
    yield partial(read_next, run, device, oldest, oldest.numbers()[len(oldest.passings) // 2], None, high)
    yield partial(read_next, run, device, oldest, oldest.numbers()[len(oldest.passings) // 2], low)
    for started in (None, oldest, newest):
        for since, until in ((low, None), (None, high), (low, high)):
            yield partial(read_next, run, device, started, None, since, until)
