"""Limits: counts that end at the page size, limits that are off by one, and only the newest sessions considered."""

from functools import partial
from typing import Any

from flask import request

from rufus_mock.spec.dialects import OPENAPI
from rufus_mock.world import Company
from tests.contract.mutants.classes.changing import (
    ONWARDS,
    RANGE,
    SPAN,
    field,
    instead,
    of_entries,
    queries_of,
    rows_if,
)
from tests.contract.mutants.classes.defect import defect
from tests.contract.mutants.spoiling import answers, sent

_add = partial(defect, "limits")

_PAGE = 5000


def _capped(count: int) -> int:
    return min(count, _PAGE)


_add(
    "a_session_counts_5000_passings_at_most",
    "getSession",
    "session-counts",
    of_entries("getSession", field("passings", _capped)),
    "passings",
    large=True,
)
_add(
    "a_device_counts_5000_passings_at_most",
    "getDevice",
    "device-counts",
    of_entries("getDevice", field("passings", _capped)),
    "passings",
    large=True,
)
_add(
    "the_list_of_sessions_counts_5000_passings_at_most",
    "getDeviceSessions",
    "all-sessions",
    of_entries("getDeviceSessions", field("passings", _capped)),
    "passings",
    large=True,
)


def _to_the_page_size(query: dict[str, str]) -> None:
    if query.get("first", "").isdigit():
        query["first"] = str(_capped(int(query["first"])))


_add(
    "a_first_above_the_page_size_is_the_page_size",
    RANGE,
    (" range", "passing-as-sent", "pages-joined"),
    queries_of(RANGE, _to_the_page_size),
)
_add(
    "page_3_is_page_2",
    RANGE,
    ("pages-joined", " range", "200 Passings", "404 PassingsNotFound"),
    queries_of(RANGE, lambda query: query.get("page") == "3" and query.update(page="2")),
    large=True,
)
_add(
    "page_3_by_time_is_page_2",
    SPAN,
    ("time-pages-joined", "time-range", "200 Passings", "404 PassingsNotFound"),
    queries_of(SPAN, lambda query: query.get("page") == "3" and query.update(page="2")),
    large=True,
)
_add(
    "an_insert_stores_1000_passings_at_most",
    "insertPassings",
    ("passing-as-sent", "fresh-count", "pages-joined"),
    sent("insertPassings", lambda body: body.update(passings_list=body["passings_list"][:1000])),
    large=True,
)


def _one_more(query: dict[str, str]) -> None:
    if query.get("limit", "").isdigit() and int(query["limit"]) > 1:
        query["limit"] = str(int(query["limit"]) + 1)


_add("a_limit_above_1_gives_one_device_more", "listDevices", "device-pages", queries_of("listDevices", _one_more))


def _one_less(body: dict[str, Any]) -> None:
    if len(body["result"]) == int(request.args.get("limit", "0")) > 1:
        body["result"].pop()


_add("a_full_page_of_devices_lacks_its_last", "listDevices", "device-pages", answers("listDevices", _one_less))


def _more_after_the_last(body: dict[str, Any]) -> None:
    shown = body["pagination"]
    shown["has_more"] = shown["page"] * shown["limit"] <= shown["total"]


_add(
    "has_more_is_true_on_a_last_page_that_is_full",
    "listDevices",
    "device-pagination",
    answers("listDevices", _more_after_the_last),
    "has_more",
    dialect=OPENAPI,
)
_add(
    "total_is_the_number_on_the_page",
    "listDevices",
    "device-pagination",
    answers("listDevices", lambda body: body["pagination"].update(total=len(body["result"]))),
    "total",
    dialect=OPENAPI,
)
_add(
    "the_list_has_10_devices_without_a_limit",
    "listDevices",
    ("devices-of-company", "device-pages"),
    queries_of("listDevices", lambda query: query.setdefault("limit", "10")),
)
_add(
    "only_the_newest_10_sessions_are_listed",
    "getDeviceSessions",
    "all-sessions",
    answers("getDeviceSessions", lambda body: body.update(result=body["result"][-10:])),
)


def _newest(company: Company, deviceid: str, most: int) -> set[str]:
    return {session.token_session for session in company.sessions.of_device(deviceid)[-most:]}


def _span_of_newest(company: Company, read: Any, deviceid: str, *given: Any) -> Any:
    page, newest = read(deviceid, *given), _newest(company, deviceid, 5)
    page.passings.runs[:] = [run for run in page.passings.runs if run[0].split(b'"')[3].decode() in newest]
    return page


_add(
    "reads_by_time_consider_the_newest_5_sessions",
    SPAN,
    "time-range",
    instead("passings", "by_time", _span_of_newest),
)


def _counts_newest(company: Company, describe: Any, deviceid: str) -> Any:
    return describe(deviceid) | {"sessions": min(len(company.sessions.of_device(deviceid)), 10)}


_add(
    "a_device_counts_10_sessions_at_most",
    "getDevice",
    "device-counts",
    instead("devices", "describe", _counts_newest),
    "sessions",
)
_add(
    "reading_on_gives_1000_passings_of_a_page",
    ONWARDS,
    ("resume", "jump", "200 PassingsContinued"),
    rows_if(ONWARDS, lambda: True, lambda found: found[:1000]),
    large=True,
)
