"""Opening and closing a session."""

from ..judge.statements import Statement, rule, state_rule
from ..reads import compare_everything
from ..reads.entries import numbers
from ..run import Run
from ..subject.cause import Cause
from ..subject.material import Material, entry
from ..subject.model import DeviceModel, SessionModel, World
from ..subject.writes import close, insert, insertion, open_session
from ..wording import described
from .check import check

_SESSION_AS_SENT = state_rule("session-as-sent")
_SESSION_ACTIVE = state_rule("session-active")
_ONE_ACTIVE_SESSION = state_rule("one-active-session")
_CLOSED_INACTIVE = state_rule("closed-inactive")
_CLOSED_READABLE = state_rule("closed-readable")
_CLOSED_TAKES_NONE = state_rule("closed-takes-none")
_CLOSE_AGAIN = rule("close-again")


@check("insertSession", writes=True)
def a_new_session_is_the_active_one(run: Run, material: Material) -> None:
    """A new session is active, has its alias, and closes the one before; an unknown device is a 404"""
    deviceid = run.fresh_identifier()
    unknown = run.ask("insertSession", body={"deviceid": deviceid, "alias": "nobody's"})
    unknown.is_error("DeviceNotFound", {"deviceid": deviceid})
    device = material.playground()
    first = open_session(run, device, "Läufer «10K» 🏃‍♀️")
    _opened_as_sent(run, device, first)
    second = open_session(run, device)
    # By the documents, only closing it and opening another one end a session.
    _is_active(run, first, False, _ONE_ACTIVE_SESSION)
    _is_active(run, second, True, _SESSION_ACTIVE)
    if device.certain:
        named = frozenset({device.deviceid, first.token_session, second.token_session})
        compare_everything(run, World([device]), Cause("insertSession", "sessions were opened", named), passings=False)


def _is_active(run: Run, session: SessionModel, active: bool, statement: Statement) -> None:
    exchange = run.ask("getSession", {"token_session": session.token_session})
    found = exchange.expect().first_entry_if_any()
    given = found.get("active", active)
    exchange.against(statement).holds(
        given == active, f"active: {described(active)}", f"active: {described(given)}", "/result/0/active"
    )


def _opened_as_sent(run: Run, device: DeviceModel, session: SessionModel) -> None:
    """If all reads agree on an alias that was not sent, then the session was opened with it."""
    info = run.ask("getSession", {"token_session": session.token_session})
    active = run.ask("getActiveSession", {"deviceid": device.deviceid})
    if info.status != 200 or active.status != 200:
        return
    alias, other = (exchange.expect().first_entry_if_any().get("alias") for exchange in (info, active))
    if alias == other:
        info.against(_SESSION_AS_SENT).equals(session.alias, alias, "/result/0/alias")


@check("closeSession", "insertPassings", writes=True)
def a_closed_session_is_readable_and_takes_no_passings(run: Run, material: Material) -> None:
    """A closed session takes no passings, stays readable, and can be closed again; an unknown session is a 404"""
    run.ask_unknown("closeSession", "token_session", "SessionNotFound")
    device = material.playground()
    session = open_session(run, device, "to be closed")
    insert(run, device, session, [entry(1, 0), entry(2, 0)])
    close(run, session)
    _stays_readable(run, session)
    _is_active(run, session, False, _CLOSED_INACTIVE)
    _takes_no_passings(run, device, session)
    again = run.ask("closeSession", {"token_session": session.token_session})
    again.against(_CLOSE_AGAIN).status_is(200)
    if device.certain:
        named = frozenset({session.token_session})
        inserted = Cause("insertPassings", "passings were inserted", named)
        opened = Cause("insertSession", "a session was opened", named)
        cause = Cause("closeSession", "a session was closed", named, before=(inserted, opened))
        compare_everything(run, World([device]), cause)


def _stays_readable(run: Run, session: SessionModel) -> None:
    for operation_id in ("getSession", "getSessionPassings"):
        exchange = run.ask(operation_id, {"token_session": session.token_session})
        exchange.against(_CLOSED_READABLE).status_is(200, "as a closed session stays readable")


def _takes_no_passings(run: Run, device: DeviceModel, session: SessionModel) -> None:
    path = {"token_session": session.token_session}
    exchange = run.ask("insertPassings", body=insertion(run, session.token_session, [entry(3, 0)]))
    expected = "no passing taken: Session not found or closed"
    if not exchange.against(_CLOSED_TAKES_NONE).status_fits(exchange.status >= 300, expected):
        device.certain = False
        return
    exchange.is_error("SessionNotFoundOrClosed", path)
    stored = run.ask("getSessionPassings", path)
    if stored.status == 200:
        found = numbers(stored.expect().entries_if_any())
        stored.against(_CLOSED_TAKES_NONE).holds(3 not in found, "num_passing 3 not stored", found, "/result")
