"""Compares the reads of passings with what was inserted: ranges of num_passing, and spans of time."""

from collections.abc import Mapping, Sequence
from typing import Any

from ..judge.exchange import JudgedExchange
from ..judge.statements import Statement, rule
from ..run import Run
from ..session.exchange import Entry
from ..subject.model import DeviceModel, SessionModel
from ..times import to_milliseconds, to_text
from ..wording import described
from .entries import is_between, names, numbers, same_passings, span_of_time, time_of
from .pagination import pagination

PAGE_NOT_SENT = 0

_RANGE = rule("range")
_RANGE_INCLUSIVE = rule("range-inclusive")
_RANGE_UPSIDE_DOWN = rule("range-upside-down")
_PAGES_JOINED = rule("pages-joined")
_PASSINGS_ORDER = rule("passings-order")
_PAGE_PAST_THE_END = rule("page-past-the-end")
_TIME_RANGE = rule("time-range")
_TIME_INCLUSIVE = rule("time-inclusive")
_TIME_PAGES_JOINED = rule("time-pages-joined")
_TIME_ORDER = rule("time-order")
_PAGINATION = rule("passings-pagination")
_TIME_PAGINATION = rule("time-passings-pagination")


def read_range(
    run: Run,
    device: DeviceModel,
    session: SessionModel,
    first: int | None = None,
    last: int | None = None,
    page: int = PAGE_NOT_SENT,
) -> None:
    """getSessionPassings with any bounds, on the first page or past the end."""
    query = _query(first=first, last=last, page=page or None)
    exchange = run.ask("getSessionPassings", {"token_session": session.token_session}, query)
    compare_range(run, exchange, device, session, first, last, page)


def compare_range(
    run: Run,
    exchange: JudgedExchange,
    device: DeviceModel,
    session: SessionModel,
    first: int | None = None,
    last: int | None = None,
    page: int = PAGE_NOT_SENT,
) -> None:
    """Compares the answer to getSessionPassings with these parameters."""
    echo = {"token_session": session.token_session}
    if page > 1 and len(session.within(first, last)) > run.contract.page_size:
        return  # It is not past the end; another check reads many pages.
    if page > 1:
        if _past_the_end(exchange, _PAGES_JOINED, echo):
            exchange.against(_PAGE_PAST_THE_END).status_is(404, exchange.operation.errors["PassingsNotFound"].text)
        return
    upside_down = first is not None and last is not None and first > last
    if upside_down and not exchange.against(_RANGE_UPSIDE_DOWN).status_fits(exchange.status != 400, "no 400"):
        return
    wanted = session.within(first, last)
    inside = [number for number in wanted if number not in (first, last)]
    found = _page(exchange, echo, bool(wanted))
    if found is None:
        _bounded(exchange, _RANGE, _RANGE_INCLUSIVE, inside, wanted)
        return
    run.compared(exchange, found)
    _compare_numbers(run, exchange, device, found, wanted, first, last)
    same_passings(exchange, device, found, "/result")
    if numbers(found) == wanted:
        pagination(run, exchange, _PAGINATION, len(wanted))


def _compare_numbers(
    run: Run,
    exchange: JudgedExchange,
    device: DeviceModel,
    found: list[Entry],
    wanted: list[int],
    first: int | None,
    last: int | None,
) -> None:
    """Which passings of a range an answer has, and in which order."""
    there = numbers(found)
    in_order = [number for number in there if isinstance(number, int)]
    outside = [number for number in in_order if not is_between(number, first, last)]
    span = f"num_passing from {described(first)} to {described(last)}"
    exchange.against(_RANGE).nothing_more(outside, span, "/result")
    if device.certain and not outside and len(found) < run.contract.page_size:
        strictly = [number for number in wanted if number not in (*there, first, last)]
        missing = [number for number in wanted if number not in there]
        _bounded(exchange, _RANGE, _RANGE_INCLUSIVE, strictly, missing)
    once = len(set(map(str, there))) == len(there)
    exchange.against(_PAGES_JOINED).holds(once, "each num_passing once", there, "/result")
    exchange.against(_PASSINGS_ORDER).holds(
        in_order == sorted(in_order), "in the order of num_passing", there, "/result"
    )


def read_span(
    run: Run, device: DeviceModel, since: int | None = None, until: int | None = None, page: int = PAGE_NOT_SENT
) -> None:
    """getDevicePassings with any times, on the first page or past the end."""
    times = {"from": _text(since), "to": _text(until)}
    exchange = run.ask("getDevicePassings", {"deviceid": device.deviceid}, _query(**times, page=page or None))
    compare_span(run, exchange, device, since, until, page)


def compare_span(
    run: Run,
    exchange: JudgedExchange,
    device: DeviceModel,
    since: int | None = None,
    until: int | None = None,
    page: int = PAGE_NOT_SENT,
) -> None:
    """Compares the answer to getDevicePassings with these parameters."""
    echo = {"deviceid": device.deviceid}
    wanted = device.within_times(since, until)
    if page > 1:
        if len(wanted) <= run.contract.page_size:  # Otherwise it is not past the end.
            _past_the_end(exchange, _TIME_PAGES_JOINED, echo)
        return
    inside = [passing for passing in wanted if to_milliseconds(passing["timestamp"]) not in (since, until)]
    found = _page(exchange, echo, bool(wanted) or not device.complete)
    if found is None:
        _bounded(exchange, _TIME_RANGE, _TIME_INCLUSIVE, names(inside), names(wanted))
        return
    run.compared(exchange, found)
    outside = [entry["timestamp"] for entry in found if not is_between(time_of(entry), since, until)]
    exchange.against(_TIME_RANGE).nothing_more(outside, span_of_time(since, until), "/result")
    there = set(names(found))
    if device.certain and not outside and len(found) < run.contract.page_size:
        missing = [name for name in names(wanted) if name not in there]
        strictly = [name for name in names(inside) if name not in there]
        _bounded(exchange, _TIME_RANGE, _TIME_INCLUSIVE, strictly, missing)
    actual = f"{len(found)} passings, {len(there)} different ones"
    exchange.against(_TIME_PAGES_JOINED).holds(len(there) == len(found), "each passing once", actual, "/result")
    if device.complete and there == set(names(wanted)):
        order = f"the order {described(names(wanted))}"
        exchange.against(_TIME_ORDER).holds(names(found) == names(wanted), order, names(found), "/result")
    same_passings(exchange, device, found, "/result")
    if device.complete and device.certain and there == set(names(wanted)):
        pagination(run, exchange, _TIME_PAGINATION, len(wanted))


def _query(**parameters: Any) -> dict[str, Any]:
    return {name: value for name, value in parameters.items() if value is not None}


def _text(time: int | None) -> str | None:
    return None if time is None else to_text(time)


def _page(exchange: JudgedExchange, echo: Mapping[str, Any], something: bool) -> list[Entry] | None:
    """The passings of a page; None for the documented answer that there are none."""
    if exchange.status == 404 or not something:
        exchange.is_error("PassingsNotFound", echo)
        return exchange.listed() or None
    return exchange.expect().entries()


def _past_the_end(exchange: JudgedExchange, joined: Statement, echo: Mapping[str, Any]) -> bool:
    """Compares a page past the last one; False if it holds passings."""
    result = exchange.body.get("result")
    if exchange.status == 200 and result:
        many = len(result) if isinstance(result, list) else described(result)
        return exchange.against(joined).broken("nothing past the last page", f"{many} passings", "/result")
    if exchange.status == 404:
        exchange.expect("PassingsNotFound", echo)
    return True


def _bounded(
    exchange: JudgedExchange, within: Statement, inclusive: Statement, strictly: Sequence[Any], missing: Sequence[Any]
) -> None:
    """What is missing between the bounds breaks the rule; what is missing on a bound breaks the assumption."""
    if exchange.against(within).nothing_missing(strictly, "everything between the bounds", "/result"):
        exchange.against(inclusive).nothing_missing(missing, "also what is on a bound", "/result")
