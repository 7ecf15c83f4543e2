"""Reads everything that can be read of the devices of a check, at one moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..judge.exchange import JudgedExchange
from ..run import Run
from ..session.exchange import Entry
from ..subject.model import DeviceModel, SessionModel, World


@dataclass
class SessionSight:
    """The answers about one session. The passings are None if they were not read."""

    info: JudgedExchange
    passings: JudgedExchange | None = None
    continued: JudgedExchange | None = None


@dataclass
class DeviceSight:
    """The answers about one device, and about each of its sessions, by token_session."""

    info: JudgedExchange
    sessions: JudgedExchange
    active: JudgedExchange
    passings: JudgedExchange | None = None
    each: dict[str, SessionSight] = field(default_factory=dict)

    @property
    def listed_sessions(self) -> Mapping[str, Entry]:
        """The entries of the list of sessions, by token_session."""
        found = self.sessions.listed()
        return {each["token_session"]: each for each in found if isinstance(each.get("token_session"), str)}

    @property
    def active_session(self) -> Entry:
        """The active session; an empty entry if there is none."""
        return next(iter(self.active.listed()), {})


@dataclass
class Sight:
    """The answers about all devices, by deviceid; of those that are gone, only device info and session infos."""

    listed: JudgedExchange
    devices: dict[str, DeviceSight] = field(default_factory=dict)
    gone: dict[str, JudgedExchange] = field(default_factory=dict)
    gone_sessions: dict[str, tuple[JudgedExchange, JudgedExchange]] = field(default_factory=dict)

    @property
    def listed_devices(self) -> Mapping[str, Entry]:
        """The entries of the list of devices, by deviceid."""
        return {each["deviceid"]: each for each in self.listed.listed() if isinstance(each.get("deviceid"), str)}


def look_at_everything(run: Run, world: World, passings: bool = True) -> Sight:
    """Reads everything; without `passings`, no passings. Those of bystanders are only counted."""
    sight = Sight(run.ask("listDevices"))
    for device in world.devices:
        sight.devices[device.deviceid] = _look_at_device(run, device, passings)
    for device in world.bystanders:
        sight.devices[device.deviceid] = _look_at_device(run, device, False)
    for device in world.gone[-2:]:
        sight.gone[device.deviceid] = run.ask("getDevice", {"deviceid": device.deviceid})
        for session in device.sessions[-2:]:
            path = {"token_session": session.token_session}
            both = run.ask("getSession", path), run.ask("getSessionPassings", path)
            sight.gone_sessions[session.token_session] = both
    return sight


def _look_at_device(run: Run, device: DeviceModel, passings: bool) -> DeviceSight:
    path = {"deviceid": device.deviceid}
    seen = DeviceSight(
        run.ask("getDevice", path), run.ask("getDeviceSessions", path), run.ask("getActiveSession", path)
    )
    if passings and device.sessions:
        seen.passings = run.ask("getDevicePassings", path)
    for session in device.sessions:
        seen.each[session.token_session] = _look_at_session(run, device, session, passings)
    return seen


def _look_at_session(run: Run, device: DeviceModel, session: SessionModel, passings: bool) -> SessionSight:
    path = {"token_session": session.token_session}
    seen = SessionSight(run.ask("getSession", path))
    if passings:
        seen.passings = run.ask("getSessionPassings", path)
        if session.passings:
            seen.continued = run.ask("continueDevicePassings", {"deviceid": device.deviceid}, path)
    return seen
