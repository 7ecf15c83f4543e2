"""The reads of passings against what was inserted."""

from collections.abc import Mapping, Sequence
from typing import Any

from ..explore.explorer import CannotGoOn
from ..judge.wording import described
from ..run import Exchange, Run
from ..subject.model import DeviceModel, SessionModel
from ..times import to_milliseconds, to_text
from .entries import names, same_passings, time_of
from .results import result_of

PAGE_NOT_SENT = 0


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
    same_passings(run, exchange, device, found, "/result")


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
        _bounded(run, exchange, "time-range", "time-inclusive", names(inside), names(wanted))
        return
    outside = [
        entry["timestamp"]
        for entry in found
        if (time := time_of(entry)) is not None
        and ((since is not None and time < since) or (until is not None and time > until))
    ]
    span = f"from {query.get('from', 'the beginning')} to {query.get('to', 'the end')}"
    run.rule(exchange, "time-range", not outside, span, f"also {described(outside)}", "/result")
    there = set(names(found))
    if device.certain and not outside and len(found) < run.specification.page_size:
        missing = [name for name in names(wanted) if name not in there]
        strictly = [name for name in names(inside) if name not in there]
        _bounded(run, exchange, "time-range", "time-inclusive", strictly, missing)
    run.rule(
        exchange,
        "time-pages-joined",
        len(there) == len(found),
        "each passing once",
        f"{len(found)} passings, {len(there)} different ones",
        "/result",
    )
    if device.complete and there == set(names(wanted)):
        run.rule(
            exchange,
            "time-order",
            names(found) == names(wanted),
            f"the order {described(names(wanted))}",
            described(names(found)),
            "/result",
        )
    same_passings(run, exchange, device, found, "/result")


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
            run.field_rule(exchange, "session-used", body, name, value, "")
        if rule_id == "resume" and last is not None:
            run.field_rule(exchange, "session-used", body, "resumed_from", last, "")
    same_passings(run, exchange, device, passings, "/passings", candidate)


def _page(
    run: Run, exchange: Exchange, empty: str, echo: Mapping[str, Any], something: bool
) -> list[dict[str, Any]] | None:
    """The passings of a page; None for the documented answer that there are none."""
    if exchange.reply.status == 404 or not something:
        run.expect(exchange, empty, echo)
        return None
    result = result_of(run, exchange, list)
    return [entry for entry in result if isinstance(entry, dict)]


def _past_the_end(run: Run, exchange: Exchange, joined: str, echo: Mapping[str, Any]) -> None:
    body = exchange.reply.fields
    result = body.get("result")
    if exchange.reply.status == 200 and result:
        run.rule(exchange, joined, False, "nothing past the last page", f"{len(result)} passings", "/result")
        return
    if joined == "pages-joined":
        run.status_rule(exchange, "page-past-the-end", exchange.reply.status == 404, "404 Passings not found")
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
