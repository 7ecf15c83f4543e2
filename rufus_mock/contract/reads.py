"""Reads what a target has of a device, and holds it against what it should have."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .model import DeviceModel, Passing, SessionModel
from .run import CannotGoOn, Exchange, Run
from .text import described
from .times import to_milliseconds, to_text

PAGE_NOT_SENT = 0
LARGEST_NUM_PASSING = 2**53 - 1
"""The largest that may be asked for; that it is this one is assumed."""


def read_device(run: Run, device: DeviceModel) -> None:
    """getDevice: the fields that it was bound with, its counts."""
    exchange = run.ask("getDevice", {"deviceid": device.deviceid})
    result = _result(run, exchange, dict)
    _same_device(run, exchange, device, result)


def _same_device(run: Run, exchange: Exchange, device: DeviceModel, result: Mapping[str, Any]) -> None:
    # What an account has already proves nothing about how it was bound.
    rule_id = "bound-as-sent" if device.complete else ""
    for name, value in {"deviceid": device.deviceid, **device.described}.items():
        if name in result:
            run.rule(
                exchange,
                rule_id,
                result[name] == value,
                described(value),
                described(result[name]),
                f"/result/{name}",
                "bindDevice",
            )
    if device.certain and device.complete:
        for name, count in (("sessions", len(device.sessions)), ("passings", device.passings)):
            if name in result:
                run.rule(
                    exchange,
                    "device-counts",
                    result[name] == count,
                    described(count),
                    described(result[name]),
                    f"/result/{name}",
                    "getDevice",
                )


def read_sessions(run: Run, device: DeviceModel) -> None:
    """getDeviceSessions: all of them, their order, their counts; or that there are none."""
    exchange = run.ask("getDeviceSessions", {"deviceid": device.deviceid})
    if not device.sessions:
        run.expect(exchange, "SessionsNotFound", {"deviceid": device.deviceid})
        return
    result = _result(run, exchange, list)
    found = [entry.get("token_session") for entry in result if isinstance(entry, dict)]
    wanted = [session.token_session for session in device.sessions]
    same = sorted(map(str, found)) == sorted(wanted)
    run.rule(
        exchange, "all-sessions", same, f"{len(wanted)} sessions: {described(wanted)}", described(found), "/result"
    )
    if same:
        run.rule(exchange, "sessions-order", found == wanted, described(wanted), described(found), "/result")
    by_token = {entry.get("token_session"): entry for entry in result if isinstance(entry, dict)}
    for session in device.sessions:
        if session.token_session in by_token:
            entry = by_token[session.token_session]
            _same_session(run, exchange, device, session, entry, "all-sessions", f"/result/{result.index(entry)}")


def read_active(run: Run, device: DeviceModel) -> None:
    """getActiveSession: the one that is active, or that there is none."""
    exchange = run.ask("getActiveSession", {"deviceid": device.deviceid})
    active = device.active
    if active is None:
        if exchange.reply.status == 200:
            run.rule(exchange, "active-only", False, "no active session: 404", described(_peek(exchange)), "/result")
            return
        run.expect(exchange, "SessionsNotFound", {"deviceid": device.deviceid})
        return
    if exchange.reply.status == 404:
        run.rule(exchange, "active-only", False, "the session that was opened last", "404", "#status")
        return
    result = _only(run, exchange)
    token_session = result.get("token_session")
    run.rule(
        exchange,
        "active-only",
        token_session == active.token_session,
        active.token_session,
        described(token_session),
        "/result/0/token_session",
    )
    if token_session == active.token_session:
        _same_session(run, exchange, device, active, result, "session-counts")


def read_session(run: Run, device: DeviceModel, session: SessionModel) -> None:
    """getSession: alias, active, count, first and last."""
    exchange = run.ask("getSession", {"token_session": session.token_session})
    if exchange.reply.status == 404 and not session.active and not session.as_read:
        run.rule(
            exchange,
            "closed-readable",
            False,
            "a closed session stays readable",
            "404",
            "#status",
            "closeSession",
            at="closeSession",
        )
        return
    result = _only(run, exchange)
    run.rule(
        exchange,
        "" if session.as_read else "session-as-sent",
        result.get("token_session") == session.token_session,
        session.token_session,
        described(result.get("token_session")),
        "/result/0/token_session",
        "insertSession",
    )
    _same_session(run, exchange, device, session, result, "session-counts")
    if device.certain and session.known and session.passings:
        times = session.times
        for name, time in (("first", times[0]), ("last", times[-1])):
            run.rule(
                exchange,
                "session-first-last",
                result.get(name) == to_text(time),
                to_text(time),
                described(result.get(name)),
                f"/result/0/{name}",
            )


def _same_session(
    run: Run,
    exchange: Exchange,
    device: DeviceModel,
    session: SessionModel,
    found: Mapping[str, Any],
    counts: str,
    place: str = "/result/0",
) -> None:
    counted = "getDeviceSessions" if counts == "all-sessions" else "getSession"
    if "alias" in found:
        run.rule(
            exchange,
            "" if session.as_read else "session-as-sent",
            found["alias"] == session.alias,
            described(session.alias),
            described(found["alias"]),
            f"{place}/alias",
            "insertSession",
        )
    if "active" in found and not session.as_read:
        ended = {"closeSession": "closed-inactive", "insertSession": "one-active-session", None: "session-active"}
        by = session.closed_by
        run.rule(
            exchange,
            ended[by],
            found["active"] == session.active,
            described(session.active),
            described(found["active"]),
            f"{place}/active",
            by or "insertSession",
            at=by or "insertSession",
        )
    if device.certain and session.known and "passings" in found:
        run.rule(
            exchange,
            counts,
            found["passings"] == len(session.passings),
            described(len(session.passings)),
            described(found["passings"]),
            f"{place}/passings",
            counted,
        )


def read_range(
    run: Run,
    device: DeviceModel,
    session: SessionModel,
    first: int | None = None,
    last: int | None = None,
    page: int = PAGE_NOT_SENT,
) -> None:
    """getSessionPassings with any bounds, on the first page or past the end."""
    query = {name: value for name, value in (("first", first), ("last", last)) if value is not None}
    if page != PAGE_NOT_SENT:
        query["page"] = page
    exchange = run.ask("getSessionPassings", {"token_session": session.token_session}, query)
    wanted = session.within(first, last)
    bounds = {bound for bound in (first, last) if bound is not None}
    if page > 1:
        _past_the_end(run, exchange, "pages-joined", {"token_session": session.token_session})
        return
    found = _page(run, exchange, "PassingsNotFound", {"token_session": session.token_session}, bool(wanted))
    if found is None:
        missing = [number for number in wanted if number not in bounds]
        _bounded(run, exchange, "range", "range-inclusive", missing, wanted)
        return
    numbers = [entry.get("num_passing") for entry in found]
    outside = [
        number
        for number in numbers
        if isinstance(number, int) and ((first is not None and number < first) or (last is not None and number > last))
    ]
    run.rule(
        exchange,
        "range",
        not outside,
        f"num_passing from {described(first)} to {described(last)}",
        f"also {described(outside)}",
        "/result",
    )
    missing = [number for number in wanted if number not in numbers]
    if device.certain and not outside and len(found) < run.specification.page_size:
        _bounded(run, exchange, "range", "range-inclusive", [n for n in missing if n not in bounds], missing)
    run.rule(
        exchange,
        "pages-joined",
        len(set(map(str, numbers))) == len(numbers),
        "each num_passing once",
        described(numbers),
        "/result",
    )
    in_order = [number for number in numbers if isinstance(number, int)]
    run.rule(
        exchange,
        "passings-order",
        in_order == sorted(in_order),
        "in the order of num_passing",
        described(numbers),
        "/result",
    )
    _same_passings(run, exchange, device, found, "/result")


def read_span(
    run: Run, device: DeviceModel, since: int | None = None, until: int | None = None, page: int = PAGE_NOT_SENT
) -> None:
    """getDevicePassings with any times, on the first page or past the end."""
    query: dict[str, Any] = {}
    if since is not None:
        query["from"] = to_text(since)
    if until is not None:
        query["to"] = to_text(until)
    if page != PAGE_NOT_SENT:
        query["page"] = page
    exchange = run.ask("getDevicePassings", {"deviceid": device.deviceid}, query)
    echo = {"deviceid": device.deviceid}
    if page > 1:
        _past_the_end(run, exchange, "time-pages-joined", echo)
        return
    wanted = device.within_times(since, until)
    found = _page(run, exchange, "PassingsNotFound", echo, bool(wanted) or not device.complete)
    bounds = {since, until}
    inside = [passing for passing in wanted if to_milliseconds(passing["timestamp"]) not in bounds]
    if found is None:
        _bounded(run, exchange, "time-range", "time-inclusive", _names(inside), _names(wanted))
        return
    outside = [
        entry["timestamp"]
        for entry in found
        if (time := _time(entry)) is not None
        and ((since is not None and time < since) or (until is not None and time > until))
    ]
    span = f"from {query.get('from', 'the beginning')} to {query.get('to', 'the end')}"
    run.rule(exchange, "time-range", not outside, span, f"also {described(outside)}", "/result")
    there = set(_names(found))
    if device.certain and not outside and len(found) < run.specification.page_size:
        missing = [name for name in _names(wanted) if name not in there]
        strictly = [name for name in _names(inside) if name not in there]
        _bounded(run, exchange, "time-range", "time-inclusive", strictly, missing)
    run.rule(
        exchange,
        "time-pages-joined",
        len(there) == len(found),
        "each passing once",
        f"{len(found)} passings, {len(there)} different ones",
        "/result",
    )
    if device.complete and there == set(_names(wanted)):
        run.rule(
            exchange,
            "time-order",
            _names(found) == _names(wanted),
            f"the order {described(_names(wanted))}",
            described(_names(found)),
            "/result",
        )
    _same_passings(run, exchange, device, found, "/result")


def read_next(run: Run, device: DeviceModel, session: SessionModel | None = None, last: int | None = None) -> None:
    """continueDevicePassings after `last` of a session, or from the start."""
    query: dict[str, Any] = {}
    if session is not None:
        query["token_session"] = session.token_session
        if last is not None:
            query["last"] = last
    exchange = run.ask("continueDevicePassings", {"deviceid": device.deviceid}, query)
    body = run.expect(exchange, echo={"deviceid": device.deviceid})
    passings = body.get("passings")
    if not isinstance(passings, list):
        raise CannotGoOn("no passings")
    numbers = [entry.get("num_passing") for entry in passings if isinstance(entry, dict)]
    candidates = [session, *device.newer(session)] if session else list(device.sessions)
    after = last if session and last is not None else -1
    for candidate in candidates:
        rest = [number for number in candidate.numbers() if number > after]
        if rest:
            break
        after = -1
    else:
        run.rule(exchange, "nothing-new", not numbers, "no passings", described(numbers), "/passings")
        return
    if session is None:
        rule_id = "start"
    elif candidate is session:
        rule_id = "resume"
    else:
        rule_id = "jump" if len(device.newer(session)) == 1 else "jump-next"
    page = rest[: run.specification.page_size]
    if not run.rule(
        exchange,
        rule_id,
        numbers == page,
        f"num_passing {described(page)} of session {candidate.alias!r}",
        f"{described(numbers)} of session {body.get('session_label')!r}",
        "/passings",
    ):
        return
    if rule_id in ("resume", "jump"):
        for name, value in (("session_used", candidate.token_session), ("session_label", candidate.alias)):
            if name in body:
                run.rule(
                    exchange, "session-used", body[name] == value, described(value), described(body[name]), f"/{name}"
                )
        if rule_id == "resume" and last is not None and "resumed_from" in body:
            run.rule(
                exchange,
                "session-used",
                body["resumed_from"] == last,
                described(last),
                described(body["resumed_from"]),
                "/resumed_from",
            )
    _same_passings(run, exchange, device, passings, "/passings", candidate)


def read_everything(run: Run, device: DeviceModel) -> None:
    """All reads of a device without parameters."""
    read_device(run, device)
    read_sessions(run, device)
    read_active(run, device)
    for session in device.sessions:
        read_session(run, device, session)
        read_range(run, device, session)
    read_span(run, device)
    read_next(run, device)


def _result(run: Run, exchange: Exchange, kind: type) -> Any:
    result = run.expect(exchange).get("result")
    if not isinstance(result, kind):
        raise CannotGoOn(f"{exchange.operation.id}: no result to read")
    return result


def _only(run: Run, exchange: Exchange) -> dict[str, Any]:
    result = _result(run, exchange, list)
    if len(result) != 1 or not isinstance(result[0], dict):
        raise CannotGoOn(f"{exchange.operation.id}: not a list of one")
    return result[0]


def _page(
    run: Run, exchange: Exchange, empty: str, echo: Mapping[str, Any], something: bool
) -> list[dict[str, Any]] | None:
    """The passings of a page; None for the documented answer that there are none."""
    if exchange.reply.status == 404 or not something:
        run.expect(exchange, empty, echo)
        return None
    result = _result(run, exchange, list)
    return [entry for entry in result if isinstance(entry, dict)]


def _past_the_end(run: Run, exchange: Exchange, joined: str, echo: Mapping[str, Any]) -> None:
    body = exchange.reply.fields
    result = body.get("result")
    if exchange.reply.status == 200 and result:
        run.rule(exchange, joined, False, "nothing past the last page", f"{len(result)} passings", "/result")
        return
    if joined == "pages-joined":
        run.rule(
            exchange,
            "page-past-the-end",
            exchange.reply.status == 404,
            "404 Passings not found",
            str(exchange.reply.status),
            "#status",
        )
    if exchange.reply.status == 404:
        run.expect(exchange, "PassingsNotFound", echo)


def _bounded(
    run: Run, exchange: Exchange, rule_id: str, inclusive: str, strictly: Sequence[Any], missing: Sequence[Any]
) -> None:
    """What is missing between the bounds breaks the rule, what is missing on a bound the assumption."""
    run.rule(
        exchange, rule_id, not strictly, "all between the bounds", f"without {described(list(strictly))}", "/result"
    )
    if not strictly:
        run.rule(
            exchange,
            inclusive,
            not missing,
            "what lies on a bound, too",
            f"without {described(list(missing))}",
            "/result",
        )


def _same_passings(
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


def _time(entry: Mapping[str, Any]) -> int | None:
    try:
        return to_milliseconds(entry["timestamp"])
    except (KeyError, TypeError, ValueError):
        return None


def _names(passings: Iterable[Mapping[str, Any]]) -> list[str]:
    """A passing's name: the beginning of its session, and its number."""
    return [f"{str(passing.get('token_session'))[:6]}…#{passing.get('num_passing')}" for passing in passings]


def _peek(exchange: Exchange) -> Any:
    return exchange.reply.fields or exchange.reply.content[:60]
