"""Properties of the reads with parameters: for any values, the answer is what the model gives."""

from typing import Any

from hypothesis import strategies as st

from ..explore.strategies import identifiers
from ..reads import LARGEST_NUM_PASSING, read_next, read_range, read_span
from ..run import Run
from ..subject.material import Material
from .check import check


@check("getSessionPassings")
def any_range_is_read_as_the_model_predicts(run: Run, material: Material) -> None:
    """For any first, last and page, the answer has all passings in the range and no others"""
    device, session = material.closed_session()
    numbers = session.numbers()
    near = sorted({min(max(number + step, 0), LARGEST_NUM_PASSING) for number in numbers for step in (-1, 0, 1)})
    bound = st.none() | st.sampled_from(near)
    page = st.sampled_from([0, 0, 1, 2])

    def holds(query: tuple[int | None, int | None, int]) -> None:
        read_range(run, device, session, *query)

    run.explore(st.tuples(bound, bound, page), holds)


@check("getDevicePassings")
def any_span_is_read_as_the_model_predicts(run: Run, material: Material) -> None:
    """For any from, to and page, the answer has the passings of all sessions in the span and no others"""
    device, _ = material.closed_session()
    known = [time for session in device.sessions if session.known for time in session.times]
    near = sorted({time + step for time in known for step in (-1, 0, 1)})
    # A device of the account has sessions that were not read: bounds keep the answer to one page.
    bound = st.sampled_from(near)
    page = st.sampled_from([0, 0, 1, 2])
    some = st.none() | bound if device.complete else bound

    def holds(query: tuple[int | None, int | None, int]) -> None:
        since, until, page = query
        read_span(run, device, since, until, page if device.complete else min(page, 1))

    run.explore(st.tuples(some, some, page), holds)


@check("continueDevicePassings")
def reading_continues_as_the_model_predicts(run: Run, material: Material) -> None:
    """After any passing, the answer continues with the next one"""
    device, session = material.closed_session()
    sessions = device.sessions if device.complete else [session]
    # On a device of the account, others open sessions meanwhile: only what this session still has is certain.
    places = [
        (candidate, number)
        for candidate in sessions
        for number in [*candidate.numbers(), 0]
        if device.complete or any(other > number for other in candidate.numbers())
    ]
    run.explore(st.sampled_from(places), lambda place: read_next(run, device, *place), run.few)


_UNKNOWN = (
    ("getDevice", "deviceid", "DeviceNotFound"),
    ("getDeviceSessions", "deviceid", "SessionsNotFound"),
    ("getActiveSession", "deviceid", "SessionsNotFound"),
    ("getSession", "token_session", "SessionNotFound"),
    ("getSessionPassings", "token_session", "SessionNotFound"),
    ("getDevicePassings", "deviceid", "DeviceNotFound"),
    ("continueDevicePassings", "deviceid", "DeviceNotFound"),
)


@check(*(operation for operation, _, _ in _UNKNOWN))
def unknown_identifiers_are_not_found(run: Run, material: Material) -> None:
    """Any identifier that nobody has gets the documented 404, which repeats it"""
    del material
    chosen = [entry for entry in _UNKNOWN if not run.options.operations or entry[0] in run.options.operations]

    def holds(example: tuple[tuple[str, str, str], str]) -> None:
        (operation_id, name, error), identifier = example
        run.ask_unknown(operation_id, name, error, identifier)

    def nobodys(identifier: str) -> bool:
        return identifier not in run.owned.devices and identifier not in run.owned.sessions

    examples: Any = st.tuples(st.sampled_from(chosen), identifiers().filter(nobodys))
    run.explore(examples, holds, max(run.few, len(chosen)))
