"""The list of devices, its pages, and whose devices it holds."""

from collections.abc import Sequence
from typing import Any

from ...dialects import OPENAPI
from ..judge.exchange import JudgedExchange
from ..judge.statements import rule
from ..run import Run
from ..session.exchange import Entry
from ..subject.material import Material
from .check import check

_EMPTY_LIST = rule("devices-empty-list")
_OF_COMPANY = rule("devices-of-company")
_ORDER = rule("devices-order")
_PAGES = rule("device-pages")
_PAGINATION = rule("device-pagination")
_PAST_THE_END = rule("devices-past-the-end")
_COMPANIES_APART = rule("companies-apart")


@check("listDevices")
def devices_are_listed(run: Run, material: Material) -> None:
    """The list has the company's devices, in pages of `limit`"""
    if not run.writes_off:
        material.require_writes()
        if run.may_unbind:
            material.spare()
    exchange = run.ask("listDevices")
    listed = _devices(exchange)
    if not run.writes_off:
        _own_devices(run, exchange, listed)
    _pagination(run, exchange, 1, len(listed))
    _other_company(run, listed)
    _past_the_end(run, len(listed))
    if len(listed) < 2:
        run.coverage.skip([_PAGES.name], "the account has fewer than two devices")
        return
    _first_pages(run, listed)


def _devices(exchange: JudgedExchange) -> list[Any]:
    """The identifiers of the devices in a list."""
    listed = [entry.get("deviceid") for entry in exchange.expect().entries()]
    if not listed:
        exchange.against(_EMPTY_LIST).exercised()
    return listed


def _own_devices(run: Run, exchange: JudgedExchange, listed: Sequence[Any]) -> None:
    own = run.owned.bound
    missing = [deviceid for deviceid in own if deviceid not in listed]
    complete = exchange.against(_OF_COMPANY).nothing_missing(missing, "the device that was bound", "/result")
    if len(own) > 1 and complete:
        exchange.against(_ORDER).equals(own, [deviceid for deviceid in listed if deviceid in own], "/result")


def _other_company(run: Run, listed: Sequence[Any]) -> None:
    if run.keys.other_key:
        exchange = run.ask("listDevices", key=run.keys.other_key)
        theirs = [entry.get("deviceid") for entry in exchange.expect().entries_if_any()]
        if exchange.body.get("result") == []:
            exchange.against(_EMPTY_LIST).exercised()
        both = [deviceid for deviceid in listed if deviceid in theirs]
        for statement in (_OF_COMPANY, _COMPANIES_APART):
            exchange.against(statement).nothing_more(both, "none of another company's devices", "/result")


def _past_the_end(run: Run, total: int) -> None:
    exchange = run.ask("listDevices", query={"page": 1000, "limit": 1})
    if exchange.status == 200 and exchange.expect().get("result") and total < 1000:
        exchange.against(_PAGES).broken("no devices past the last page", exchange.reply.body, "/result")
    else:
        exchange.against(_PAST_THE_END).status_is(200, "and []")


def _first_pages(run: Run, listed: Sequence[Any]) -> None:
    joined: list[Any] = []
    for page in (1, 2):
        exchange = run.ask("listDevices", query={"page": page, "limit": 1})
        entries: list[Entry] = exchange.expect().entries_if_any()
        one = len(entries) <= 1
        exchange.against(_PAGES).holds(one, "at most 1 device", f"{len(entries)} devices", "/result")
        joined += [entry.get("deviceid") for entry in entries]
        _pagination(run, exchange, page, len(listed), 1)
    exchange.against(_PAGES).equals(list(listed[:2]), joined, "/result")


def _pagination(run: Run, exchange: JudgedExchange, page: int, total: int, limit: int | None = None) -> None:
    pagination = exchange.body.get("pagination")
    if run.dialect != OPENAPI or not isinstance(pagination, dict):
        return
    wanted = {"page": page, "total": total, "has_more": limit is not None and page * limit < total}
    if limit is not None:
        wanted["limit"] = limit
    for name, value in wanted.items():
        exchange.against(_PAGINATION).field_is(value, pagination, name, "/pagination")
