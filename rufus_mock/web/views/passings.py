"""Operations on passings. https://help.runonrufus.com/public-api/race-passings"""

from typing import Any

from flask import Blueprint, Response

from ...assumptions import trace
from ...assumptions.inserts import INSERTED_COUNT, STATUS
from ...base.timestamps import BOUNDS
from ...spec.validation import MOST_PROBLEMS, Problem, bad_request, described, pointer, time
from ...world import Passing
from ...world.entries import Read, SentEntries, refused
from ...world.passings import Page
from ..request.call import Call
from ..request.operations import operation
from ..request.pagination import pagination

blueprint = Blueprint("passings", __name__)


@operation(blueprint, "insertPassings")
def insert_passings(call: Call) -> Response:
    token_session, sent = call.body["token_session"], call.body["passings_list"]
    entries = SentEntries(call.assumptions)
    passings = _passings(call, sent, entries)
    trace.note_later(entries)
    inserted = call.company.passings.insert(token_session, passings)
    entries.accepted, entries.stored = True, inserted.stored
    return call.answer(
        call.assumptions[STATUS](),
        token_session=token_session,
        inserted_count=call.assumptions[INSERTED_COUNT](inserted.new, len(sent)),
        duplicate_count=len(sent) - inserted.new,
    )


@operation(blueprint, "getSessionPassings")
def get_session_passings(call: Call, token_session: str) -> Response:
    query = call.query
    return _page(call, call.company.passings.by_number(token_session, query["first"], query["last"], query["page"]))


@operation(blueprint, "getDevicePassings")
def get_device_passings(call: Call, deviceid: str) -> Response:
    query = call.query
    return _page(call, call.company.passings.by_time(deviceid, query["from"], query["to"], query["page"]))


@operation(blueprint, "continueDevicePassings")
def continue_device_passings(call: Call, deviceid: str) -> Response:
    query = call.query
    if query["last"] is not None and query["token_session"] is None:
        problem = Problem("query", "token_session", "/token_session", "a value: last needs it", "missing")
        raise bad_request(problem)
    found = call.company.passings.continued(
        deviceid, query["from"], query["to"], query["token_session"], query["last"], query["page"]
    )
    return call.answer(
        deviceid=deviceid,
        session_used=found.session and found.session.token_session,
        session_label=found.session and found.session.alias,
        resumed_from=found.resumed_from,
        passings=found.passings,
    )


def _page(call: Call, page: Page) -> Response:
    return call.answer(result=page.passings, pagination=pagination(page.page, page.limit, page.total))


def _passings(call: Call, sent: list[dict[str, Any]], entries: SentEntries) -> list[Passing]:
    """All entries, ready to be stored. Raises BadRequest, which names the entries that are invalid after all."""
    read = call.company.passings.read
    try:
        return [read(entry) for entry in sent]
    except ValueError:
        for index, entry in enumerate(sent):
            time(entry["timestamp"], "body", ["passings_list", index, "timestamp"])
        trace.note_later(entries)
        entries.accepted = True  # under another variant
        problems = _refused(sent, call) or _out_of_range(sent, read)
    raise bad_request(*problems)


def _refused(sent: list[dict[str, Any]], call: Call) -> list[Problem]:
    """The problems of the entries that an assumption refuses."""
    found, field, expected = refused(sent, call.assumptions.decision)
    return [_problem(index, field, expected, described(sent[index][field])) for index in found[:MOST_PROBLEMS]]


def _out_of_range(sent: list[dict[str, Any]], read: Read) -> list[Problem]:
    """The problem of the first entry whose time is out of range in its timezone."""
    for index, entry in enumerate(sent):
        try:
            read(entry)
        except ValueError as error:
            return [_problem(index, "timestamp", BOUNDS, str(error))]
    return []


def _problem(index: int, field: str, expected: str, actual: str) -> Problem:
    return Problem("body", field, pointer(["passings_list", index, field]), expected, actual)
