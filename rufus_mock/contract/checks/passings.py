"""Inserting passings, and reading back what was inserted."""

from collections import Counter
from typing import Any

from ...spec.dialects import OPENAPI
from ..explore.strategies import passing_lists
from ..judge.statements import Statement, rule, state_rule
from ..reads import compare_everything, read_range
from ..reads.entries import numbers
from ..run import Run
from ..subject.cause import Cause
from ..subject.material import Material, entry
from ..subject.model import World
from ..subject.writes import insert, insertion, open_session
from ..wording import described
from .check import check
from .stored import by_number, read_by_session, same_value, stored_as_sent, stored_as_two_reads_agree

_PASSING_IDENTITY = state_rule("passing-identity")
_INSERTED_COUNT = rule("inserted-count")

_FORMS: tuple[tuple[Statement, dict[str, Any], dict[str, Any]], ...] = (
    (state_rule("chips"), {"chips": "0017"}, {"chip": "0017"}),
    (state_rule("default-coordinates"), {}, {"latitude": "0.0", "longitude": "0.0"}),
    (
        state_rule("coordinate-number"),
        {"latitude": 41.5, "longitude": -2.25},
        {"latitude": "41.5", "longitude": "-2.25"},
    ),
)
"""Other forms of a passing: the rule, the fields as they are sent, and as they must be read."""

_OTHER_TIMES = state_rule("other-times")
_WITHOUT_OFFSET = state_rule("time-without-offset")
_AS_UTC = state_rule("time-without-offset-as-utc")

_TIMES = (
    (_OTHER_TIMES, "2024-05-01T10:00:00+02:00", _OTHER_TIMES, "2024-05-01T08:00:00.000Z"),
    (_WITHOUT_OFFSET, "2024-05-01 08:00:00.873", _AS_UTC, "2024-05-01T08:00:00.873Z"),
    (_AS_UTC, "2024-05-01T08:00:01", _AS_UTC, "2024-05-01T08:00:01.000Z"),
    (_AS_UTC, "2024-05-01 08:00:02.123456789", _AS_UTC, "2024-05-01T08:00:02.123Z"),
)
"""The rule by which a time is accepted, the time, the rule by which it is read, and how it is read."""


@check("insertPassings", writes=True)
def passings_are_stored(run: Run, material: Material) -> None:
    """A list is stored whole and counted; an unknown session is a 404 that repeats it"""
    token_session = run.fresh_identifier()
    unknown = run.ask("insertPassings", body=insertion(run, token_session, [entry(1, 0)]))
    unknown.is_error("SessionNotFoundOrClosed", {"token_session": token_session})
    device = material.playground()
    session = open_session(run, device, "taken")
    bare = {
        "bib": "7",
        "num_passing": 6,
        "timestamp": "2024-05-01T08:00:00.007Z",
        "latitude": "1.5",
        "longitude": "2.5",
    }
    insert(run, device, session, [entry(4, 3), entry(2, 2, bib="Ä-7 🏃 עברית"), entry(11, 1, status=None), bare])
    stored_as_sent(run, device, session)
    if device.certain:
        named = frozenset({session.token_session})
        compare_everything(run, World([device]), Cause("insertPassings", "passings were inserted", named))


@check("insertPassings", "getSessionPassings", writes=True)
def any_passings_are_read_as_they_were_sent(run: Run, material: Material) -> None:
    """Inserted passings are read as they were sent, for any Unicode text, coordinate and millisecond"""
    device = material.playground()

    def holds(entries: list[dict[str, Any]]) -> None:
        session = open_session(run, device, "any")
        insert(run, device, session, entries)
        if stored_as_two_reads_agree(run, device, session):
            read_range(run, device, session)

    run.explore(passing_lists(), holds, run.few)


@check("insertPassings", writes=True)
def other_forms_of_passings_are_accepted(run: Run, material: Material) -> None:
    """`chips` is taken for `chip`, if the dialect has it; coordinates can be numbers or absent (assumed)"""
    device = material.playground()
    session = open_session(run, device, "other forms")
    bare = {"bib": "1", "timestamp": "2024-05-01T08:00:00.000Z"}
    for number, (statement, fields, wanted) in enumerate(_FORMS, 1):
        if not run.coverage.applies(statement):
            continue
        passing = {**bare, "num_passing": number, **fields}
        exchange = run.ask("insertPassings", body=insertion(run, session.token_session, [passing]))
        if exchange.status >= 300:
            exchange.against(statement).status_fits(False, "taken")
            continue
        session.passings[number] = {}  # It is there, but how it is read is only assumed.
        read, found = read_by_session(run, session)
        given = by_number(found, session).get(number)
        if given is not None:
            for name, value in wanted.items():
                same_value(read, statement, name, value, given.get(name, value))
    device.certain = False


@check("insertPassings", writes=True)
def other_times_are_accepted(run: Run, material: Material) -> None:
    """A time with a space and no offset is accepted; that it is read as UTC, and other forms, are assumed"""
    # On another device: the target may store such times in a form that fails other reads.
    device = material.spare()
    session = open_session(run, device, "other times")
    for number, (accepted_by, timestamp, read_by, wanted) in enumerate(_TIMES, 1):
        passing = {"bib": "1", "num_passing": number, "timestamp": timestamp}
        exchange = run.ask("insertPassings", body=insertion(run, session.token_session, [passing]))
        if exchange.against(accepted_by).status_fits(exchange.status < 300, f"{timestamp} accepted"):
            read, found = read_by_session(run, session)
            given = by_number(found, session).get(number, {})
            read.against(read_by).field_is(wanted, given, "timestamp", "/result/0")


@check("insertPassings", writes=True)
def repeats_change_nothing(run: Run, material: Material) -> None:
    """A repeated num_passing is not stored or counted again, and the first write stays (assumed)"""
    device = material.playground()
    session = open_session(run, device, "repeats")
    insert(run, device, session, [entry(1, 0), entry(2, 10)])
    # What follows rests on an assumption, so the model no longer applies to this device.
    device.certain = False
    if not _repeats_are_taken(run, session.token_session):
        return
    read, found = read_by_session(run, session)
    twice = [number for number, count in Counter(map(str, numbers(found))).items() if count > 1]
    identity = read.against(_PASSING_IDENTITY)
    once = identity.holds(not twice, "each num_passing once", f"{described(twice)} more than once", "/result")
    first = by_number(found, session).get(1)
    if once and first:
        wanted = session.passings[1]
        identity.holds(
            (first.get("bib"), first.get("timestamp")) == (wanted["bib"], wanted["timestamp"]),
            f"the first write: bib {described(wanted['bib'])}",
            f"bib {described(first.get('bib'))}",
            "/result/0/bib",
        )


def _repeats_are_taken(run: Run, token_session: str) -> bool:
    """Sends a repeat alone; then one again, one with other values, and one passing twice, of which one is new."""
    alone = run.ask("insertPassings", body=insertion(run, token_session, [entry(2, 10)]))
    if alone.status // 100 == 2:
        alone.is_success({"token_session": token_session})
    repeated = [entry(2, 10), entry(1, 99, bib="another"), entry(3, 20), entry(3, 20)]
    exchange = run.ask("insertPassings", body=insertion(run, token_session, repeated))
    if not exchange.against(_PASSING_IDENTITY).status_fits(exchange.status // 100 == 2, "201"):
        return False
    answer = exchange.expect(echo={"token_session": token_session})
    exchange.against(_INSERTED_COUNT).field_is(1, answer, "inserted_count", "")
    if run.dialect == OPENAPI:
        exchange.against(_INSERTED_COUNT).field_is(3, answer, "duplicate_count", "")
    return True
