"""One passing more than a page holds: what a page holds, and that the pages together hold every passing once."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from ..judge.exchange import JudgedExchange
from ..judge.statements import Statement, rule
from ..reads.entries import numbers
from ..run import Run
from ..session.exchange import Entry
from ..subject.material import Material, entry
from ..subject.model import SessionModel
from ..subject.writes import insert, open_session
from .check import check

_PAGE_SIZE = rule("page-size")
_TIME_PAGE_SIZE = rule("time-page-size")
_PAGES_JOINED = rule("pages-joined")
_TIME_PAGES_JOINED = rule("time-pages-joined")
_RESUME = rule("resume")
_FULL_PAGES = rule("full-pages")
_PASSINGS_ORDER = rule("passings-order")

_BATCH = 1251
_DAY = 86_400_000


@dataclass(frozen=True)
class _Paged:
    """A read that has pages, and the rules about them."""

    operation_id: str
    path: dict[str, str]
    query: dict[str, str]
    joined: Statement
    size: Statement | None = None
    order: Statement | None = None
    member: str = "result"


@check("getSessionPassings", "getDevicePassings", "continueDevicePassings", "insertPassings", writes=True)
def pages_together_have_every_passing_once(run: Run, material: Material) -> None:
    """A page holds at most 5000 passings; the pages together hold every passing once and in order"""
    device = material.playground()
    session = open_session(run, device, "one more than a page")
    whole = range(1, run.contract.page_size + 2)
    for start in range(0, len(whole), _BATCH):
        insert(run, device, session, [_passing(number) for number in whole[start : start + _BATCH]])
    deviceid, token_session = {"deviceid": device.deviceid}, {"token_session": session.token_session}
    span = {"from": entry(1, 30 * _DAY)["timestamp"], "to": entry(1, 31 * _DAY)["timestamp"]}
    for paged in (
        _Paged("getSessionPassings", token_session, {}, _PAGES_JOINED, _PAGE_SIZE, _PASSINGS_ORDER),
        _Paged("getDevicePassings", deviceid, span, _TIME_PAGES_JOINED, _TIME_PAGE_SIZE),
        _Paged("continueDevicePassings", deviceid, token_session, _RESUME, member="passings"),
    ):
        _join(run, session, paged)


def _passing(number: int) -> dict[str, Any]:
    return {
        "bib": str(number),
        "num_passing": number,
        "timestamp": entry(number, 30 * _DAY + number)["timestamp"],
        "latitude": "1.5",
        "longitude": "2.5",
    }


def _join(run: Run, session: SessionModel, paged: _Paged) -> None:
    first, found = _page(run, paged, 1)
    if found is None:
        return
    size = run.contract.page_size
    full = len(found) >= size
    first.against(_FULL_PAGES).holds(full, f"{size} passings, as more follow", f"{len(found)} passings", "/result")
    joined = _of_session(found, session) + _of_session(_page(run, paged, 2)[1] or [], session)
    whole = session.numbers()
    lost = sorted(set(whole) - set(joined))
    doubled = sorted(number for number, count in Counter(joined).items() if count > 1)
    expected = f"{len(whole)} passings, each once, on two pages"
    complete = first.against(paged.joined).holds(
        not lost and not doubled, expected, f"lost {lost[:5]}, doubled {doubled[:5]}", "/result"
    )
    if complete and paged.order:
        expected = "in the order of num_passing across pages"
        first.against(paged.order).holds(joined == whole, expected, "another order", "/result")


def _page(run: Run, paged: _Paged, page: int) -> tuple[JudgedExchange, list[Entry] | None]:
    """The answer, and its passings; None for the documented answer that there are none."""
    exchange = run.ask(paged.operation_id, paged.path, {**paged.query, "page": page})
    if exchange.status == 404:
        exchange.is_error("PassingsNotFound")
        return exchange, None
    found = exchange.expect().entries(paged.member)
    if paged.size:
        most = run.contract.page_size
        exchange.against(paged.size).holds(len(found) <= most, f"at most {most} passings", f"{len(found)}", "/result")
    return exchange, found


def _of_session(found: list[Entry], session: SessionModel) -> list[Any]:
    """The numbers of the session's own passings: without the unbind permission, other checks share the device."""
    own = [each for each in found if each.get("token_session", session.token_session) == session.token_session]
    return [number for number in numbers(own) if isinstance(number, int)]
