"""Operations on passings. https://help.runonrufus.com/public-api/race-passings"""

from typing import Any

from flask import Blueprint, Response

from ...assumptions.inserts import INSERTED_COUNT, STATUS
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
    inserted = call.company.passings.insert(token_session, _passings(sent))
    return call.answer(
        call.assumptions[STATUS](),
        token_session=token_session,
        inserted_count=call.assumptions[INSERTED_COUNT](inserted, len(sent)),
        duplicate_count=len(sent) - inserted,
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
        session_label=found.session and call.company.sessions.alias(found.session),
        resumed_from=found.resumed_from,
        passings=found.passings,
    )


def _page(call: Call, page: Page) -> Response:
    return call.answer(result=page.passings, pagination=pagination(page.page, page.limit, page.total))


def _passings(sent: list[dict[str, Any]]) -> list[Passing]:
    """All entries, ready to be stored. Raises BadRequest, which names the entry, for an impossible time."""
    try:
        return [passing(entry) for entry in sent]
    except ValueError:
        for index, entry in enumerate(sent):
            time(entry["timestamp"], "body", ["passings_list", index, "timestamp"])
        raise
