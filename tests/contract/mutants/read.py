"""Defects in reading passings by number, by time, and onwards into the next session."""

from typing import Any

from flask import Flask, Response, request

from rufus_mock.base.errors import PassingsNotFound
from rufus_mock.world import Company
from rufus_mock.world.passings import Page, PassingsArray
from rufus_mock.world.store import Selection
from tests.contract.mutants.mutant import NOTE, Spoil, add, mutant
from tests.contract.mutants.spoiling import answers, companies, each, put, queries, raw, rename, rows

_SESSION = "/passings/session/[^/]+"
add("first_is_ignored", "getSessionPassings", "range", queries(_SESSION, lambda q: q.pop("first", None)))
add("last_is_ignored", "getSessionPassings", "range", queries(_SESSION, lambda q: q.pop("last", None)))
add("page_is_ignored", "getSessionPassings", "pages-joined", queries(_SESSION, lambda q: q.pop("page", None)))


def _less_one(query: dict[str, str]) -> None:
    if query.get("last", "").isdigit() and int(query["last"]) > 0:
        query["last"] = str(int(query["last"]) - 1)


add("the_last_bound_is_exclusive", "getSessionPassings", "range-inclusive", queries(_SESSION, _less_one), NOTE)


@mutant("getSessionPassings", "range-upside-down", NOTE)
def a_range_upside_down_is_a_400(app: Flask) -> None:
    def refuse(response: Response) -> None:
        first, last = request.args.get("first", "0"), request.args.get("last", "9" * 16)
        if first.isdigit() and last.isdigit() and int(first) > int(last):
            response.status_code = 400

    raw("getSessionPassings", refuse)(app)


def _pages_of(size: int, step: int) -> Spoil:
    """Pages of a session hold `size` passings and begin `step` apart."""

    def spoil(app: Flask) -> None:
        for company in companies(app):
            by_number = company.passings.by_number

            def sized(
                token_session: str,
                first: int | None,
                last: int | None,
                page: int,
                company: Company = company,
                by_number: Any = by_number,
            ) -> Page:
                known = company.sessions.find(token_session) is not None
                selection = company.state.store.by_number(token_session) if known else Selection(0, lambda *_: [])
                if selection.total <= 4999:
                    found: Page = by_number(token_session, first, last, page)
                    return found
                start = (page - 1) * step
                if start >= selection.total:
                    raise PassingsNotFound(token_session=token_session)
                runs = selection.read(start, min(start + size, selection.total))
                passings = PassingsArray([company.passings.with_members(run) for run in runs])
                return Page(passings, page, size, selection.total, page * size < selection.total)

            company.passings.by_number = sized  # type: ignore[method-assign]

    return spoil


add("a_page_holds_5001", "getSessionPassings", "200 Passings", _pages_of(5001, 5001))
add("a_page_holds_4999", "getSessionPassings", "full-pages", _pages_of(4999, 4999), NOTE)
add("pages_overlap_by_one", "getSessionPassings", "pages-joined", _pages_of(5000, 4999))
add("pages_lose_one", "getSessionPassings", "pages-joined", _pages_of(4999, 5000))
add(
    "passings_come_in_reverse",
    "getSessionPassings",
    "passings-order",
    answers("getSessionPassings", rows(lambda found: found.reverse())),
)
add(
    "milliseconds_are_lost",
    "getSessionPassings",
    "passing-as-sent",
    answers("getSessionPassings", each(lambda p: p.update(timestamp=p["timestamp"][:19] + ".000Z"))),
)
add(
    "times_have_an_offset",
    "getSessionPassings",
    "200 Passings",
    answers("getSessionPassings", each(lambda p: p.update(timestamp=p["timestamp"][:-1] + "+00:00"))),
)
add(
    "coordinates_are_numbers",
    "getSessionPassings",
    "200 Passings",
    answers("getSessionPassings", each(lambda p: p.update(latitude=float(p["latitude"])))),
)
add(
    "bibs_are_numbers",
    "getSessionPassings",
    "200 Passings",
    answers("getSessionPassings", each(lambda p: p.update(bib=1))),
)
add(
    "chip_is_missing",
    "getSessionPassings",
    "200 Passings",
    answers("getSessionPassings", each(lambda p: p.pop("chip"))),
)
add(
    "chip_is_called_chips",
    "getSessionPassings",
    "200 Passings",
    answers("getSessionPassings", each(rename("chip", "chips"))),
)


def _empty_200(response: Response) -> None:
    if b"Passings not found" in response.get_data():
        response.status_code = 200
        response.set_data(b'{"description":"Success","result":[]}')


add("no_passings_is_a_200", "getSessionPassings", "404 PassingsNotFound", raw("getSessionPassings", _empty_200))
add(
    "passings_404_has_another_text",
    "getSessionPassings",
    "404 SessionNotFound",
    answers("getSessionPassings", lambda b: b.update(description="Not found"), 404),
)


def _broken(response: Response) -> None:
    if len(request.args) and response.status_code == 200:
        response.status_code = 500
        response.set_data(b'{"description":"Internal server error"}')


add("any_range_is_a_500", "getSessionPassings", "200 Passings", raw("getSessionPassings", _broken))


_DEVICE = "/passings/device/[^/]+"
add("from_is_ignored", "getDevicePassings", "time-range", queries(_DEVICE, lambda q: q.pop("from", None)))
add("to_is_ignored", "getDevicePassings", "time-range", queries(_DEVICE, lambda q: q.pop("to", None)))
add(
    "page_of_a_device_is_ignored",
    "getDevicePassings",
    "time-pages-joined",
    queries(_DEVICE, lambda q: q.pop("page", None)),
)


@mutant("getDevicePassings", "time-range")
def only_the_newest_session_is_read(app: Flask) -> None:
    def newest(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [p for p in found if p["token_session"] == found[-1]["token_session"]]

    answers("getDevicePassings", rows(newest))(app)


add(
    "passings_name_the_device_in_lower_case",
    "getDevicePassings",
    "200 Passings",
    answers("getDevicePassings", each(lambda p: p.update(deviceid=p["deviceid"].lower()))),
)
add(
    "passings_of_a_device_come_twice",
    "getDevicePassings",
    "time-pages-joined",
    answers("getDevicePassings", rows(lambda found: [*found, found[0]] if len(found) < 5000 else None)),
)
add(
    "passings_of_a_device_come_by_number",
    "getDevicePassings",
    "time-order",
    answers("getDevicePassings", rows(lambda found: found.sort(key=lambda p: p["num_passing"]))),
    NOTE,
)


_NEXT = "/passings/device2/[^/]+"


@mutant("continueDevicePassings", "jump")
def it_does_not_jump(app: Flask) -> None:
    def stay(body: dict[str, Any]) -> None:
        asked = request.args.get("token_session")
        if asked and body["session_used"] != asked:
            body.update(session_used=asked, passings=[])

    answers("continueDevicePassings", stay)(app)


def _resume_early(query: dict[str, str]) -> None:
    if query.get("last", "").isdigit() and int(query["last"]) > 0:
        query["last"] = str(int(query["last"]) - 1)


add("it_repeats_the_last_passing", "continueDevicePassings", "resume", queries(_NEXT, _resume_early))
add(
    "it_ignores_the_session",
    "continueDevicePassings",
    "resume",
    queries(_NEXT, lambda q: [q.pop(name, None) for name in ("token_session", "last")]),
)
add(
    "resumed_from_is_always_0",
    "continueDevicePassings",
    "session-used",
    answers("continueDevicePassings", put(resumed_from=0)),
)
add(
    "session_label_is_missing",
    "continueDevicePassings",
    "200 PassingsContinued",
    answers("continueDevicePassings", lambda body: body.pop("session_label") and body),
)
add(
    "session_used_is_the_alias",
    "continueDevicePassings",
    "session-used",
    answers("continueDevicePassings", lambda body: body.update(session_used=body["session_label"])),
)
add(
    "continued_passings_are_called_result",
    "continueDevicePassings",
    "200 PassingsContinued",
    answers("continueDevicePassings", rename("passings", "result")),
)
