"""Opening and closing."""

from typing import Any

from ..judge.wording import described
from ..reads import read_active, read_range, read_session, read_sessions
from ..run import Exchange, Run
from ..subject.material import Material, entry
from ..subject.model import DeviceModel, SessionModel
from ..subject.writes import close, insert, open_session
from .check import check


@check("insertSession", writes=True)
def a_new_session_is_the_active_one(run: Run, material: Material) -> None:
    """It is active, has the alias it was given, and closes the one before; an unknown device is a 404"""
    deviceid = run.fresh_identifier()
    exchange = run.ask("insertSession", body={"deviceid": deviceid, "alias": "nobody's"})
    if run.judge(exchange, exchange.operation.errors["DeviceNotFound"], {"deviceid": deviceid}):
        run.coverage.exercise("insertSession 404 DeviceNotFound")
    device = material.playground()
    first = open_session(run, device, "Läufer «10K» 🏃‍♀️")
    _opened_as_sent(run, device, first)
    second = open_session(run, device)
    # The documents know nothing else that would close a session.
    for session, active in ((first, False), (second, True)):
        _is_active(run, session, active, "one-active-session" if session is first else "session-active")
    read_sessions(run, device)
    read_active(run, device)


def _is_active(run: Run, session: SessionModel, active: bool, rule_id: str, of: str = "insertSession") -> None:
    exchange = run.ask("getSession", {"token_session": session.token_session})
    result = _only(run.expect(exchange))
    run.rule(
        exchange,
        rule_id,
        result.get("active", active) == active,
        f"active: {described(active)}",
        f"active: {described(result.get('active'))}",
        "/result/0/active",
        of,
        at=of,
    )


def _opened_as_sent(run: Run, device: DeviceModel, session: SessionModel) -> None:
    """The alias that all reads give, if it is another, was stored so."""
    answers: list[tuple[Exchange, dict[str, Any]]] = []
    for operation_id, path in (
        ("getSession", {"token_session": session.token_session}),
        ("getActiveSession", {"deviceid": device.deviceid}),
    ):
        exchange = run.ask(operation_id, path)
        if exchange.reply.status != 200:
            return
        answers.append((exchange, _only(run.expect(exchange))))
    aliases = {described(result.get("alias")) for _, result in answers}
    if len(aliases) == 1:
        run.rule(
            answers[0][0],
            "session-as-sent",
            aliases == {described(session.alias)},
            described(session.alias),
            aliases.pop(),
            "/result/0/alias",
            "insertSession",
            at="insertSession",
        )


def _only(body: dict[str, Any]) -> dict[str, Any]:
    result = body.get("result")
    return result[0] if isinstance(result, list) and result and isinstance(result[0], dict) else {}


@check("closeSession", "insertPassings", writes=True)
def a_closed_session_is_shut_and_readable(run: Run, material: Material) -> None:
    """It takes no passings, stays readable, and can be closed again; an unknown session is a 404"""
    run.ask_unknown("closeSession", "token_session", "SessionNotFound")
    device = material.playground()
    session = open_session(run, device, "to be closed")
    insert(run, device, session, [entry(1, 0), entry(2, 0)])
    close(run, session)
    _readable(run, device, session)
    _is_active(run, session, False, "closed-inactive", "closeSession")
    _shut(run, device, session)
    again = run.ask("closeSession", {"token_session": session.token_session})
    run.status_rule(again, "close-again", again.reply.status == 200, "200")
    if device.certain:
        read_session(run, device, session)
        read_active(run, device)


def _shut(run: Run, device: DeviceModel, session: SessionModel) -> None:
    body = {"token_session": session.token_session, "passings_list": [entry(3, 0)]}
    exchange = run.ask("insertPassings", body=body)
    taken = exchange.reply.status < 300
    if not run.status_rule(exchange, "closed-takes-none", not taken, "no passing taken: Session not found or closed"):
        device.certain = False
        return
    echo = {"token_session": session.token_session}
    run.judge(exchange, exchange.operation.errors["SessionNotFoundOrClosed"], echo)
    stored = run.ask("getSessionPassings", {"token_session": session.token_session})
    if stored.reply.status == 200:
        result = run.expect(stored).get("result")
        numbers = [e.get("num_passing") for e in result if isinstance(e, dict)] if isinstance(result, list) else []
        run.rule(
            stored,
            "closed-takes-none",
            3 not in numbers,
            "num_passing 3 not stored",
            described(numbers),
            "/result",
            "insertPassings",
            at="insertPassings",
        )


def _readable(run: Run, device: DeviceModel, session: SessionModel) -> None:
    for operation_id in ("getSession", "getSessionPassings"):
        exchange = run.ask(operation_id, {"token_session": session.token_session})
        run.status_rule(
            exchange,
            "closed-readable",
            exchange.reply.status == 200,
            "200: a closed session stays readable",
            of="closeSession",
            at="closeSession",
        )
    if device.certain:
        read_range(run, device, session)
