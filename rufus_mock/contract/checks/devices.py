"""Binding and unbinding."""

from ..explore.explorer import CannotGoOn
from ..judge.wording import described
from ..run import Exchange, NotExercised, Run
from ..subject.material import Material, entry
from ..subject.model import DeviceModel
from ..subject.writes import close, insert, open_session, unbind
from .check import check


@check("bindDevice", writes=True)
def a_device_is_bound(run: Run, material: Material) -> None:
    """A bound device is read as it was sent; binding it again is a 409 with the deviceid that it has"""
    device = material.race
    _bound_as_sent(run, device)
    exchange = run.ask("bindDevice", body=dict(device.described))
    if exchange.reply.status in (200, 201):
        run.status_rule(exchange, "bind-once", False, "409 with the deviceid of before")
        return
    body = run.expect(exchange, "DeviceAlreadyBound")
    run.rule(
        exchange,
        "bind-once",
        body.get("deviceid") == device.deviceid,
        described(device.deviceid),
        described(body.get("deviceid")),
        "/deviceid",
    )


def _bound_as_sent(run: Run, device: DeviceModel) -> None:
    """What both the list and device info give otherwise than it was sent was bound otherwise."""
    exchange = run.ask("getDevice", {"deviceid": device.deviceid})
    info = run.expect(exchange).get("result")
    listed = run.expect(run.ask("listDevices")).get("result")
    entries = listed if isinstance(listed, list) else []
    in_list = next((e for e in entries if isinstance(e, dict) and e.get("deviceid") == device.deviceid), None)
    if not isinstance(info, dict) or in_list is None:
        return
    for name, value in device.described.items():
        if name in info and info[name] == in_list.get(name, info[name]):
            run.field_rule(exchange, "bound-as-sent", info, name, value, of="bindDevice", at="bindDevice")


@check("unbindDevice", writes=True)
def an_unbound_device_is_gone(run: Run, material: Material) -> None:
    """Sessions and passings go with it; to unbind it again is a 404 that echoes the deviceid"""
    _unknown(run)
    device = material.spare()
    session = open_session(run, device, "unbind")
    insert(run, device, session, [entry(1, 0), entry(2, 1)])
    close(run, session)
    open_session(run, device, "unbind, active")
    unbind(run, device)
    _gone(run, device)


def _unknown(run: Run) -> None:
    deviceid = run.fresh_identifier()
    exchange = run.ask("unbindDevice", {"deviceid": deviceid})
    if exchange.reply.status == 403:
        raise NotExercised("the key may not unbind")
    run.judge(exchange, exchange.operation.errors["DeviceNotFound"], {"deviceid": deviceid})


def _gone(run: Run, device: DeviceModel) -> None:
    """Nothing of an unbound device can be read any more."""
    deviceid = device.deviceid
    asked: list[tuple[Exchange, str]] = [
        (run.ask("getDevice", {"deviceid": deviceid}), "the device"),
        (run.ask("getDevicePassings", {"deviceid": deviceid}), "its passings"),
        (run.ask("getActiveSession", {"deviceid": deviceid}), "its active session"),
        (run.ask("getDeviceSessions", {"deviceid": deviceid}), "its sessions"),
    ]
    for session in device.sessions:
        path = {"token_session": session.token_session}
        asked += [
            (run.ask("getSession", path), "its session"),
            (run.ask("getSessionPassings", path), "its session's passings"),
        ]
    nothing_there = run.specification.operations["getSessionPassings"].errors["PassingsNotFound"].text
    for exchange, what in asked:
        there = exchange.reply.status == 200
        body = exchange.reply.fields
        if there and isinstance(body, dict) and body.get("result") == []:
            there = False  # An empty list is no passing that stayed; that it is no 404 is another check's.
        # A session that is gone has no passings *in it*: then the session is still there.
        left = isinstance(body, dict) and body.get("description") == nothing_there and "session's" in what
        run.rule(
            exchange,
            "unbind-removes-everything",
            not (there or left),
            f"{what} gone",
            f"{exchange.reply.status}: still there",
            "#status",
            "unbindDevice",
            at="unbindDevice",
        )
    listed = run.ask("listDevices")
    body = run.expect(listed)
    result = body.get("result")
    if not isinstance(result, list):
        raise CannotGoOn("no list of devices")
    still = [e for e in result if isinstance(e, dict) and e.get("deviceid") == deviceid]
    run.rule(
        listed,
        "unbind-removes-everything",
        not still,
        "the device no longer listed",
        "still listed",
        "/result",
        "unbindDevice",
        at="unbindDevice",
    )
    again = run.ask("unbindDevice", {"deviceid": deviceid})
    run.judge(again, again.operation.errors["DeviceNotFound"], {"deviceid": deviceid})


@check("bindDevice", writes=True)
def a_device_needs_no_type(run: Run, material: Material) -> None:
    """The older page knows no `type`: bound without, it is null"""
    if not run.may_unbind:
        raise NotExercised("the key may not unbind, so no second device is bound")
    del material
    device = {"model": "Contract test", "serial_number": run.fresh_serial_number(), "alias": run.label}
    exchange = run.ask("bindDevice", body=device)
    run.status_rule(exchange, "type-optional", exchange.reply.status == 201, "201")
