"""Passings as a read lists them, one by one."""

from collections.abc import Iterable, Mapping
from typing import Any

from ..judge.wording import described
from ..run import Exchange, Run
from ..subject.model import DeviceModel, Passing, SessionModel
from ..times import to_milliseconds


def same_passings(
    run: Run,
    exchange: Exchange,
    device: DeviceModel,
    found: Iterable[Mapping[str, Any]],
    place: str,
    only: SessionModel | None = None,
) -> None:
    """Each passing as it was inserted, or as it was read before."""
    sessions = {session.token_session: session for session in device.sessions}
    for index, entry in enumerate(found):
        session = only or sessions.get(str(entry.get("token_session")))
        if session is None and exchange.operation.id == "getSessionPassings":
            token_session = exchange.reply.url.partition("?")[0].rpartition("/")[2]
            session = sessions.get(token_session)
        wanted = session.passings.get(entry.get("num_passing", -1)) if session else None
        if wanted is None:
            if device.certain and device.complete:
                run.rule(
                    exchange,
                    "passing-as-sent",
                    False,
                    "a passing that was inserted",
                    described(dict(entry)),
                    f"{place}/{index}",
                    "insertPassings",
                )
            continue
        if entry == wanted:
            continue
        assert session is not None
        for name in wanted.keys() & entry.keys():
            if entry[name] != wanted[name]:
                _differs(run, exchange, name, wanted, entry, f"{place}/{index}/{name}", session.as_read)
    if device.complete:
        run.rule(exchange, "passing-as-sent", True, "", "", of="insertPassings")


def _differs(
    run: Run, exchange: Exchange, name: str, wanted: Passing, entry: Mapping[str, Any], where: str, as_read: bool
) -> None:
    rule_id = "" if as_read else "passing-as-sent"
    if not as_read and name in ("latitude", "longitude") and _number(wanted[name]) == _number(entry[name]) is not None:
        if not isinstance(entry[name], str):
            return  # The schema has found it already.
        rule_id = "coordinate-text" if isinstance(wanted[name], str) else "coordinate-number"
        if rule_id == "coordinate-number":
            run.rule(exchange, rule_id, True, "", "", of="insertPassings")
            return
    run.rule(exchange, rule_id, False, described(wanted[name]), described(entry[name]), where, "insertPassings")


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def time_of(entry: Mapping[str, Any]) -> int | None:
    """Milliseconds; None for what is no time."""
    try:
        return to_milliseconds(entry["timestamp"])
    except (KeyError, TypeError, ValueError):
        return None


def names(passings: Iterable[Mapping[str, Any]]) -> list[str]:
    """A passing's name: the beginning of its session, and its number."""
    return [f"{str(passing.get('token_session'))[:6]}…#{passing.get('num_passing')}" for passing in passings]
