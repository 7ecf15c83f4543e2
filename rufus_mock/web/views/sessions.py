"""Operations on sessions. https://help.runonrufus.com/public-api/timing-sessions"""

from flask import Blueprint, Response

from ...assumptions.sessions import INSERT_STATUS, PAGINATION
from ..request.call import Call
from ..request.operations import operation
from ..request.pagination import pagination

blueprint = Blueprint("sessions", __name__)


@operation(blueprint, "insertSession")
def insert_session(call: Call) -> Response:
    session = call.company.sessions.open(call.body["deviceid"], call.body.get("alias"))
    return call.answer(call.assumptions[INSERT_STATUS](), token_session=session.token_session)


@operation(blueprint, "closeSession")
def close_session(call: Call, token_session: str) -> Response:
    call.company.sessions.close(token_session)
    return call.answer(token_session=token_session)


@operation(blueprint, "getDeviceSessions")
def get_device_sessions(call: Call, deviceid: str) -> Response:
    sessions = call.entries(call.company.sessions.describe_all(deviceid))
    # The operation has no page parameter: all sessions are one page.
    return call.answer_page(PAGINATION, result=sessions, pagination=pagination(1, len(sessions) or 1, len(sessions)))


@operation(blueprint, "getActiveSession")
def get_active_session(call: Call, deviceid: str) -> Response:
    # The live API documents a list with one entry here, but an object for a device.
    active = call.company.sessions.describe_active(deviceid)
    return call.answer(result=[call.shaped("session", session) for session in active])


@operation(blueprint, "getSession")
def get_session(call: Call, token_session: str) -> Response:
    return call.answer(result=[call.shaped("session", call.company.sessions.describe(token_session))])
