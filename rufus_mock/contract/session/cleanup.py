"""Removes what a run made: closes its sessions and unbinds its devices. Names what it could not remove."""

from .connection import Connection
from .errors import Stopped, Unanswered, Unconfirmed


def clean_up(connection: Connection) -> list[str]:
    """Returns what is left behind, a line each. Only a second Ctrl-C makes it raise."""
    if not connection.options.allow_writes:
        return []
    connection.transport.closing()
    owned = connection.owned
    left = []
    try:
        _find_strays(connection)
        if not connection.may_unbind:
            left += _close_sessions(connection)
        for deviceid in owned.bound:
            left += _unbind(connection, deviceid)
    except Stopped as error:
        left += [f"device {deviceid}: {error}" for deviceid in owned.bound]
    return [*left, *_not_touched(connection)]


def _not_touched(connection: Connection) -> list[str]:
    """The devices and sessions that may not be the run's own."""
    claims = connection.claims
    return [f"{text}; not touched" for named, text in claims.doubts.items() if named not in claims.absent]


def left_by_interruption(connection: Connection, why: str = "interrupted") -> list[str]:
    """What is left behind if Ctrl-C or a defect ended the clean-up."""
    return [f"device {deviceid} (alias {connection.label!r}): {why}" for deviceid in connection.owned.bound]


def _close_sessions(connection: Connection) -> list[str]:
    """Closes every open session of the run's devices, also one whose opening got no answer."""
    owned = connection.owned
    left = []
    for deviceid in owned.bound:
        try:
            for session in connection.ask("getActiveSession", {"deviceid": deviceid}).body.entries_if_any():
                if isinstance(session.get("token_session"), str):
                    owned.sessions[session["token_session"]] = True
                    owned.origins.setdefault(session["token_session"], {"deviceid": deviceid})
        except Unanswered as error:
            left.append(f"the active session of device {deviceid}: {error}")
    # Opening a session closes the one before: of those known to be opened, only the last of a device can be open.
    for token_session in owned.open_sessions:
        try:
            connection.ask("closeSession", {"token_session": token_session})
        except Unconfirmed:
            continue  # see _not_touched
        except Unanswered as error:
            left.append(f"session {token_session}: {error}")
    return left


def _unbind(connection: Connection, deviceid: str) -> list[str]:
    try:
        status = connection.ask("unbindDevice", {"deviceid": deviceid}).status
    except Unconfirmed:
        return []  # see _not_touched
    except Unanswered as error:
        return [f"device {deviceid} (alias {connection.label!r}): {error}"]
    if status in (200, 404):
        return []
    why = "the key has no unbind permission" if status == 403 else f"unbindDevice answers {status}"
    return [f"device {deviceid} (alias {connection.label!r}): {why}"]


def _find_strays(connection: Connection) -> None:
    """Finds devices that were bound although no answer named them, by the serial numbers that no other run uses."""
    owned = connection.owned
    if not owned.serial_numbers:
        return
    try:
        listed = connection.ask("listDevices").body.entries_if_any()
    except Unanswered:
        return
    for entry in listed:
        deviceid, serial_number = entry.get("deviceid"), entry.get("serial_number")
        if not isinstance(deviceid, str) or not isinstance(serial_number, str):
            continue
        if serial_number in owned.serial_numbers and deviceid not in owned.devices:
            owned.devices[deviceid] = True
            owned.origins[deviceid] = {"serial_number": serial_number}
