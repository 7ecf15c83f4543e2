"""Compares everything that can be read of the devices of a check with the model, after each write."""

from collections.abc import Sequence
from contextlib import suppress

from ..judge.exchange import JudgedExchange
from ..judge.statements import by_read, rule
from ..run import Run
from ..session.errors import CannotGoOn
from ..subject.cause import Cause
from ..subject.model import DeviceModel, SessionModel, World
from .continued import compare_next
from .devices import compare_device, same_device
from .entries import only_entries
from .passings import compare_range, compare_span
from .sessions import compare_active, compare_session, compare_sessions
from .settle import settle
from .sight import DeviceSight, SessionSight, Sight, look_at_everything

_OF_COMPANY = rule("devices-of-company")
_GONE = by_read(rule("unbind-removes-everything"))


def compare_everything(run: Run, world: World, cause: Cause, passings: bool = True) -> None:
    """Reads everything, blames `cause` for what all reads give wrong, and each read for what it alone gives wrong.

    Without `passings`, no passings are read: that takes half the requests.
    """
    sight = look_at_everything(run, world, passings)
    sight.listed.against(cause.nothing_else).exercised()
    settle(sight, world, cause)
    with suppress(CannotGoOn):
        _compare_list(run, sight.listed, world)
    for device in world.present:
        _compare_device(run, sight.devices[device.deviceid], device)
    for device in world.gone:
        _compare_gone(sight, device)


def read_list(run: Run, devices: Sequence[DeviceModel]) -> None:
    """listDevices: all devices of the run, and the fields of these."""
    exchange = run.ask("listDevices")
    _compare_list(run, exchange, World(list(devices)))
    found = [entry.get("deviceid") for entry in exchange.body.entries_if_any()]
    missing = [deviceid for deviceid in run.owned.bound if deviceid not in found]
    exchange.against(_OF_COMPANY).nothing_missing(missing, "every device that is bound", "/result")


def _compare_list(run: Run, exchange: JudgedExchange, world: World) -> None:
    entries = exchange.expect().entries()
    run.compared(exchange, entries)
    only_entries(exchange, _OF_COMPANY, "devices")
    places = {str(entry.get("deviceid")): index for index, entry in enumerate(entries)}
    if exchange.body.get("pagination") is None or len(entries) < run.contract.page_size:
        missing = [device.deviceid for device in world.present if device.deviceid not in places]
        exchange.against(_OF_COMPANY).nothing_missing(missing, "every device that is bound", "/result")
    surplus = [device.deviceid for device in world.gone if device.deviceid in places]
    exchange.against(_OF_COMPANY).nothing_more(surplus, "no device that was unbound", "/result")
    for device in world.present:
        if device.deviceid in places:
            index = places[device.deviceid]
            same_device(exchange, device, entries[index], f"/result/{index}")


def _compare_device(run: Run, seen: DeviceSight, device: DeviceModel) -> None:
    with suppress(CannotGoOn):
        compare_device(run, seen.info, device)
    with suppress(CannotGoOn):
        compare_sessions(run, seen.sessions, device, settled=True)
    with suppress(CannotGoOn):
        compare_active(run, seen.active, device, settled=True)
    if seen.passings is not None:
        with suppress(CannotGoOn):
            compare_span(run, seen.passings, device)
    for session in device.sessions:
        if session.token_session in seen.each:
            _compare_session(run, seen.each[session.token_session], device, session)


def _compare_session(run: Run, ways: SessionSight, device: DeviceModel, session: SessionModel) -> None:
    with suppress(CannotGoOn):
        compare_session(run, ways.info, device, session, settled=True)
    if ways.passings is not None:
        with suppress(CannotGoOn):
            compare_range(run, ways.passings, device, session)
    if ways.continued is not None:
        with suppress(CannotGoOn):
            compare_next(run, ways.continued, device, session)


def _compare_gone(sight: Sight, device: DeviceModel) -> None:
    path = {"deviceid": device.deviceid}
    if device.deviceid in sight.gone:
        _is_gone(sight.gone[device.deviceid], "DeviceNotFound", path)
    for session in device.sessions:
        for exchange in sight.gone_sessions.get(session.token_session, ()):
            _is_gone(exchange, "SessionNotFound", {"token_session": session.token_session})


def _is_gone(exchange: JudgedExchange, error: str, echo: dict[str, str]) -> None:
    if exchange.against(_GONE).status_fits(exchange.status != 200, "404, as it was unbound"):
        exchange.is_error(error, echo)
