"""Tells a wrong state from a wrong read: what all reads give wrong, the write before them left so.

Each such departure counts for the write. Then the model takes over what was read, so that later writes are not blamed.
"""

from ..judge.statements import state_rule
from ..subject.cause import Cause
from ..subject.model import DeviceModel, SessionModel, World
from ..wording import described
from .claims import Claim, blamed, field_claims, most_said
from .settle_passings import settle_passings
from .sight import DeviceSight, Sight

_GONE = state_rule("unbind-removes-everything")
_WITHOUT_ALIAS = state_rule("session-without-alias")


def settle(sight: Sight, world: World, cause: Cause) -> None:
    """Blames the write for what all reads give wrong, and brings the model in step."""
    back: set[str] = set()
    for device in list(world.gone):
        back |= _settle_gone(sight, world, device, cause)
    for device in world.present:
        seen = sight.devices[device.deviceid]
        if not _is_there(sight, seen, device, cause):
            world.lost(device)
            continue
        _settle_fields(sight, seen, device, cause)
        for session in list(device.sessions):
            if _settle_session(seen, device, session, cause):
                settle_passings(seen, device, session, cause)
        _settle_extra_sessions(seen, device, back, cause)


def _is_there(sight: Sight, seen: DeviceSight, device: DeviceModel, cause: Cause) -> bool:
    claims: list[Claim] = [(seen.info, seen.info.status != 404, "#status")]
    if sight.listed.status == 200 and isinstance(sight.listed.body.get("result"), list):
        claims.append((sight.listed, device.deviceid in sight.listed_devices, "/result"))
    statement = cause.breaks("device", device.deviceid)
    if all(value for _, value, _ in claims) or len(claims) < 2 or claims[0][1] or claims[1][1]:
        return True
    seen.info.against(statement).status_fits(False, f"the device is there, {cause}")
    return False


def _settle_fields(sight: Sight, seen: DeviceSight, device: DeviceModel, cause: Cause) -> None:
    entries = [
        (seen.info, seen.info.body.entry_if_any(), "/result"),
        (sight.listed, sight.listed_devices.get(device.deviceid, {}), "/result/0"),
    ]
    statement = cause.breaks("device", device.deviceid)
    device.described = {
        name: blamed(statement, field_claims(name, entries), value, cause) for name, value in device.described.items()
    }
    created = field_claims("creation_date", entries)
    if device.created is None:
        device.created = most_said(created)
    device.created = blamed(statement, created, device.created, cause)


def _settle_session(seen: DeviceSight, device: DeviceModel, session: SessionModel, cause: Cause) -> bool:
    """Whether the session is there."""
    token = session.token_session
    info, listed = seen.each[token].info, seen.listed_sessions
    if info.status == 404 and token not in listed and seen.sessions.status in (200, 404):
        info.against(cause.breaks("session", token)).status_fits(False, f"the session is there, {cause}")
        device.sessions.remove(session)
        return False
    active = seen.active_session
    entries = [(info, info.body.first_entry_if_any(), "/result/0")] if info.status == 200 else []
    if token in listed:
        entries.append((seen.sessions, listed[token], f"/result/{list(listed).index(token)}"))
    if active.get("token_session") == token:
        entries.append((seen.active, active, "/result/0"))
    statement = _WITHOUT_ALIAS if session.alias is None else cause.breaks("session", token)
    session.alias = blamed(statement, field_claims("alias", entries), session.alias, cause)
    created = field_claims("creation_date", entries)
    session.created = most_said(created) if session.created is None else session.created
    session.created = blamed(cause.breaks("session", token), created, session.created, cause)
    _settle_active(seen, device, session, field_claims("active", entries), cause)
    return True


def _settle_active(
    seen: DeviceSight, device: DeviceModel, session: SessionModel, claims: list[Claim], cause: Cause
) -> None:
    token = session.token_session
    if session.active and seen.active.status == 404:
        claims.append((seen.active, False, "#status"))
    aspect = "active" if session.active else "inactive"
    named = (token, device.deviceid) if cause.operation_id == "insertSession" else (token,)
    active = blamed(cause.breaks(aspect, *named), claims, session.active, cause)
    if active is not session.active and isinstance(active, bool):
        session.active = active
        session.closed_by = None if active else "closeSession"


def _settle_extra_sessions(seen: DeviceSight, device: DeviceModel, back: set[str], cause: Cause) -> None:
    """A session that nobody opened: the list and another read show it. back: what was removed and is there again."""
    known = {session.token_session for session in device.sessions}
    for token, entry in seen.listed_sessions.items():
        if token in known or (token not in back and seen.active_session.get("token_session") != token):
            continue
        if token not in back:
            statement = cause.stored_anyway(str(entry.get("alias")))
            expected = f"no other session, {cause}"
            seen.sessions.against(statement).broken(expected, f"also {described(entry.get('alias'))}", "/result")
        extra = SessionModel(token, entry.get("alias"), bool(entry.get("active")), as_read=True, known=False)
        device.sessions.append(extra)


def _settle_gone(sight: Sight, world: World, device: DeviceModel, cause: Cause) -> set[str]:
    """The sessions that are back."""
    info = sight.gone.get(device.deviceid)
    if info is not None and info.status == 200 and device.deviceid in sight.listed_devices:
        info.against(_GONE).status_fits(False, f"404, {cause}")
        world.gone.remove(device)
    back = set()
    listed = {token for seen in sight.devices.values() for token in seen.listed_sessions}
    for session in list(device.sessions):
        infos = sight.gone_sessions.get(session.token_session)
        if infos is None:
            continue
        info, passings = infos
        if info.status == 200 and (passings.status == 200 or session.token_session in listed):
            info.against(_GONE).status_fits(False, f"404, {cause}")
            device.sessions.remove(session)
            back.add(session.token_session)
    return back
