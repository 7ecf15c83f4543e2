"""Compares passings as a read lists them with the model, one by one."""

from collections.abc import Iterable, Mapping
from typing import Any

from ..judge.exchange import JudgedExchange
from ..judge.statements import Statement, rule
from ..session.exchange import Entry
from ..subject.model import DeviceModel, Passing, SessionModel
from ..times import to_milliseconds, to_text

_PASSING_AS_SENT = rule("passing-as-sent")
_COORDINATE_TEXT = rule("coordinate-text")
_COORDINATE_NUMBER = rule("coordinate-number")

COORDINATES = ("latitude", "longitude")


def same_passings(
    exchange: JudgedExchange,
    device: DeviceModel,
    found: Iterable[Entry],
    place: str,
    only: SessionModel | None = None,
) -> None:
    """Each passing is as it was inserted, or as it was read before. Those without a session belong to the asked one."""
    sessions = {session.token_session: session for session in device.sessions}
    asked = exchange.reply.url.partition("?")[0].rpartition("/")[2]
    as_sent = exchange.against(_PASSING_AS_SENT)
    for index, entry in enumerate(found):
        session = only or sessions.get(str(entry.get("token_session")), sessions.get(asked))
        wanted = session.passing(entry.get("num_passing")) if session else None
        if session is not None and wanted is not None:
            for name in sorted(wanted.keys() & entry.keys()) if entry != wanted else ():
                if entry[name] != wanted[name]:
                    _differs(exchange, name, wanted, entry, f"{place}/{index}/{name}", session.as_read)
        elif device.certain and device.complete:
            as_sent.broken("a passing that was inserted", entry, f"{place}/{index}")
    if device.complete:
        as_sent.exercised()


def _differs(exchange: JudgedExchange, name: str, wanted: Passing, entry: Entry, place: str, as_read: bool) -> None:
    judgement = exchange.against_other_reads() if as_read else exchange.against(_PASSING_AS_SENT)
    if not as_read and name in COORDINATES and same_number(wanted[name], entry[name]):
        if not isinstance(wanted[name], str):
            exchange.against(_COORDINATE_NUMBER).shows(isinstance(entry[name], str), wanted[name], entry[name], place)
            return
        # What was sent as a string is read as a string, by the documented schema.
        is_text = isinstance(entry[name], str)
        judgement = exchange.against(_COORDINATE_TEXT) if is_text else exchange.against_other_reads()
    judgement.equals(wanted[name], entry[name], place)


def same_number(one: Any, other: Any) -> bool:
    """Whether two values write the same number, be it "1.50" and "1.5" or 1.5."""
    try:
        return float(one) == float(other)
    except (TypeError, ValueError):
        return False


def only_entries(exchange: JudgedExchange, statement: Statement, noun: str) -> None:
    """The list has nothing but objects. The statement is that of the list, which may have no documented schema."""
    others = [member for member in exchange.body["result"] if not isinstance(member, dict)]
    exchange.against(statement).nothing_more(others, f"{noun} and nothing else", "/result")


def time_of(entry: Mapping[str, Any]) -> int | None:
    """The timestamp in milliseconds; None if there is none that can be read."""
    try:
        return to_milliseconds(entry["timestamp"])
    except (KeyError, TypeError, ValueError):
        return None


def span_of_time(since: int | None, until: int | None) -> str:
    """Two bounds in milliseconds, each of which may be missing, in words."""
    beginning = "the beginning" if since is None else to_text(since)
    return f"from {beginning} to {'the end' if until is None else to_text(until)}"


def names(passings: Iterable[Mapping[str, Any]]) -> list[str]:
    """Short names of passings: the beginning of the session, and the number."""
    return [f"{str(passing.get('token_session'))[:6]}…#{passing.get('num_passing')}" for passing in passings]


def numbers(passings: Iterable[Mapping[str, Any]]) -> list[Any]:
    """The num_passing of each passing, whatever it is."""
    return [passing.get("num_passing") for passing in passings]


def is_between(value: int | None, first: int | None, last: int | None) -> bool:
    """Whether a value is within two bounds; what cannot be compared is left to the schema."""
    return value is None or ((first is None or value >= first) and (last is None or value <= last))
