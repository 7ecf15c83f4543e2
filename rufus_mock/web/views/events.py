"""Operations on events. https://help.runonrufus.com/public-api/specifications/events"""

from flask import Blueprint, Response

from ...assumptions.events import PAGINATION
from ..request.call import Call
from ..request.operations import operation
from ..request.pagination import pagination

blueprint = Blueprint("events", __name__)


@operation(blueprint, "listEvents")
def list_events(call: Call) -> Response:
    page, limit = call.query["page"], call.query["limit"]
    events, total = call.company.events.page(page, limit)
    return call.answer_page(
        PAGINATION,
        result=[call.shaped("event-summary", event) for event in events],
        pagination=pagination(page, limit, total),
    )
