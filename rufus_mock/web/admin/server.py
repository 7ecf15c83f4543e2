"""The server: health, readiness, the document of the admin API, and a reset of everything."""

from importlib import metadata
from typing import Any

from flask import Blueprint, request

from ..request.exchange import asked_url
from .operations import AdminCall, operation

blueprint = Blueprint("admin_server", __name__)


@operation(blueprint, "getHealth")
def get_health(_: AdminCall) -> dict[str, Any]:
    return {"status": "up", "version": metadata.version("rufus-mock")}


@operation(blueprint, "getReady")
def get_ready(_: AdminCall) -> dict[str, Any]:
    return {"status": "ready"}


@operation(blueprint, "getDocument")
def get_document(call: AdminCall) -> dict[str, Any]:
    contract = call.admin.contract
    return contract.document(server=asked_url(request, contract.base_path))


@operation(blueprint, "reset")
def reset(call: AdminCall) -> dict[str, Any]:
    return {"companies": [company.id for company in call.world.reset()]}
