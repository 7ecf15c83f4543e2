"""Compares the read that resumes, and goes on to the next session, with what was inserted."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..judge.exchange import JudgedExchange
from ..judge.statements import Statement, rule, state_rule
from ..run import Run
from ..session.exchange import Entry
from ..subject.model import DeviceModel, SessionModel
from ..times import to_text
from ..wording import described
from .entries import is_between, numbers, same_passings, span_of_time, time_of

_START = rule("start")
_RESUME = rule("resume")
_JUMP = rule("jump")
_JUMP_NEXT = rule("jump-next")
_TIME_RANGE = rule("continued-time-range")
_NOTHING_NEW = rule("nothing-new")
_SESSION_USED = rule("session-used")
_WITHOUT_ALIAS = state_rule("session-without-alias")


@dataclass(frozen=True)
class _Next:
    """What should come next: the rule that says so, the session, and the numbers that it still has."""

    rule: Statement
    session: SessionModel
    numbers: list[int]


def read_next(
    run: Run,
    device: DeviceModel,
    session: SessionModel | None = None,
    last: int | None = None,
    since: int | None = None,
    until: int | None = None,
) -> None:
    """continueDevicePassings after `last` of a session, or from the start; no passing has the time since or until."""
    query: dict[str, Any] = {} if since is None else {"from": to_text(since)}
    if until is not None:
        query["to"] = to_text(until)
    if session is not None:
        query["token_session"] = session.token_session
        if last is not None:
            query["last"] = last
    exchange = run.ask("continueDevicePassings", {"deviceid": device.deviceid}, query)
    compare_next(run, exchange, device, session, last, since, until)


def compare_next(
    run: Run,
    exchange: JudgedExchange,
    device: DeviceModel,
    session: SessionModel | None = None,
    last: int | None = None,
    since: int | None = None,
    until: int | None = None,
) -> None:
    """Compares an answer to continueDevicePassings."""
    following = next(_what_follows(device, session, last, (since, until)), None)
    if _refused(exchange, following.rule if following else _NOTHING_NEW):
        exchange.is_error("PassingsNotFound", {"deviceid": device.deviceid})
        return
    body = exchange.expect(echo={"deviceid": device.deviceid})
    passings = body.entries("passings")
    found = numbers(passings)
    if passings:
        run.compared(exchange, passings)
    if not _within_times(exchange, passings, since, until):
        return
    if following is None:
        exchange.against(_NOTHING_NEW).holds(not found, "no passings", found, "/passings")
        return
    page = following.numbers[: run.contract.page_size]
    expected = f"num_passing {described(page)} of session {described(following.session.alias)}"
    actual = f"{described(found)} of session {described(body.get('session_label'))}"
    if not exchange.against(following.rule).holds(found == page, expected, actual, "/passings"):
        return
    _says_where(exchange, following, last)
    same_passings(exchange, device, passings, "/passings", following.session)


def _within_times(exchange: JudgedExchange, passings: list[Entry], since: int | None, until: int | None) -> bool:
    """Whether all passings lie between the times that were asked for, if any were."""
    if since is None and until is None:
        return True
    times = [time for time in map(time_of, passings) if time is not None]
    outside = [to_text(time) for time in times if not is_between(time, since, until)]
    return exchange.against(_TIME_RANGE).nothing_more(outside, span_of_time(since, until), "/passings")


def _says_where(exchange: JudgedExchange, following: _Next, last: int | None) -> None:
    """session_used, session_label and resumed_from say where the passings come from."""
    body = exchange.body
    used = exchange.against(_SESSION_USED)
    if following.rule in (_RESUME, _JUMP):
        used.field_is(following.session.token_session, body, "session_used", "")
        without_alias = following.session.alias is None and not following.session.as_read
        label = exchange.against(_WITHOUT_ALIAS) if without_alias else used
        label.field_is(following.session.alias, body, "session_label", "")
    if following.rule is _RESUME and last is not None:
        used.field_is(last, body, "resumed_from", "")


def _refused(exchange: JudgedExchange, statement: Statement) -> bool:
    """Whether the answer is that there are no passings, and it is only assumed that there are or how that is said."""
    text = exchange.operation.errors["PassingsNotFound"].text
    if exchange.status != 404 or exchange.body.get("description") != text or statement.evidence.level != "assumed":
        return False
    return not exchange.against(statement).status_is(200)


def _what_follows(
    device: DeviceModel, session: SessionModel | None, last: int | None, span: tuple[int | None, int | None]
) -> Iterator[_Next]:
    """The passings after `last` of a session, and then those of each newer session."""
    within = {each.token_session: each.between(*span) for each in device.sessions}
    if session is None:
        for each in device.sessions:
            if within[each.token_session]:
                yield _Next(_START, each, within[each.token_session])
        return
    rest = [number for number in within[session.token_session] if last is None or number > last]
    if rest:
        yield _Next(_RESUME, session, rest)
    newer = device.newer(session)
    jump = _JUMP if len(newer) == 1 else _JUMP_NEXT
    yield from (_Next(jump, each, within[each.token_session]) for each in newer if within[each.token_session])
