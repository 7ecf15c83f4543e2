"""Binding and unbinding a device."""

from ..judge.statements import rule, state_rule
from ..run import Run
from ..session.errors import NotExercised
from ..subject.material import Material, entry
from ..subject.model import DeviceModel
from ..subject.writes import close, insert, new_device, open_session, unbind
from .check import check

_BIND_ONCE = rule("bind-once")
_BIND_AGAIN = rule("bind-again")
_BOUND_AS_SENT = state_rule("bound-as-sent")
_TYPE_OPTIONAL = rule("type-optional")
_REMOVES_EVERYTHING = state_rule("unbind-removes-everything")


@check("bindDevice", writes=True)
def a_device_is_bound(run: Run, material: Material) -> None:
    """A bound device is read as it was sent; binding it again gives the deviceid that it has, in a 409 (assumed)"""
    device = material.race
    _bound_as_sent(run, device)
    exchange = run.ask("bindDevice", body=dict(device.sent))
    taken = exchange.status in (200, 201)
    exchange.against(_BIND_AGAIN).status_fits(not taken, "409 with the deviceid of before")
    body = exchange.body if taken else exchange.expect("DeviceAlreadyBound")
    exchange.against(_BIND_ONCE).equals(device.deviceid, body.get("deviceid"), "/deviceid")


def _bound_as_sent(run: Run, device: DeviceModel) -> None:
    """If the list and device info agree on a value that was not sent, then the device was bound with it."""
    exchange = run.ask("getDevice", {"deviceid": device.deviceid})
    info = exchange.expect().entry_if_any()
    listed = run.ask("listDevices").expect().entries_if_any()
    in_list = next((each for each in listed if each.get("deviceid") == device.deviceid), None)
    if in_list is None:
        return
    for name, value in device.described.items():
        if name in info and info[name] == in_list.get(name, info[name]):
            exchange.against(_BOUND_AS_SENT).field_is(value, info, name)


@check("unbindDevice", writes=True)
def an_unbound_device_is_gone(run: Run, material: Material) -> None:
    """Unbinding removes sessions and passings too; unbinding again is a 404 that repeats the deviceid"""
    deviceid = run.fresh_identifier()
    unknown = run.ask("unbindDevice", {"deviceid": deviceid})
    if unknown.status == 403:
        raise NotExercised("the key may not unbind")
    unknown.is_error("DeviceNotFound", {"deviceid": deviceid})
    device = material.spare()
    session = open_session(run, device, "unbind")
    insert(run, device, session, [entry(1, 0), entry(2, 1)])
    close(run, session)
    open_session(run, device, "unbind, active")
    unbind(run, device)
    _nothing_can_be_read(run, device)
    listed = run.ask("listDevices")
    still = [each for each in listed.expect().entries_if_any() if each.get("deviceid") == device.deviceid]
    listed.against(_REMOVES_EVERYTHING).holds(not still, "the device is no longer listed", "still listed", "/result")
    again = run.ask("unbindDevice", {"deviceid": device.deviceid})
    again.is_error("DeviceNotFound", {"deviceid": device.deviceid})


def _nothing_can_be_read(run: Run, device: DeviceModel) -> None:
    path = {"deviceid": device.deviceid}
    asked = [
        (run.ask("getDevice", path), "the device"),
        (run.ask("getDevicePassings", path), "its passings"),
        (run.ask("getActiveSession", path), "its active session"),
        (run.ask("getDeviceSessions", path), "its sessions"),
    ]
    for session in device.sessions:
        path = {"token_session": session.token_session}
        asked += [
            (run.ask("getSession", path), "its session"),
            (run.ask("getSessionPassings", path), "its session's passings"),
        ]
    for exchange, what in asked:
        # An empty list shows nothing that stayed; that it is no 404 is for another check to find.
        gone = exchange.status != 200 or exchange.body.get("result") == []
        if exchange.operation.id == "getSessionPassings":
            # That error would mean that the session is still there.
            gone = gone and exchange.body.get("description") != exchange.operation.errors["PassingsNotFound"].text
        actual = f"{exchange.status}: still there"
        exchange.against(_REMOVES_EVERYTHING).holds(gone, f"{what} gone", actual, "#status")


@check("bindDevice", writes=True)
def a_device_needs_no_type(run: Run, material: Material) -> None:
    """A device can be bound without `type`, which the older page does not have (assumed)"""
    del material
    if not run.may_unbind:
        raise NotExercised("the key may not unbind, so no second device is bound")
    run.ask("bindDevice", body=new_device(run)).against(_TYPE_OPTIONAL).status_is(201)
