"""Operations on passings. https://help.runonrufus.com/public-api/race-passings"""

from typing import Any

from flask import Blueprint, Response

from ...assumptions.inserts import BAD_ENTRY, INSERTED_COUNT, STATUS
from ...base.errors import BadRequest
from ...spec.validation import Problem, bad_request, time
from ...world import Passing
from ...world.passings import Page, passing
from ..request.call import Call
from ..request.operations import operation
from ..request.pagination import pagination

blueprint = Blueprint("passings", __name__)


@operation(blueprint, "insertPassings")
def insert_passings(call: Call) -> Response:
    token_session, sent = call.body["token_session"], call.body["passings_list"]
    passings = _passings(call, sent)
    inserted = call.company.passings.insert(token_session, passings)
    return call.answer(
        call.assumptions[STATUS](),
        token_session=token_session,
        inserted_count=call.assumptions[INSERTED_COUNT](inserted, len(sent) + call.dropped),
        duplicate_count=len(passings) - inserted,
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


def _passings(call: Call, sent: list[dict[str, Any]]) -> list[Passing]:
    """The valid entries, ready to be stored. Raises BadRequest, which names an invalid one."""
    try:
        return [passing(entry) for entry in sent]
    except ValueError:
        return _valid(call, sent)


def _valid(call: Call, sent: list[dict[str, Any]]) -> list[Passing]:
    valid: list[Passing] = []
    # Not the errors themselves: their tracebacks lead back here, and such a cycle would keep the body in memory.
    refusals: list[dict[str, Any]] = []
    for index, entry in enumerate(sent):
        try:
            time(entry["timestamp"], "body", ["passings_list", index, "timestamp"])
            valid.append(passing(entry))
        except BadRequest as error:
            refusals.append(error.fields)
    if valid and call.assumptions[BAD_ENTRY]():
        return valid
    raise BadRequest(**refusals[0])
