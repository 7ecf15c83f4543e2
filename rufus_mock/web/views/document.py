"""GET /openapi.json: the contract that the server follows."""

import orjson
from flask import Blueprint, Response, current_app, request

from ..request.answers import JSON
from ..request.api import Api
from ..request.exchange import asked_url

blueprint = Blueprint("contract", __name__)


@blueprint.get("/openapi.json", provide_automatic_options=False)
def openapi() -> Response:
    api = Api.of(current_app)
    server = asked_url(request, api.contract.base_path)
    document = api.contract.document(api.renderer.dialect, server, api.world.assumptions.changed())
    return Response(orjson.dumps(document), content_type=JSON)
