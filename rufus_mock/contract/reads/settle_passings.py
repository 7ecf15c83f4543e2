"""Tells passings that were stored wrong from passings that are read wrong."""

from collections.abc import Mapping
from typing import Any

from ..judge.exchange import JudgedExchange
from ..session.exchange import Entry
from ..subject.cause import Cause
from ..subject.model import DeviceModel, SessionModel
from .claims import blamed
from .entries import COORDINATES, same_number, time_of
from .sight import DeviceSight

_IDENTIFIERS = ("token_session", "deviceid")

Rows = Mapping[int, tuple[int, Entry]]
"""By num_passing: the place in the answer, and the passing."""


def settle_passings(seen: DeviceSight, device: DeviceModel, session: SessionModel, cause: Cause) -> None:
    """Blames the write for passings that all reads give wrong, and brings the model in step."""
    sources = _sources(seen, session)
    if len(sources) < 2:
        return
    for number in session.numbers():
        if not any(number in rows for _, _, rows in sources):
            exchange, place, _ = sources[0]
            statement = cause.breaks("passing", session.token_session)
            exchange.against(statement).broken(f"num_passing {number} stored, {cause}", "not stored", place)
            del session.passings[number]
        else:
            _settle_fields(sources, session, number, cause)
    exchange, place, rows = sources[0]
    for number, (index, entry) in rows.items():
        if number not in session.passings and all(number in others for _, _, others in sources):
            statement = cause.stored_anyway(number)
            exchange.against(statement).broken(f"no num_passing {number}, {cause}", "stored", f"{place}/{index}")
            session.passings[number] = {**entry, "token_session": session.token_session, "deviceid": device.deviceid}


def _settle_fields(
    sources: list[tuple[JudgedExchange, str, Rows]], session: SessionModel, number: int, cause: Cause
) -> None:
    statement = cause.breaks("passing", session.token_session)
    for name, wanted in list(session.passings[number].items()):
        if name in _IDENTIFIERS:
            continue
        claims = [
            (exchange, rows[number][1][name], f"{place}/{rows[number][0]}/{name}")
            for exchange, place, rows in sources
            if number in rows and name in rows[number][1]
        ]
        same = _same_coordinate if name in COORDINATES else _same
        value = blamed(statement, claims, wanted, cause, same)
        if name != "timestamp" or time_of({name: value}) is not None:
            session.passings[number][name] = value


def _same(one: Any, other: Any) -> bool:
    return bool(one == other)


def _same_coordinate(one: Any, other: Any) -> bool:
    return bool(one == other) or same_number(one, other)


def _sources(seen: DeviceSight, session: SessionModel) -> list[tuple[JudgedExchange, str, Rows]]:
    """What each read of passings gives for a session."""
    token = session.token_session
    ways = seen.each[token]
    found = []
    if ways.passings is not None and ways.passings.status in (200, 404):
        found.append((ways.passings, "/result", _rows(ways.passings.listed(), token)))
    if seen.passings is not None and seen.passings.status in (200, 404):
        found.append((seen.passings, "/result", _rows(seen.passings.listed(), token)))
    if ways.continued is not None and ways.continued.status in (200, 404):
        own = ways.continued.body.get("session_used") == token
        found.append((ways.continued, "/passings", _rows(ways.continued.listed("passings") if own else [], token)))
    return found


def _rows(found: list[Entry], token: str) -> Rows:
    return {
        entry["num_passing"]: (index, entry)
        for index, entry in enumerate(found)
        if isinstance(entry.get("num_passing"), int) and entry.get("token_session", token) == token
    }
