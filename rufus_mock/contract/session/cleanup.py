"""Removes what a run made: closes its sessions, unbinds its devices; and says what it could not remove."""

from ..run import Run, TargetLost
from .transport import Stopped


def clean_up(run: Run) -> list[str]:
    """What is left behind, a line each. Never raises but on a second Ctrl-C."""
    if not run.options.allow_writes:
        return []
    run.transport.closing()
    left = []
    try:
        _find_strays(run)
        if not run.may_unbind:
            _close_sessions(run)
        for deviceid, bound in list(run.owned.devices.items()):
            if bound:
                left += _unbind(run, deviceid)
    except (Stopped, TargetLost) as error:
        left += [f"device {id}: {error}" for id, bound in run.owned.devices.items() if bound]
    return left


def _close_sessions(run: Run) -> None:
    """All that are open on the run's devices: also one whose opening was not answered any more."""
    for deviceid, bound in run.owned.devices.items():
        if bound:
            result = run.ask("getActiveSession", {"deviceid": deviceid}).reply.fields.get("result")
            for session in result if isinstance(result, list) else ():
                if isinstance(session, dict) and isinstance(session.get("token_session"), str):
                    run.owned.sessions[session["token_session"]] = True
    # Opening a session closes the one before: of those known to be opened, only the last of a device can be open.
    for token_session, open_ in list(run.owned.sessions.items()):
        if open_:
            run.ask("closeSession", {"token_session": token_session})


def _unbind(run: Run, deviceid: str) -> list[str]:
    exchange = run.ask("unbindDevice", {"deviceid": deviceid})
    status = exchange.reply.status
    if status in (200, 404):
        return []
    why = "the key has no unbind permission" if status == 403 else f"unbindDevice answers {status}"
    return [f"device {deviceid} (alias {run.label!r}): {why}"]


def _find_strays(run: Run) -> None:
    """Devices that were bound, though no answer named them: by the alias that no other run has."""
    if not run.owned.serial_numbers:
        return
    reply = run.ask("listDevices").reply
    body = reply.fields
    result = body.get("result")
    for entry in result if isinstance(result, list) else ():
        if not isinstance(entry, dict) or not isinstance(entry.get("deviceid"), str):
            continue
        if entry.get("serial_number") in run.owned.serial_numbers and entry["deviceid"] not in run.owned.devices:
            run.owned.devices[entry["deviceid"]] = True
