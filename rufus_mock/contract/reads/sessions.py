"""Compares sessions as they are read with the model."""

from ..judge.exchange import JudgedExchange, Judgement
from ..judge.statements import Statement, by_read, rule, state_rule
from ..run import Run
from ..session.exchange import Entry
from ..subject.model import DeviceModel, SessionModel
from ..times import to_text
from ..wording import described
from .pagination import pagination

_ALL_SESSIONS = rule("all-sessions")
_SESSIONS_ORDER = rule("sessions-order")
_ACTIVE_ONLY = rule("active-only")
_CLOSED_READABLE = state_rule("closed-readable")
_SESSION_AS_SENT = rule("session-as-sent")
_WITHOUT_ALIAS = state_rule("session-without-alias")
_SESSION_COUNTS = rule("session-counts")
_FIRST_LAST = rule("session-first-last")

_PAGINATION = rule("sessions-pagination")

ACTIVE_AFTER = {
    None: state_rule("session-active"),
    "insertSession": state_rule("one-active-session"),
    "closeSession": state_rule("closed-inactive"),
}
"""The rule that says whether a session is active, by the operation that closed it."""


def read_sessions(run: Run, device: DeviceModel) -> None:
    """getDeviceSessions: all sessions, their order and their counts; or the error that there are none."""
    compare_sessions(run, run.ask("getDeviceSessions", {"deviceid": device.deviceid}), device)


def compare_sessions(run: Run, exchange: JudgedExchange, device: DeviceModel, settled: bool = False) -> None:
    """Compares an answer to getDeviceSessions. settled: the state is right, so only the read can be wrong."""
    if not device.sessions:
        exchange.is_error("SessionsNotFound", {"deviceid": device.deviceid})
        return
    entries = exchange.expect().entries()
    run.compared(exchange, entries)
    found = [entry.get("token_session") for entry in entries]
    wanted = [session.token_session for session in device.sessions]
    complete = exchange.against(_ALL_SESSIONS).holds(
        sorted(map(str, found)) == sorted(wanted),
        f"{len(wanted)} sessions: {described(wanted)}",
        described(found),
        "/result",
    )
    if complete:
        exchange.against(_SESSIONS_ORDER).equals(wanted, found, "/result")
        pagination(run, exchange, _PAGINATION, len(wanted))
    place = {str(entry.get("token_session")): index for index, entry in enumerate(entries)}
    for session in device.sessions:
        index = place.get(session.token_session)
        if index is not None:
            _same_session(exchange, device, session, entries[index], _ALL_SESSIONS, f"/result/{index}", settled)


def read_active(run: Run, device: DeviceModel) -> None:
    """getActiveSession: the active session, or the error that there is none."""
    compare_active(run, run.ask("getActiveSession", {"deviceid": device.deviceid}), device)


def compare_active(run: Run, exchange: JudgedExchange, device: DeviceModel, settled: bool = False) -> None:
    """Compares an answer to getActiveSession."""
    active = device.active
    rule = exchange.against(_ACTIVE_ONLY)
    if active is None:
        if exchange.listed():
            rule.broken("no active session: 404", exchange.reply.fields or exchange.reply.content[:60], "/result")
            return
        exchange.expect("SessionsNotFound", {"deviceid": device.deviceid})
        return
    if exchange.status == 404:
        rule.status_fits(False, "the session that was opened last")
        return
    found = exchange.expect().only_entry()
    run.compared(exchange, found)
    if rule.equals(active.token_session, found.get("token_session"), "/result/0/token_session"):
        _same_session(exchange, device, active, found, _SESSION_COUNTS, settled=settled)
        _first_and_last(exchange, device, active, found)


def read_session(run: Run, device: DeviceModel, session: SessionModel) -> None:
    """getSession: alias, active, count, first and last."""
    compare_session(run, run.ask("getSession", {"token_session": session.token_session}), device, session)


def compare_session(
    run: Run, exchange: JudgedExchange, device: DeviceModel, session: SessionModel, settled: bool = False
) -> None:
    """Compares an answer to getSession."""
    if exchange.status == 404 and not session.active and not session.as_read:
        exchange.against(_CLOSED_READABLE).status_fits(False, "a closed session stays readable")
        return
    found = exchange.expect().only_entry()
    run.compared(exchange, found)
    _as_sent(exchange, session).equals(session.token_session, found.get("token_session"), "/result/0/token_session")
    _same_session(exchange, device, session, found, _SESSION_COUNTS, settled=settled)
    _first_and_last(exchange, device, session, found)


def _span(session: SessionModel) -> tuple[str | None, str | None]:
    """The earliest and the latest time of the passings."""
    times = session.times
    return (to_text(times[0]), to_text(times[-1])) if times else (None, None)


def _first_and_last(exchange: JudgedExchange, device: DeviceModel, session: SessionModel, found: Entry) -> None:
    if device.certain and session.known and session.passings:
        for name, time in zip(("first", "last"), _span(session), strict=True):
            exchange.against(_FIRST_LAST).equals(time, found.get(name), f"/result/0/{name}")


def _same_session(
    exchange: JudgedExchange,
    device: DeviceModel,
    session: SessionModel,
    found: Entry,
    counts: Statement,
    place: str = "/result/0",
    settled: bool = False,
) -> None:
    without_alias = session.alias is None and not session.as_read
    none = by_read(_WITHOUT_ALIAS) if settled else _WITHOUT_ALIAS
    alias = exchange.against(none) if without_alias else _as_sent(exchange, session)
    alias.field_is(session.alias, found, "alias", place)
    if not session.as_read:
        statement = ACTIVE_AFTER[session.closed_by]
        exchange.against(by_read(statement) if settled else statement).field_is(session.active, found, "active", place)
    if session.created is not None:
        exchange.against_other_reads().field_is(session.created, found, "creation_date", place)
    if device.certain and session.known:
        exchange.against(counts).field_is(len(session.passings), found, "passings", place)


def _as_sent(exchange: JudgedExchange, session: SessionModel) -> Judgement:
    return exchange.against_other_reads() if session.as_read else exchange.against(_SESSION_AS_SENT)
