"""GET /openapi.json: the contract that the server answers by."""

import orjson
from flask import Blueprint, Response, current_app, request

from ..request.answers import JSON
from ..request.exchange import asked_url
from ..request.operations import Mock

blueprint = Blueprint("contract", __name__)


@blueprint.get("/openapi.json", provide_automatic_options=False)
def openapi() -> Response:
    mock: Mock = current_app.extensions["rufus_mock"]
    server = asked_url(request, mock.specification.base_path)
    document = mock.specification.document(mock.renderer.dialect, server)
    return Response(orjson.dumps(document), content_type=JSON)
