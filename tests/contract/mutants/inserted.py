"""Defects in inserting passings."""

import re
from collections.abc import Callable
from typing import Any

import orjson
from flask import Flask, Response, request

from rufus_mock.base.errors import SessionNotFoundOrClosed
from rufus_mock.spec.dialects import OPENAPI
from rufus_mock.world import Company
from rufus_mock.world.entries import passing
from rufus_mock.world.passings import Page
from rufus_mock.world.store import Inserted
from tests.contract.mutants.mutant import NOTE, Spoil, add, mutant
from tests.contract.mutants.spoiling import after, answers, asked, companies, put, sent


@mutant("insertPassings", "closed-takes-none")
def a_closed_session_takes_passings(app: Flask) -> None:
    for company in companies(app):

        def insert(token_session: str, passings: Any, company: Company = company) -> Inserted:
            session = company.sessions.find(token_session)
            if session is not None:
                return Inserted(company.passings.load(token_session, passings))
            raise SessionNotFoundOrClosed(token_session=token_session)

        company.passings.insert = insert  # type: ignore[method-assign]


add(
    "fresh_passings_are_counted_one_too_few",
    "insertPassings",
    "fresh-count",
    answers("insertPassings", lambda body: body.update(inserted_count=body["inserted_count"] - 1)),
)
add(
    "duplicates_are_counted_in_a_string",
    "insertPassings",
    "201 PassingsInserted",
    answers("insertPassings", lambda body: body.update(duplicate_count=str(body["duplicate_count"]))),
    dialect=OPENAPI,
)


@mutant("insertPassings", "passing-identity", NOTE)
def a_repeat_overwrites_the_first_write(app: Flask) -> None:
    for company in companies(app):
        inserting, reading = company.passings.insert, company.passings.by_number
        latest: dict[tuple[str, int], bytes] = {}

        def insert(token_session: str, passings: Any, inserting: Any = inserting, latest: Any = latest) -> Inserted:
            inserted: Inserted = inserting(token_session, passings)
            latest.update(((token_session, number), fragment) for number, _, fragment in passings)
            return inserted

        def read(token_session: str, *query: Any, reading: Any = reading, latest: Any = latest) -> Page:
            page: Page = reading(token_session, *query)
            for _, _, fragments in page.passings.runs:
                if len(fragments) < 100:
                    numbers = [orjson.loads(b"{" + fragment + b"}")["num_passing"] for fragment in fragments]
                    fragments[:] = map(latest.get, [(token_session, number) for number in numbers], fragments)
            return page

        company.passings.insert = insert  # type: ignore[method-assign]
        company.passings.by_number = read  # type: ignore[method-assign, assignment]


@mutant("insertPassings", "passing-identity", NOTE)
def a_repeat_is_stored_twice(app: Flask) -> None:
    seen: dict[str, list[dict[str, Any]]] = {}

    @app.before_request
    def remember() -> None:
        if asked() == "insertPassings":
            try:
                body = orjson.loads(request.get_data())
                seen.setdefault(body["token_session"], []).extend(body["passings_list"])
            except (ValueError, KeyError, TypeError):
                return

    def doubled(body: dict[str, Any]) -> None:
        token_session = request.path.rpartition("/")[2]
        counts: dict[int, int] = {}
        for entry in seen.get(token_session, []):
            counts[entry["num_passing"]] = counts.get(entry["num_passing"], 0) + 1
        body["result"] = [p for p in body["result"] for _ in range(counts.get(p["num_passing"], 1))]

    answers("getSessionPassings", doubled)(app)


def _store_half(company: Company, body: Any) -> None:
    with_key = request.headers.get("x-api-key") or request.environ.get("HTTP_API_KEY")
    if with_key and company.sessions.find(body["token_session"]) is not None:
        company.passings.load(body["token_session"], [passing(body["passings_list"][0])])


add(
    "half_of_a_bad_list_is_stored",
    "insertPassings",
    "all-or-nothing",
    after("insertPassings", 400, _store_half),
    NOTE,
)


add(
    "passings_need_no_timestamp",
    "insertPassings",
    "400 BadRequest",
    sent(
        "insertPassings", lambda b: [p.setdefault("timestamp", "2024-05-01T08:00:00.000Z") for p in b["passings_list"]]
    ),
)
add(
    "passings_need_no_bib",
    "insertPassings",
    "400 BadRequest",
    sent("insertPassings", lambda body: [p.setdefault("bib", "0") for p in body["passings_list"]]),
)
add(
    "numbers_are_taken_for_bibs",
    "insertPassings",
    "wrong-parameter",
    sent("insertPassings", lambda b: [p.update(bib=str(p["bib"])) for p in b["passings_list"] if "bib" in p]),
    NOTE,
)


def _of_each(change: Callable[[dict[str, Any]], Any]) -> Callable[[dict[str, Any]], Any]:
    return lambda body: [change(passing) for passing in body["passings_list"]]


add(
    "bibs_are_stored_as_latin_1",
    "insertPassings",
    "passing-as-sent",
    sent("insertPassings", _of_each(lambda p: p.update(bib=p["bib"].encode("latin-1", "replace").decode("latin-1")))),
)
add(
    "coordinates_are_rounded",
    "insertPassings",
    "passing-as-sent",
    sent("insertPassings", _of_each(lambda p: p.update(latitude=str(round(float(p["latitude"]), 2))))),
)
add(
    "coordinates_get_zeros",
    "insertPassings",
    "coordinate-text",
    sent(
        "insertPassings",
        _of_each(lambda p: p.update(latitude=f"{float(p['latitude']):.7f}") if "." in str(p.get("latitude")) else None),
    ),
    NOTE,
)
add(
    "unknown_fields_are_taken",
    "insertPassings",
    "unknown-fields-refused",
    sent("insertPassings", _of_each(lambda p: p.pop("contract_test", None))),
    NOTE,
    dialect=OPENAPI,
)


def _refuses_unknown_fields(app: Flask) -> None:
    @app.before_request
    def refused() -> Response | None:
        if asked() == "insertSession" and b"contract_test" in request.get_data():
            return Response(b'{"message":"Bad Request"}', 400, content_type="application/json")
        return None


add("unknown_fields_are_refused", "insertSession", "unknown-fields-ignored", _refuses_unknown_fields, NOTE)


def _time_sent(form: str, timestamp: str) -> Spoil:
    """Changes the timestamps of a form (a regular expression) to another one."""

    def change(passing: dict[str, Any]) -> None:
        passing["timestamp"] = re.sub(f"^{form}$", timestamp, passing["timestamp"])

    return sent("insertPassings", _of_each(change))


add(
    "times_without_an_offset_are_refused",
    "insertPassings",
    "time-without-offset",
    _time_sent("[^Z+]*", "refused"),
    NOTE,
)
add(
    "times_without_an_offset_are_local",
    "insertPassings",
    "time-without-offset-as-utc",
    _time_sent("([^Z+]*)[ T]([^Z+]*)", r"\1T\2+01:00"),
    NOTE,
)
add(
    "times_without_an_offset_need_a_space_and_milliseconds",
    "insertPassings",
    "time-without-offset-as-utc",
    _time_sent(r"([^Z+]*T[^Z+]*|[^Z+]*\.\d{9})", "refused"),
    NOTE,
)
add("offsets_are_ignored", "insertPassings", "other-times", _time_sent(r"(.*)\+\d\d:\d\d", r"\1Z"), NOTE)
add(
    "chips_are_dropped",
    "insertPassings",
    "chips",
    sent("insertPassings", _of_each(lambda p: p.pop("chips", None))),
    NOTE,
)
add(
    "the_last_of_a_list_is_dropped",
    "insertPassings",
    "passing-as-sent",
    sent("insertPassings", lambda b: len(b["passings_list"]) > 1 and b["passings_list"].pop()),
)
add(
    "insert_to_a_closed_session_has_another_text",
    "insertPassings",
    "404 SessionNotFoundOrClosed",
    answers("insertPassings", put(description="Session not found"), 404),
)
