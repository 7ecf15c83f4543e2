"""A session of two pages and one passing more: what a page holds, where the pages end, and what is counted."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ..judge.exchange import JudgedExchange
from ..judge.statements import Statement, rule
from ..reads import read_active, read_device, read_session, read_sessions
from ..reads.entries import numbers, same_passings
from ..reads.pagination import pagination
from ..run import Run
from ..session.exchange import Entry
from ..subject.material import Material, entry
from ..subject.model import DeviceModel, SessionModel
from ..subject.writes import insert, open_session
from .check import check

_PAGE_SIZE = rule("page-size")
_TIME_PAGE_SIZE = rule("time-page-size")
_PAGES_JOINED = rule("pages-joined")
_TIME_PAGES_JOINED = rule("time-pages-joined")
_RESUME = rule("resume")
_FULL_PAGES = rule("full-pages")
_PASSINGS_ORDER = rule("passings-order")
_PAGINATION = rule("passings-pagination")
_TIME_PAGINATION = rule("time-passings-pagination")

_BATCH = 2501
_DAY = 86_400_000
_START = 30 * _DAY

_MOST_PAGES = 20
"""How many pages are read if they are smaller than documented."""


@dataclass(frozen=True)
class _Paged:
    """A read that has pages, the numbers that it should give, and the rules about it."""

    operation_id: str
    path: dict[str, str]
    query: dict[str, Any]
    wanted: range
    joined: Statement
    size: Statement | None = None
    order: Statement | None = None
    pagination: Statement | None = None
    member: str = "result"
    pages: tuple[int, ...] = field(default=())
    """The only pages that are read; all if empty."""


@check(
    "getSessionPassings",
    "getDevicePassings",
    "continueDevicePassings",
    "insertPassings",
    "getDevice",
    "getSession",
    "getDeviceSessions",
    "getActiveSession",
    writes=True,
)
def pages_together_have_every_passing_once(run: Run, material: Material) -> None:
    """A page holds at most 5000 passings; the pages together hold every passing once and in order"""
    device = material.playground()
    session = open_session(run, device, "two pages and one passing")
    whole = range(2, 2 * (2 * run.contract.page_size + 1) + 1, 2)
    for start in range(0, len(whole), _BATCH):
        insert(run, device, session, [_passing(number) for number in whole[start : start + _BATCH]])
    _counts_are_right(run, device, session)
    full: set[str] = set()
    for paged in _all_reads(run, device, session, whole):
        if not paged.pages:
            if _join(run, device, session, paged):
                full.add(paged.operation_id)
        elif paged.operation_id in full:
            # Where pages are smaller, it is not known what the second one has.
            for page in paged.pages:
                _one_page(run, device, session, paged, page)


def _counts_are_right(run: Run, device: DeviceModel, session: SessionModel) -> None:
    if device.certain:
        read_session(run, device, session)
        read_sessions(run, device)
        read_active(run, device)
        read_device(run, device)


def _all_reads(run: Run, device: DeviceModel, session: SessionModel, whole: range) -> Iterator[_Paged]:
    """Each read whole, with each bound, and in ranges that are exactly one page and two pages long.

    The numbers are even, and the bounds are odd: whether a bound is inclusive does not matter.
    """
    size = run.contract.page_size
    ranges: tuple[tuple[int | None, int | None, tuple[int, ...]], ...] = (
        (None, None, ()),
        (2, None, (2,)),
        (None, len(whole) - 3, (2,)),
        (1, size + 1, (1, 2)),
        (1, 2 * size + 1, (2, 3)),
    )
    deviceid, token_session = {"deviceid": device.deviceid}, {"token_session": session.token_session}
    for start, stop, pages in ranges:
        wanted = whole[start:stop]
        bounds = {"first": wanted[0] - 1} if start else {}
        # Other passings of the device are older.
        times = {"from": _time(wanted[0] - 1)}
        if stop:
            bounds["last"] = wanted[-1] + 1
            times["to"] = _time(wanted[-1] + 1)
        by_number = (_PAGES_JOINED, _PAGE_SIZE, _PASSINGS_ORDER, _PAGINATION)
        yield _Paged("getSessionPassings", token_session, bounds, wanted, *by_number, pages=pages)
        by_time = (_TIME_PAGES_JOINED, _TIME_PAGE_SIZE, None, _TIME_PAGINATION)
        yield _Paged("getDevicePassings", deviceid, times, wanted, *by_time, pages=pages)
    for after, pages in ((None, ()), (size, (1, 2)), (1, (2,)), (2 * size, (1,))):
        query = token_session if after is None else {**token_session, "last": whole[after - 1]}
        wanted = whole[after:]
        yield _Paged("continueDevicePassings", deviceid, query, wanted, _RESUME, member="passings", pages=pages)


def _time(number: int) -> str:
    return str(entry(number, _START + number)["timestamp"])


def _passing(number: int) -> dict[str, Any]:
    return {
        "bib": str(number),
        "num_passing": number,
        "timestamp": _time(number),
        "latitude": "1.5",
        "longitude": "2.5",
        "status": "Sent",
        "chip": f"{number:024X}",
    }


def _join(run: Run, device: DeviceModel, session: SessionModel, paged: _Paged) -> bool:
    """Reads all pages, and compares what they have together. Whether the pages are as large as they may be."""
    first, found = _page(run, paged, 1)
    if found is None:
        return False
    size, pages = run.contract.page_size, [found]
    full = len(found) >= size
    if paged.member != "passings":
        expected = f"{size} passings on the first of three pages"
        first.against(_FULL_PAGES).holds(full, expected, f"{len(found)}", "/result")
    while found and len(pages) < _MOST_PAGES:
        exchange, found = _page(run, paged, len(pages) + 1)
        if found:
            pages.append(found)
            same_passings(exchange, device, found, f"/{paged.member}", session)
    same_passings(first, device, pages[0], f"/{paged.member}", session)
    joined = [number for page in pages for number in _of_session(page, session)]
    lost = sorted(set(paged.wanted) - set(joined))
    doubled = sorted(number for number, count in Counter(joined).items() if count > 1)
    expected = f"{len(paged.wanted)} passings, each once, on all pages together"
    complete = first.against(paged.joined).holds(
        not lost and not doubled, expected, f"lost {lost[:5]}, doubled {doubled[:5]}", f"/{paged.member}"
    )
    if complete and paged.order:
        expected = "in the order of num_passing across pages"
        first.against(paged.order).holds(joined == list(paged.wanted), expected, "another order", "/result")
    return full


def _one_page(run: Run, device: DeviceModel, session: SessionModel, paged: _Paged, page: int) -> None:
    """Reads one page, and compares it. Pages are known to be full."""
    exchange, found = _page(run, paged, page)
    size = run.contract.page_size
    wanted = list(paged.wanted[(page - 1) * size : page * size])
    found = found or []
    there = set(_of_session(found, session))
    place = f"/{paged.member}"
    expected = f"page {page} of {_in_words(paged.wanted)}"
    if exchange.against(paged.joined).nothing_more(sorted(there - set(wanted))[:5], expected, place):
        missing = [number for number in wanted if number not in there]
        exchange.against(paged.joined).nothing_missing(missing[:5], expected, place)
    same_passings(exchange, device, found, place, session)


def _in_words(numbers: range) -> str:
    """A range of num_passing in words."""
    return f"num_passing {numbers[0]} to {numbers[-1]}"


def _page(run: Run, paged: _Paged, page: int) -> tuple[JudgedExchange, list[Entry] | None]:
    """The answer, and its passings; None for the documented answer that there are none."""
    exchange = run.ask(paged.operation_id, paged.path, {**paged.query, "page": page})
    if exchange.status == 404:
        exchange.is_error("PassingsNotFound")
        return exchange, None
    found, size = exchange.expect().entries(paged.member), run.contract.page_size
    if paged.size:
        exchange.against(paged.size).holds(len(found) <= size, f"at most {size} passings", f"{len(found)}", "/result")
    if paged.pagination and len(found) == len(paged.wanted[(page - 1) * size : page * size]):
        pagination(run, exchange, paged.pagination, len(paged.wanted), page)
    return exchange, found


def _of_session(found: list[Entry], session: SessionModel) -> list[Any]:
    """The numbers of the session's own passings: without the unbind permission, other checks share the device."""
    own = [each for each in found if each.get("token_session", session.token_session) == session.token_session]
    return [number for number in numbers(own) if isinstance(number, int)]
