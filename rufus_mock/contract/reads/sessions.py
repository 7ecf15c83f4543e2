"""The reads of sessions against what the sessions should be."""

from collections.abc import Mapping
from typing import Any

from ..judge.wording import described
from ..run import Exchange, Run
from ..subject.model import DeviceModel, SessionModel
from ..times import to_text
from .results import only_result, result_of


def read_sessions(run: Run, device: DeviceModel) -> None:
    """getDeviceSessions: all of them, their order, their counts; or that there are none."""
    exchange = run.ask("getDeviceSessions", {"deviceid": device.deviceid})
    if not device.sessions:
        run.expect(exchange, "SessionsNotFound", {"deviceid": device.deviceid})
        return
    result = result_of(run, exchange, list)
    found = [entry.get("token_session") for entry in result if isinstance(entry, dict)]
    wanted = [session.token_session for session in device.sessions]
    same = sorted(map(str, found)) == sorted(wanted)
    run.rule(
        exchange, "all-sessions", same, f"{len(wanted)} sessions: {described(wanted)}", described(found), "/result"
    )
    if same:
        run.rule(exchange, "sessions-order", found == wanted, described(wanted), described(found), "/result")
    by_token = {entry.get("token_session"): entry for entry in result if isinstance(entry, dict)}
    for session in device.sessions:
        if session.token_session in by_token:
            entry = by_token[session.token_session]
            _same_session(run, exchange, device, session, entry, "all-sessions", f"/result/{result.index(entry)}")


def read_active(run: Run, device: DeviceModel) -> None:
    """getActiveSession: the one that is active, or that there is none."""
    exchange = run.ask("getActiveSession", {"deviceid": device.deviceid})
    active = device.active
    if active is None:
        if exchange.reply.status == 200:
            run.rule(exchange, "active-only", False, "no active session: 404", described(_peek(exchange)), "/result")
            return
        run.expect(exchange, "SessionsNotFound", {"deviceid": device.deviceid})
        return
    if exchange.reply.status == 404:
        run.rule(exchange, "active-only", False, "the session that was opened last", "404", "#status")
        return
    result = only_result(run, exchange)
    token_session = result.get("token_session")
    run.rule(
        exchange,
        "active-only",
        token_session == active.token_session,
        active.token_session,
        described(token_session),
        "/result/0/token_session",
    )
    if token_session == active.token_session:
        _same_session(run, exchange, device, active, result, "session-counts")


def read_session(run: Run, device: DeviceModel, session: SessionModel) -> None:
    """getSession: alias, active, count, first and last."""
    exchange = run.ask("getSession", {"token_session": session.token_session})
    if exchange.reply.status == 404 and not session.active and not session.as_read:
        run.rule(
            exchange,
            "closed-readable",
            False,
            "a closed session stays readable",
            "404",
            "#status",
            "closeSession",
            at="closeSession",
        )
        return
    result = only_result(run, exchange)
    run.rule(
        exchange,
        "" if session.as_read else "session-as-sent",
        result.get("token_session") == session.token_session,
        session.token_session,
        described(result.get("token_session")),
        "/result/0/token_session",
        "insertSession",
    )
    _same_session(run, exchange, device, session, result, "session-counts")
    if device.certain and session.known and session.passings:
        times = session.times
        for name, time in (("first", times[0]), ("last", times[-1])):
            run.rule(
                exchange,
                "session-first-last",
                result.get(name) == to_text(time),
                to_text(time),
                described(result.get(name)),
                f"/result/0/{name}",
            )


def _same_session(
    run: Run,
    exchange: Exchange,
    device: DeviceModel,
    session: SessionModel,
    found: Mapping[str, Any],
    counts: str,
    place: str = "/result/0",
) -> None:
    counted = "getDeviceSessions" if counts == "all-sessions" else "getSession"
    sent = "" if session.as_read else "session-as-sent"
    run.field_rule(exchange, sent, found, "alias", session.alias, place, "insertSession")
    if not session.as_read:
        ended = {"closeSession": "closed-inactive", "insertSession": "one-active-session", None: "session-active"}
        by = session.closed_by
        did = by or "insertSession"
        run.field_rule(exchange, ended[by], found, "active", session.active, place, did, did)
    if device.certain and session.known:
        run.field_rule(exchange, counts, found, "passings", len(session.passings), place, counted)


def _peek(exchange: Exchange) -> Any:
    return exchange.reply.fields or exchange.reply.content[:60]
