"""Reads many times, for defects that show only sometimes."""

from functools import partial

from ...client import specification
from ..reads import read_active, read_device, read_list, read_session, read_sessions
from ..run import Run
from ..session.errors import NotExercised
from ..subject.material import Material
from .check import check
from .life import EVERYTHING
from .ways import Read, onwards, ranges, spans, usable

_READS = tuple(id for id in EVERYTHING if specification().operations[id].method == "GET")

_RESERVED = 100
"""How many requests of a budget are left for the checks that come later."""

_OFTEN = (30, 64, 150)
"""How often each operation is read in a run, by the effort: what goes wrong in one of twenty reads is seen then."""


@check(*_READS, writes=True)
def every_read_is_right_every_time(run: Run, material: Material) -> None:
    """Each read is repeated until a defect that shows in one of twenty reads has shown"""
    device, race = usable(material.hard), material.race
    if not race.certain:
        raise NotExercised("the state of the device is no longer certain")
    sessions = [session for session in device.sessions if len(session.passings) > 1]
    of_numbers = [read for session in sessions for read in ranges(run, device, session)]
    reads: dict[str, list[Read]] = {
        "listDevices": [partial(read_list, run, (race, device))],
        "getDevice": [partial(read_device, run, race), partial(read_device, run, device)],
        "getDeviceSessions": [partial(read_sessions, run, race), partial(read_sessions, run, device)],
        "getActiveSession": [partial(read_active, run, race)],
        "getSession": [partial(read_session, run, each, s) for each in (race, device) for s in each.sessions],
        "getSessionPassings": of_numbers,
        "getDevicePassings": list(spans(run, device)),
        "continueDevicePassings": list(onwards(run, device)),
    }
    for number in range(_OFTEN[run.effort]):
        for operation_id, ways in reads.items():
            if _is_wanted(run, operation_id):
                ways[number % len(ways)]()


def _is_wanted(run: Run, operation_id: str) -> bool:
    """Whether the operation was not read often enough yet, and the budget has a request left for it."""
    chosen = not run.options.operations or operation_id in run.options.operations
    return chosen and run.compared_reads[operation_id] < _OFTEN[run.effort] and run.affords(_RESERVED)
