"""Inserting passings, and reading back what was inserted."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from ..explore.strategies import passing_lists
from ..judge.wording import described
from ..reads import read_range, read_session
from ..run import Exchange, Run
from ..subject.material import Material, entry
from ..subject.model import DeviceModel, SessionModel
from ..subject.writes import insert, open_session
from .check import check

_READS = ("getSessionPassings", "getDevicePassings", "continueDevicePassings")


def _read(run: Run, operation_id: str, device: DeviceModel, session: SessionModel) -> tuple[Exchange, list[Any]]:
    if operation_id == "getSessionPassings":
        exchange = run.ask(operation_id, {"token_session": session.token_session})
    elif operation_id == "getDevicePassings":
        exchange = run.ask(operation_id, {"deviceid": device.deviceid})
    else:
        query = {"token_session": session.token_session}
        exchange = run.ask(operation_id, {"deviceid": device.deviceid}, query)
    body = exchange.reply.fields if exchange.reply.status == 200 else {}
    found = body.get("passings" if operation_id == "continueDevicePassings" else "result") if body else None
    return exchange, [e for e in found if isinstance(e, dict)] if isinstance(found, list) else []


def _of_session(found: list[Any], session: SessionModel) -> dict[Any, Mapping[str, Any]]:
    return {
        e.get("num_passing"): e for e in found if e.get("token_session", session.token_session) == session.token_session
    }


def _come_back(run: Run, device: DeviceModel, session: SessionModel) -> None:
    """What all reads of a passing agree on, if it is not what was sent, was stored so: insertPassings did it.

    What one read alone gives otherwise, the checks of that read find.
    """
    reads = [_read(run, operation_id, device, session) for operation_id in _READS]
    answers = [_of_session(found, session) for _, found in reads]
    exchange = reads[0][0]
    for number, wanted in session.passings.items():
        there = [answer[number] for answer in answers if number in answer]
        if not there:
            run.rule(
                exchange,
                "passing-as-sent",
                False,
                f"num_passing {number} stored",
                f"only {described(sorted(map(str, answers[0])))}",
                "/result",
                "insertPassings",
                at="insertPassings",
            )
        if len(there) < len(answers):
            continue
        for name, value in wanted.items():
            read = {described(passing[name]) for passing in there if name in passing}
            if len(read) != 1 or name in ("token_session", "deviceid"):
                continue
            given = there[0].get(name, value)
            holds = given == value or _same_number(name, given, value)
            run.rule(
                exchange,
                "passing-as-sent",
                holds,
                described(value),
                described(given),
                f"/result/0/{name}",
                "insertPassings",
                at="insertPassings",
            )
            if name in ("latitude", "longitude") and holds and isinstance(value, str) and isinstance(given, str):
                run.rule(
                    exchange,
                    "coordinate-text",
                    given == value,
                    described(value),
                    described(given),
                    f"/result/0/{name}",
                    "insertPassings",
                    at="insertPassings",
                )


def _same_number(name: str, given: Any, sent: Any) -> bool:
    if name not in ("latitude", "longitude"):
        return False
    try:
        return float(given) == float(sent)
    except (TypeError, ValueError):
        return False


@check("insertPassings", writes=True)
def passings_are_taken(run: Run, material: Material) -> None:
    """A list is stored whole and counted; an unknown session is a 404 that echoes it"""
    token_session = run.fresh_identifier()
    exchange = run.ask("insertPassings", body={"token_session": token_session, "passings_list": [entry(1, 0)]})
    run.judge(exchange, exchange.operation.errors["SessionNotFoundOrClosed"], {"token_session": token_session})
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
    _come_back(run, device, session)
    read_session(run, device, session)
    read_range(run, device, session)


@check("insertPassings", "getSessionPassings", writes=True)
def any_passings_come_back(run: Run, material: Material) -> None:
    """Inserted passings are read as sent, whatever Unicode, coordinate or millisecond"""
    device = material.playground()

    def holds(entries: list[dict[str, Any]]) -> None:
        session = open_session(run, device, "any")
        insert(run, device, session, entries)
        read_range(run, device, session)
        _come_back_in_session(run, device, session)

    run.explore(passing_lists(), holds)


def _come_back_in_session(run: Run, device: DeviceModel, session: SessionModel) -> None:
    """The same by the read that continues: two reads that agree on another value tell that it was stored so."""
    exchange, found = _read(run, "continueDevicePassings", device, session)
    continued = _of_session(found, session)
    read = _of_session(_read(run, "getSessionPassings", device, session)[1], session)
    for number, wanted in session.passings.items():
        for name in wanted.keys() - {"token_session", "deviceid"}:
            if name not in continued.get(number, {}) or name not in read.get(number, {}):
                continue
            given, value = read[number][name], wanted[name]
            if given == continued[number][name]:
                run.rule(
                    exchange,
                    "passing-as-sent",
                    given == value or _same_number(name, given, value),
                    described(value),
                    described(given),
                    f"/result/0/{name}",
                    "insertPassings",
                    at="insertPassings",
                )


@check("insertPassings", writes=True)
def other_forms_are_taken(run: Run, material: Material) -> None:
    """chips for chip; and as we assume: numbers for coordinates, none of them, other forms of times"""
    device = material.playground()
    session = open_session(run, device, "other forms")
    bare = {"bib": "1", "timestamp": "2024-05-01T08:00:00.000Z"}
    forms: tuple[tuple[str, dict[str, Any], dict[str, Any]], ...] = (
        ("chips", {"chips": "0017"}, {"chip": "0017"}),
        ("default-coordinates", {}, {"latitude": "0.0", "longitude": "0.0"}),
        ("coordinate-number", {"latitude": 41.5, "longitude": -2.25}, {"latitude": "41.5", "longitude": "-2.25"}),
        ("other-times", {"timestamp": "2024-05-01T10:00:00+02:00"}, {"timestamp": "2024-05-01T08:00:00.000Z"}),
    )
    for number, (rule_id, fields, wanted) in enumerate(forms, 1):
        passing = {**bare, "num_passing": number, **fields}
        body = {"token_session": session.token_session, "passings_list": [passing]}
        exchange = run.ask("insertPassings", body=body)
        if exchange.reply.status >= 300:
            run.status_rule(exchange, rule_id, False, "taken")
            continue
        session.passings[number] = {}
        read, found = _read(run, "getSessionPassings", device, session)
        given = _of_session(found, session).get(number)
        if given is None:
            continue
        for name, value in wanted.items():
            run.rule(
                read,
                rule_id,
                name not in given or given[name] == value or _same_number(name, given[name], value),
                described(value),
                described(given.get(name)),
                f"/result/0/{name}",
                "insertPassings",
                at="insertPassings",
            )
    device.certain = False


@check("insertPassings", writes=True)
def repeats_change_nothing(run: Run, material: Material) -> None:
    """The same num_passing again is not stored twice, the first write stays, only what is new is counted"""
    device = material.playground()
    session = open_session(run, device, "repeats")
    insert(run, device, session, [entry(1, 0), entry(2, 10)])
    repeated = [entry(2, 10), entry(1, 99, bib="another"), entry(3, 20), entry(3, 20)]
    body = {"token_session": session.token_session, "passings_list": repeated}
    exchange = run.ask("insertPassings", body=body)
    if not run.status_rule(exchange, "passing-identity", exchange.reply.status == 201, "201"):
        device.certain = False
        return
    answer = run.expect(exchange, echo={"token_session": session.token_session})
    for name, count in (("inserted_count", 1), ("duplicate_count", 3)):
        if name in answer and (name == "inserted_count" or run.dialect == "openapi"):
            run.rule(exchange, "inserted-count", answer[name] == count, str(count), str(answer[name]), f"/{name}")
    # What follows rests on the assumption: the model is no measure for this device any more.
    device.certain = False
    read, found = _read(run, "getSessionPassings", device, session)
    counts = Counter(e.get("num_passing") for e in found)
    twice = [number for number, count in counts.items() if count > 1]
    run.rule(
        read,
        "passing-identity",
        not twice,
        "each num_passing once",
        f"{described(twice)} more than once",
        "/result",
        "insertPassings",
        at="insertPassings",
    )
    first = _of_session(found, session).get(1, {})
    wanted = session.passings[1]
    if not twice and first:
        same = (first.get("bib"), first.get("timestamp")) == (wanted["bib"], wanted["timestamp"])
        run.rule(
            read,
            "passing-identity",
            same,
            f"the first write: bib {described(wanted['bib'])}",
            f"bib {described(first.get('bib'))}",
            "/result/0/bib",
            "insertPassings",
            at="insertPassings",
        )
