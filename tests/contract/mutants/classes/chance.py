"""Found by luck: defects that show only sometimes, or only if two things come together."""

import itertools
from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Flask, Response, request

from rufus_mock.world import Company, Session
from rufus_mock.world.store import Inserted
from tests.contract.mutants.classes.changing import ONWARDS, RANGE, SPAN, instead, queries_of
from tests.contract.mutants.classes.defect import defect, luck
from tests.contract.mutants.classes.writes import ACTIVITY, STORED
from tests.contract.mutants.mutant import Spoil
from tests.contract.mutants.spoiling import answers, asked, raw, rows

_add = partial(defect, "luck")


def _sometimes(one_in: int, operation: str, change: Callable[[dict[str, Any]], Any]) -> Spoil:
    """Changes one in so many answers, by chance."""

    def spoil(app: Flask) -> None:
        answers(operation, lambda body: change(body) if luck(app).random() < 1 / one_in else None)(app)

    return spoil


def _lacks_one(app: Flask) -> Callable[[list[Any]], Any]:
    return lambda found: found.pop(luck(app).randrange(len(found))) and None if len(found) > 1 else None


def _row_missing(operation: str, one_in: int) -> Spoil:
    return lambda app: _sometimes(one_in, operation, rows(_lacks_one(app)))(app)


_add(
    "one_read_by_range_in_20_lacks_a_row", RANGE, (" range", "pages-joined", "passing-as-sent"), _row_missing(RANGE, 20)
)
_add("one_read_by_time_in_20_lacks_a_row", SPAN, ("time-range", "time-pages-joined"), _row_missing(SPAN, 20))
_add(
    "one_read_onwards_in_15_lacks_its_first_row",
    ONWARDS,
    ("resume", "jump", "200 PassingsContinued"),
    _sometimes(15, ONWARDS, rows(lambda found: found[1:] if len(found) > 1 else None)),
)
_add(
    "one_read_by_range_in_20_has_a_row_twice",
    RANGE,
    ("pages-joined", "200 Passings"),
    _sometimes(20, RANGE, rows(lambda found: [*found, *found[-1:]])),
)
_add(
    "one_session_in_15_shows_one_passing_too_few",
    "getSession",
    "session-counts",
    _sometimes(15, "getSession", lambda b: b["result"][0].update(passings=max(b["result"][0]["passings"] - 1, 0))),
    "passings",
)


def _sometimes_fails(app: Flask) -> None:
    def fail(response: Response) -> None:
        if luck(app).random() < 1 / 20:
            response.status_code = 500
            response.set_data(b'{"description":"Internal server error"}')

    raw("getSession", fail, lambda status: status == 200)(app)


_add("one_description_of_a_session_in_20_fails", "getSession", "200 SessionInfo", _sometimes_fails)
_add(
    "first_is_ignored_without_last",
    RANGE,
    (" range",),
    queries_of(RANGE, lambda query: "last" not in query and query.pop("first", None)),
)
_add(
    "from_is_ignored_without_to",
    SPAN,
    ("time-range",),
    queries_of(SPAN, lambda query: "to" not in query and query.pop("from", None)),
)
_add(
    "last_is_ignored_if_first_is_given",
    RANGE,
    (" range",),
    queries_of(RANGE, lambda query: "first" in query and query.pop("last", None)),
)


def _every(number: int, method: str, do: Callable[..., Any], part: str = "sessions") -> Spoil:
    """Replaces one in so many calls of a method of the world: do(company, original, *arguments)."""

    def spoil(app: Flask) -> None:
        calls = itertools.count(1)

        def counted(company: Company, original: Callable[..., Any], *given: Any) -> Any:
            return original(*given) if next(calls) % number else do(company, original, *given)

        instead(part, method, counted)(app)

    return spoil


def _loses_the_last(_: Company, insert: Any, token_session: str, passings: Any) -> Inserted:
    inserted: Inserted = insert(token_session, passings[:-1] or passings)
    return Inserted(len(passings)) if inserted.new == len(passings) - 1 else inserted


_add(
    "every_7th_insert_loses_its_last_passing",
    "insertPassings",
    STORED,
    _every(7, "insert", _loses_the_last, "passings"),
)


def _leaves_open(company: Company, opening: Any, deviceid: str, alias: str | None) -> Session:
    active = [session for session in company.sessions.of_device(deviceid) if session.active]
    session: Session = opening(deviceid, alias)
    for other in active:
        other.active, other.closed = True, None
    return session


_add(
    "every_5th_session_leaves_the_one_before_open",
    "insertSession",
    ACTIVITY,
    _every(5, "open", _leaves_open),
)
_add(
    "every_6th_close_closes_nothing",
    "closeSession",
    (*ACTIVITY, "closed-takes-none"),
    _every(6, "close", lambda company, _, token_session: company.sessions.get(token_session) and None),
)


def _from_a_cache(app: Flask) -> None:
    """Every other read is answered with what the same read gave before."""
    earlier: dict[str, bytes] = {}

    @app.after_request
    def cached(response: Response) -> Response:
        if asked() == SPAN and response.status_code == 200:
            old = earlier.setdefault(request.full_path, response.get_data())
            earlier[request.full_path] = response.get_data()
            if luck(app).random() < 1 / 2:
                response.set_data(old)
        return response


_add(
    "every_other_read_by_time_is_from_a_cache",
    SPAN,
    ("time-range", "time-pages-joined", "passing-as-sent"),
    _from_a_cache,
)


def _in_two_runs(found: list[Any]) -> None:
    """Passings that came late stand at the end."""
    late = [p for p in found if p["num_passing"] % 10 == 0 and p["num_passing"]]
    found[:] = [p for p in found if p not in late] + late if len(found) < 1000 else found


_add(
    "every_10th_passing_stands_at_the_end",
    RANGE,
    "passings-order",
    answers(RANGE, rows(_in_two_runs)),
)
