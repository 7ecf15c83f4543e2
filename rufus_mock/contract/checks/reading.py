"""What every GET gives: of the run's own devices, or with writes off of what the account has."""

from typing import Any

from ..explore.explorer import CannotGoOn
from ..judge.wording import described
from ..reads import (
    LARGEST_NUM_PASSING,
    read_active,
    read_device,
    read_next,
    read_range,
    read_session,
    read_sessions,
    read_span,
)
from ..run import Exchange, NotExercised, Run
from ..subject.material import Material, entry
from ..subject.model import DeviceModel
from ..subject.writes import insert, open_session
from .check import check


@check("listDevices")
def devices_are_listed(run: Run, material: Material) -> None:
    """The list holds the company's devices, in pages of `limit`"""
    if not run.writes_off:
        material.race  # noqa: B018 - bound before the list is read
        if run.may_unbind:
            material.spare()
    exchange = run.ask("listDevices")
    body = run.expect(exchange)
    result = body.get("result")
    if not isinstance(result, list):
        raise CannotGoOn("no list of devices")
    found = [entry.get("deviceid") for entry in result if isinstance(entry, dict)]
    if not result:
        run.rule(exchange, "devices-empty-list", True, "", "")
    if not run.writes_off:
        own = [deviceid for deviceid, bound in run.owned.devices.items() if bound]
        missing = [deviceid for deviceid in own if deviceid not in found]
        run.rule(
            exchange, "devices-of-company", not missing, "the device that was bound", f"without {missing}", "/result"
        )
        if len(own) > 1 and not missing:
            order = [deviceid for deviceid in found if deviceid in own]
            run.rule(exchange, "devices-order", order == own, described(own), described(order), "/result")
    _pagination(run, exchange, body, 1, len(result))
    if run.keys.other_key:
        other = run.ask("listDevices", key=run.keys.other_key)
        others = run.expect(other).get("result")
        if others == []:
            run.rule(other, "devices-empty-list", True, "", "")
        theirs = {e.get("deviceid") for e in others if isinstance(e, dict)} if isinstance(others, list) else set()
        both = [deviceid for deviceid in found if deviceid in theirs]
        run.rule(other, "devices-of-company", not both, "none of another company's devices", described(both), "/result")
        run.rule(other, "companies-apart", not both, "none of another company's devices", described(both), "/result")
    past = run.ask("listDevices", query={"page": 1000, "limit": 1})
    if past.reply.status == 200 and (run.expect(past).get("result")) and len(result) < 1000:
        run.rule(past, "device-pages", False, "no devices past the last page", described(past.reply.body), "/result")
    else:
        run.status_rule(past, "devices-past-the-end", past.reply.status == 200, "200 and []")
    if len(found) < 2:
        run.coverage.skip(["listDevices device-pages"], "the account has fewer than two devices")
        return
    joined: list[object] = []
    for page in (1, 2):
        exchange = run.ask("listDevices", query={"page": page, "limit": 1})
        body = run.expect(exchange)
        entries = [entry for entry in body.get("result") or () if isinstance(entry, dict)]
        run.rule(exchange, "device-pages", len(entries) <= 1, "at most 1 device", f"{len(entries)} devices", "/result")
        joined += [entry.get("deviceid") for entry in entries]
        _pagination(run, exchange, body, page, len(found), 1)
    run.rule(exchange, "device-pages", joined == found[:2], described(found[:2]), described(joined), "/result")


def _pagination(
    run: Run, exchange: Exchange, body: dict[str, Any], page: int, total: int, limit: int | None = None
) -> None:
    pagination = body.get("pagination")
    if run.dialect != "openapi" or not isinstance(pagination, dict):
        return
    wanted = {"page": page, "total": total, "has_more": limit is not None and page * limit < total}
    if limit is not None:
        wanted["limit"] = limit
    for name, value in wanted.items():
        run.field_rule(exchange, "device-pagination", pagination, name, value, "/pagination")


@check("getDevice")
def a_device_is_described(run: Run, material: Material) -> None:
    """Device info gives what was bound, and counts; an unknown device is a 404"""
    run.ask_unknown("getDevice", "deviceid", "DeviceNotFound")
    for device in material.subjects:
        read_device(run, device)


@check("getDeviceSessions")
def sessions_of_a_device_are_listed(run: Run, material: Material) -> None:
    """The list holds all sessions; an unknown device has none"""
    exchange = run.ask_unknown("getDeviceSessions", "deviceid", "SessionsNotFound")
    run.status_rule(exchange, "sessions-of-unknown-device", exchange.reply.status == 404, "404 Sessions not found")
    for device in material.subjects:
        read_sessions(run, device)


@check("getActiveSession")
def the_active_session_is_given(run: Run, material: Material) -> None:
    """The active session in a list of one; none is a 404"""
    exchange = run.ask_unknown("getActiveSession", "deviceid", "SessionsNotFound")
    run.status_rule(exchange, "active-of-unknown-device", exchange.reply.status == 404, "404 Sessions not found")
    for device in material.subjects:
        if device.complete:
            read_active(run, device)
        else:
            _someones_active_session(run, device)


def _someones_active_session(run: Run, device: DeviceModel) -> None:
    """Others open and close sessions meanwhile: what counts is that the answer is one, and says that it is active."""
    exchange = run.ask("getActiveSession", {"deviceid": device.deviceid})
    if exchange.reply.status == 404:
        run.expect(exchange, "SessionsNotFound", {"deviceid": device.deviceid})
        return
    result = run.expect(exchange).get("result")
    if isinstance(result, list) and len(result) == 1 and isinstance(result[0], dict):
        active = result[0].get("active")
        run.rule(exchange, "active-only", active is True, "active: true", f"active: {active}", "/result/0/active")


@check("getSession")
def a_session_is_described(run: Run, material: Material) -> None:
    """Session info gives alias, counts, first and last; an unknown session is a 404"""
    run.ask_unknown("getSession", "token_session", "SessionNotFound")
    sessions = [(device, session) for device in material.subjects for session in device.sessions]
    if not sessions:
        raise NotExercised("the account has no sessions to read from")
    for device, session in sorted(sessions, key=lambda pair: not pair[1].known)[:4]:
        read_session(run, device, session)


@check("getSessionPassings")
def passings_of_a_session_are_given(run: Run, material: Material) -> None:
    """All passings in the order of their numbers; unknown session, empty range and page past the end are 404s"""
    run.ask_unknown("getSessionPassings", "token_session", "SessionNotFound")
    device, session = material.closed_session()
    numbers = session.numbers()
    for first, last in ((None, None), (numbers[0], None), (None, numbers[-1]), (numbers[len(numbers) // 2],) * 2):
        read_range(run, device, session, first, last)
    if len(numbers) > 3:
        read_range(run, device, session, numbers[1], numbers[-2])
    beyond = min(numbers[-1] + 1, LARGEST_NUM_PASSING)
    if beyond not in numbers:
        read_range(run, device, session, beyond)
    if len(session.passings) < run.specification.page_size:
        read_range(run, device, session, page=2)


@check("getDevicePassings")
def passings_of_a_device_are_given(run: Run, material: Material) -> None:
    """All passings of all sessions by time; an unknown device and an empty span are 404s"""
    run.ask_unknown("getDevicePassings", "deviceid", "DeviceNotFound")
    device, session = material.closed_session()
    times = session.times
    if len(set(times)) > 3:
        inner = sorted(set(times))
        read_span(run, device, inner[1], inner[-2])
        read_span(run, device, inner[1], inner[1])
    if device.passings < run.specification.page_size and device.complete:
        read_span(run, device)
        read_span(run, device, page=2)
        read_span(run, device, times[-1] + 86_400_000_000, None)
    else:
        read_span(run, device, times[0], times[-1])


@check(
    "continueDevicePassings", only=(" jump", " start", " nothing-new", "continueDevicePassings 404 PassingsNotFound")
)
def reading_goes_on_where_it_ended(run: Run, material: Material) -> None:
    """From the start, after a passing, and on to the next session; unknown device and session are 404s"""
    run.ask_unknown("continueDevicePassings", "deviceid", "DeviceNotFound")
    device, session = material.closed_session()
    exchange = run.ask(
        "continueDevicePassings",
        {"deviceid": device.deviceid},
        {"token_session": (token_session := run.fresh_identifier()), "last": 1},
    )
    run.judge(exchange, exchange.operation.errors["SessionNotFound"], {"token_session": token_session})
    numbers = session.numbers()
    if len(numbers) > 1:
        read_next(run, device, session, numbers[len(numbers) // 2 - 1])
    if not device.complete:
        raise NotExercised("sessions of an account change meanwhile: the jump to the next one needs writes")
    read_next(run, device)
    read_next(run, device, session)
    read_next(run, device, session, numbers[-1])
    newest = device.sessions[-1]
    if newest.numbers():
        read_next(run, device, newest, newest.numbers()[-1])
    if run.may_unbind:
        three = material.spare()
        oldest = open_session(run, three, "oldest")
        insert(run, three, oldest, [entry(1, 0)])
        open_session(run, three, "without passings")
        insert(run, three, open_session(run, three, "newest"), [entry(1, 1)])
        read_next(run, three, oldest, 1)
    past = run.ask("continueDevicePassings", {"deviceid": device.deviceid}, {"page": 1000})
    run.judge(past, past.operation.errors["PassingsNotFound"], {"deviceid": device.deviceid})
