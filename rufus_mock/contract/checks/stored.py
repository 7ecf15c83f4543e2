"""How inserted passings were stored, told by several reads: what all of them agree on was stored so.

What only one read gives differently, the checks of that read find.
"""

from collections.abc import Mapping
from typing import Any

from ..judge.exchange import JudgedExchange
from ..judge.statements import Statement, state_rule
from ..reads.entries import COORDINATES, numbers, same_number
from ..run import Run
from ..session.exchange import Entry
from ..subject.model import DeviceModel, SessionModel
from ..wording import described

_PASSING_AS_SENT = state_rule("passing-as-sent")
_COORDINATE_TEXT = state_rule("coordinate-text")

_IDENTIFIERS = ("token_session", "deviceid")


def read_by_session(run: Run, session: SessionModel) -> tuple[JudgedExchange, list[Entry]]:
    """The session's passings; none if the answer is no 200."""
    exchange = run.ask("getSessionPassings", {"token_session": session.token_session})
    return exchange, exchange.listed()


def _read_by_device(run: Run, device: DeviceModel) -> list[Entry]:
    return run.ask("getDevicePassings", {"deviceid": device.deviceid}).listed()


def read_on(run: Run, device: DeviceModel, session: SessionModel) -> tuple[JudgedExchange, list[Entry]]:
    """The same by continueDevicePassings."""
    query = {"token_session": session.token_session}
    exchange = run.ask("continueDevicePassings", {"deviceid": device.deviceid}, query)
    return exchange, exchange.listed("passings")


def by_number(found: list[Entry], session: SessionModel) -> dict[int, Entry]:
    """The session's passings by num_passing."""
    return {
        each["num_passing"]: each
        for each in found
        if isinstance(each.get("num_passing"), int)
        and each.get("token_session", session.token_session) == session.token_session
    }


def stored_as_sent(run: Run, device: DeviceModel, session: SessionModel) -> None:
    """Compares what all three reads of passings agree on with what was inserted."""
    exchange, found = read_by_session(run, session)
    others = [_read_by_device(run, device), read_on(run, device, session)[1]]
    answers = [by_number(each, session) for each in (found, *others)]
    for number, wanted in session.passings.items():
        there = [answer[number] for answer in answers if number in answer]
        if not there:
            only = f"only {described(sorted(map(str, numbers(found))))}"
            exchange.against(_PASSING_AS_SENT).broken(f"num_passing {number} stored", only, "/result")
        if len(there) == len(answers):
            _agreed(exchange, wanted, there)


def _agreed(exchange: JudgedExchange, wanted: Mapping[str, Any], there: list[Entry]) -> None:
    for name, value in wanted.items():
        given = [passing[name] for passing in there if name in passing]
        if not given or name in _IDENTIFIERS or any(other != given[0] for other in given):
            continue
        same = same_value(exchange, _PASSING_AS_SENT, name, value, given[0])
        if same and name in COORDINATES and isinstance(value, str) and isinstance(given[0], str):
            exchange.against(_COORDINATE_TEXT).equals(value, given[0], f"/result/0/{name}")


def stored_as_two_reads_agree(run: Run, device: DeviceModel, session: SessionModel) -> bool:
    """The same by two reads, and without the text of coordinates: cheaper, for a property. Whether all is as sent."""
    same = True
    exchange, found = read_on(run, device, session)
    continued = by_number(found, session)
    read = by_number(read_by_session(run, session)[1], session)
    for number, wanted in session.passings.items():
        one, other = read.get(number, {}), continued.get(number, {})
        for name, value in wanted.items():
            if name not in _IDENTIFIERS and name in one and name in other and one[name] == other[name]:
                same = same_value(exchange, _PASSING_AS_SENT, name, value, one[name]) and same
    return same


def same_value(exchange: JudgedExchange, statement: Statement, name: str, wanted: Any, given: Any) -> bool:
    """Whether a field of a passing has the wanted value; coordinates have it if they are the same number."""
    same = given == wanted or (name in COORDINATES and same_number(given, wanted))
    return exchange.against(statement).shows(same, wanted, given, f"/result/0/{name}")
