"""Operations on passings. https://help.runonrufus.com/public-api/race-passings"""

from typing import Any

from flask import Blueprint, Response

from ...assumptions import trace
from ...assumptions.device2 import FIELDS, LAST_WITHOUT_TOKEN
from ...assumptions.inserts import BAD_ENTRY, CHIPS, INSERTED_COUNT, STATUS, TIME_WITHOUT_OFFSET
from ...assumptions.reads import PAGINATION, UPSIDE_DOWN
from ...base.timestamps import BOUNDS, has_offset, render
from ...spec.validation import MOST_PROBLEMS, Problem, bad_request, described, pointer, time
from ...world import Passing
from ...world.entries import Read, SentEntries, refused
from ...world.passings import Page, PassingsArray
from ..request.call import Call
from ..request.operations import operation
from ..request.pagination import pagination

blueprint = Blueprint("passings", __name__)


@operation(blueprint, "insertPassings")
def insert_passings(call: Call) -> Response:
    token_session, sent = call.body["token_session"], call.body["passings_list"]
    entries = SentEntries(call.assumptions)
    entries.settled = call.assumptions.decision(BAD_ENTRY)()
    passings = _passings(call, sent, entries)
    trace.note_later(entries)
    inserted = call.company.passings.insert(token_session, passings)
    entries.accepted, entries.stored = True, inserted.stored
    count, received = inserted.new, len(sent) + call.dropped
    if count != received:
        count = call.assumptions[INSERTED_COUNT](count, received)
    return call.answer(
        call.assumptions[STATUS](),
        token_session=token_session,
        inserted_count=count,
        duplicate_count=len(passings) - inserted.new,
    )


@operation(blueprint, "getSessionPassings")
def get_session_passings(call: Call, token_session: str) -> Response:
    query = call.query
    _check_bounds(call, "first", "last")
    return _page(call, call.company.passings.by_number(token_session, query["first"], query["last"], query["page"]))


@operation(blueprint, "getDevicePassings")
def get_device_passings(call: Call, deviceid: str) -> Response:
    query = call.query
    _check_bounds(call, "from", "to")
    return _page(call, call.company.passings.by_time(deviceid, query["from"], query["to"], query["page"]))


@operation(blueprint, "continueDevicePassings")
def continue_device_passings(call: Call, deviceid: str) -> Response:
    query = call.query
    found = call.company.passings.continued(
        deviceid, query["from"], query["to"], query["token_session"], _last(call), query["page"]
    )
    return call.answer(
        deviceid=deviceid,
        session_used=found.session and found.session.token_session,
        session_label=found.session and call.company.sessions.alias(found.session),
        resumed_from=found.resumed_from,
        passings=_with_fields(call, found.passings),
    )


def _page(call: Call, page: Page) -> Response:
    shown = pagination(page.page, page.limit, page.total, page.has_more)
    return call.answer_page(PAGINATION, result=page.passings, pagination=shown)


def _with_fields(call: Call, passings: PassingsArray) -> PassingsArray:
    """The passings with the fields that they have in a continued read."""
    return passings.without(call.assumptions[FIELDS]()) if passings.runs else passings


def _check_bounds(call: Call, lower: str, upper: str) -> None:
    """Raises BadRequest for a lower bound above the upper one, if that is assumed to be an error."""
    low, high = call.query[lower], call.query[upper]
    if low is None or high is None or low <= high or not call.assumptions[UPSIDE_DOWN]():
        return
    least, actual = (render(low), render(high)) if lower == "from" else (low, high)
    raise bad_request(
        Problem("query", upper, f"/{upper}", f"at least {least}, the value of {lower}", described(actual))
    )


def _last(call: Call) -> int | None:
    """The num_passing after which to continue. Raises BadRequest if it is given without the session that it is of."""
    last: int | None = call.query["last"]
    if last is None or call.query["token_session"] is not None:
        return last
    decided = call.assumptions[LAST_WITHOUT_TOKEN](last)
    if isinstance(decided, type):
        problem = Problem("query", "token_session", "/token_session", "a value: last needs it", "missing")
        raise bad_request(problem)
    return decided


def _passings(call: Call, sent: list[dict[str, Any]], entries: SentEntries) -> list[Passing]:
    """The valid entries, ready to be stored. Raises BadRequest, which names the entries that are invalid after all.

    entries: is told which entries are left out.
    """
    read = call.company.passings.read
    if call.dropped:
        entries.kept = sent
    try:
        return [read(entry) for entry in sent]
    except ValueError:
        pass
    passings, kept = _valid(sent, read)
    if passings and entries.settled:
        entries.kept = kept
        return passings
    _doubt_refusals(sent, passings)
    for index, entry in enumerate(sent):
        time(entry["timestamp"], "body", ["passings_list", index, "timestamp"])
    raise bad_request(*(_refused(sent, call) or _out_of_range(sent, read)))


def _doubt_refusals(sent: list[dict[str, Any]], valid: list[Passing]) -> None:
    """Let a trial show whether the statements that refuse entries, or leave refused ones out, matter."""
    if any("chips" in entry for entry in sent):
        trace.doubt(CHIPS.id)
    if not all(has_offset(entry["timestamp"]) for entry in sent):
        trace.doubt(TIME_WITHOUT_OFFSET.id)
    if valid:
        trace.doubt(BAD_ENTRY.id)


def _valid(sent: list[dict[str, Any]], read: Read) -> tuple[list[Passing], list[dict[str, Any]]]:
    """The valid entries, ready to be stored and as they were sent."""
    passings, kept = [], []
    for entry in sent:
        try:
            passings.append(read(entry))
        except ValueError:
            continue
        kept.append(entry)
    return passings, kept


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
