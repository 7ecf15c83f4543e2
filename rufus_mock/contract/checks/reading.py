"""What every GET returns: for the run's own devices, or with writes off for those of the account."""

from ..judge.statements import rule
from ..reads import (
    LARGEST_NUM_PASSING,
    compare_everything,
    read_active,
    read_device,
    read_next,
    read_range,
    read_session,
    read_sessions,
    read_span,
)
from ..run import Run
from ..session.errors import NotExercised
from ..subject.cause import Cause
from ..subject.material import Material, entry
from ..subject.model import DeviceModel, World
from ..subject.writes import insert, open_session
from ..wording import described
from .check import check
from .lists import (
    DEVICES,
    ends_after_the_last_page,
    first_page,
    fits_one_page,
    holds_nothing_of_another_company,
    pages_join_to_the_list,
)

_DEVICES_ORDER = rule("devices-order")
_ACTIVE_ONLY = rule("active-only")


@check("bindDevice", "insertSession", "insertPassings", writes=True, only=("bound-as-sent", "session-as-sent"))
def what_was_written_is_there(run: Run, material: Material) -> None:
    """A device, its sessions and their passings are there as they were sent"""
    race = material.race
    named = frozenset({race.deviceid, *(session.token_session for session in race.sessions)})
    also = ("insertSession", "insertPassings")
    cause = Cause("bindDevice", "a device was bound and used", named, also=also)
    # From here on, the model has what is stored. A read that differs from it is wrong itself.
    compare_everything(run, World([race]), cause)


@check("listDevices")
def devices_are_listed(run: Run, material: Material) -> None:
    """The list has the company's devices, in pages of `limit`"""
    if not run.writes_off:
        material.require_writes()
        if run.may_unbind:
            material.spare()
    exchange, entries = first_page(run, DEVICES)
    found = DEVICES.identifiers(entries)
    if not run.writes_off:
        own = run.owned.bound
        missing = [deviceid for deviceid in own if deviceid not in found]
        complete = exchange.against(DEVICES.of_company).nothing_missing(missing, "the device that was bound", "/result")
        if len(own) > 1 and complete:
            order = [deviceid for deviceid in found if deviceid in own]
            exchange.against(_DEVICES_ORDER).equals(own, order, "/result")
    ends_after_the_last_page(run, DEVICES, found)
    pages_join_to_the_list(run, DEVICES, found)
    if len(found) > 2:
        pages_join_to_the_list(run, DEVICES, found, limit=(len(found) + 1) // 2)
    fits_one_page(run, DEVICES, found)
    holds_nothing_of_another_company(run, DEVICES, found)


@check("getDevice")
def a_device_is_described(run: Run, material: Material) -> None:
    """Device info has what was bound, and counts; an unknown device is a 404"""
    run.ask_unknown("getDevice", "deviceid", "DeviceNotFound")
    for device in material.subjects:
        read_device(run, device)


@check("getDeviceSessions")
def sessions_of_a_device_are_listed(run: Run, material: Material) -> None:
    """The list holds all sessions; an unknown device has none"""
    run.ask_unknown("getDeviceSessions", "deviceid", "SessionsNotFound")
    if run.may_unbind and not run.writes_off:
        read_sessions(run, material.spare())
    for device in material.subjects:
        read_sessions(run, device)


@check("getActiveSession")
def the_active_session_is_returned(run: Run, material: Material) -> None:
    """The active session comes in a list of one; if there is none, that is a 404"""
    run.ask_unknown("getActiveSession", "deviceid", "SessionsNotFound")
    if run.may_unbind and not run.writes_off:
        read_active(run, material.spare())
    for device in material.subjects:
        if device.complete:
            read_active(run, device)
        else:
            _someones_active_session(run, device)


def _someones_active_session(run: Run, device: DeviceModel) -> None:
    """Others open and close sessions meanwhile, so only this counts: there is one session, and it says it is active."""
    exchange = run.ask("getActiveSession", {"deviceid": device.deviceid})
    if exchange.status == 404:
        exchange.expect("SessionsNotFound", {"deviceid": device.deviceid})
        return
    for session in exchange.expect().entries_if_any()[:1]:
        active = session.get("active")
        actual = f"active: {described(active)}"
        exchange.against(_ACTIVE_ONLY).holds(active is True, "active: true", actual, "/result/0/active")


@check("getSession")
def a_session_is_described(run: Run, material: Material) -> None:
    """Session info has alias, counts, first and last; an unknown session is a 404"""
    run.ask_unknown("getSession", "token_session", "SessionNotFound")
    sessions = [(device, session) for device in material.subjects for session in device.sessions]
    if not sessions:
        raise NotExercised("the account has no sessions to read from")
    for device, session in sorted(sessions, key=lambda pair: not pair[1].known)[:4]:
        read_session(run, device, session)


@check("getSessionPassings")
def passings_of_a_session_are_returned(run: Run, material: Material) -> None:
    """All passings come in the order of num_passing; an unknown session, an empty range and a page too many are 404s"""
    run.ask_unknown("getSessionPassings", "token_session", "SessionNotFound")
    device, session = material.closed_session()
    numbers = session.numbers()
    low, middle, high = (numbers[len(numbers) * part // 4] for part in (1, 2, 3))
    for first, last in ((None, None), (low, None), (None, high), (middle, middle)):
        read_range(run, device, session, first, last)
    if len(numbers) > 3:
        read_range(run, device, session, numbers[1], numbers[-2])
        read_range(run, device, session, numbers[-2], numbers[1])
    beyond = min(numbers[-1] + 1, LARGEST_NUM_PASSING)
    if beyond not in numbers:
        read_range(run, device, session, beyond)
    if len(session.passings) < run.contract.page_size:
        read_range(run, device, session, page=2)


@check("getDevicePassings")
def passings_of_a_device_are_returned(run: Run, material: Material) -> None:
    """All passings of all sessions come by time; an unknown device and an empty span are 404s"""
    run.ask_unknown("getDevicePassings", "deviceid", "DeviceNotFound")
    device, session = material.closed_session()
    times = session.times
    if len(set(times)) > 3:
        inner = sorted(set(times))
        read_span(run, device, inner[1], inner[-2])
        read_span(run, device, inner[1], inner[1])
    if device.passings < run.contract.page_size and device.complete:
        read_span(run, device)
        read_span(run, device, times[len(times) // 3], None)
        read_span(run, device, None, times[len(times) * 2 // 3])
        read_span(run, device, page=2)
        read_span(run, device, times[-1] + 86_400_000_000, None)
    else:
        read_span(run, device, times[0], times[-1])


@check(
    "continueDevicePassings", only=(" jump", " start", " nothing-new", "continueDevicePassings 404 PassingsNotFound")
)
def reading_resumes_where_it_ended(run: Run, material: Material) -> None:
    """Reading resumes after a passing and continues with the next session; unknown device and session are 404s"""
    run.ask_unknown("continueDevicePassings", "deviceid", "DeviceNotFound")
    device, session = material.closed_session()
    path = {"deviceid": device.deviceid}
    nobodys = {"token_session": run.fresh_identifier()}
    unknown = run.ask("continueDevicePassings", path, {**nobodys, "last": 1})
    unknown.is_error("SessionNotFound", nobodys)
    numbers = session.numbers()
    if len(numbers) > 1:
        read_next(run, device, session, numbers[len(numbers) // 2 - 1])
    if not device.complete:
        raise NotExercised("others open sessions on the account's devices: the jump to the next session needs writes")
    read_next(run, device)
    read_next(run, device, session)
    read_next(run, device, session, numbers[-1])
    newest = device.sessions[-1]
    if newest.numbers():
        read_next(run, device, newest, newest.numbers()[-1])
    if run.may_unbind:
        _read_past_an_empty_session(run, material.spare())
    past = run.ask("continueDevicePassings", path, {"page": 1000})
    past.is_error("PassingsNotFound", path)


def _read_past_an_empty_session(run: Run, device: DeviceModel) -> None:
    oldest = open_session(run, device, "oldest")
    insert(run, device, oldest, [entry(1, 0)])
    open_session(run, device, "without passings")
    insert(run, device, open_session(run, device, "newest"), [entry(1, 1)])
    read_next(run, device, oldest, 1)
