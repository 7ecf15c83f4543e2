"""Ties a view to an operation of the admin API: its path and method, its parameters, its status."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import Blueprint, Response, request
from flask.blueprints import BlueprintSetupState

from ...base.errors import ApiError, MissingAdminToken, NotReady
from ...spec.admin_contract import AdminContract, AdminOperation
from ...spec.dialects import PAGES
from ...world import World
from ..request.answers import JSON, Renderer, json_response
from ..request.exchange import read
from ..request.operations import Mock, Parameters, add_route
from .origin import Doorkeeper
from .templates import Templates

View = Callable[..., Any]

_OPEN_TO_PROBES = {"getHealth", "getReady"}
"""These need no token and answer to every host: they reveal nothing, and a load balancer uses its own name for us."""

_WITHOUT_WORLD = {*_OPEN_TO_PROBES, "getDocument"}
_OF_ANY_SIZE = {"putState", "putCompanyState"}
"""What a snapshot gave must go back in, however large."""


@dataclass
class Admin:
    """What the views of the admin API share. Hangs on app.extensions["rufus_mock_admin"]."""

    specification: AdminContract
    mock: Mock
    doorkeeper: Doorkeeper
    templates: Templates


class AdminCall:
    """One request to the admin API that was let through."""

    def __init__(self, admin: Admin, query: dict[str, Any], body: dict[str, Any]) -> None:
        self.admin = admin
        self.world: World = admin.mock.world
        self.query = query
        self.body = body


def operation(blueprint: Blueprint, operation_id: str) -> Callable[[View], View]:
    """Registers a view for an operation. The view gets an AdminCall and the path parameters, and returns the body."""

    def decorate(view: View) -> View:
        def register(state: BlueprintSetupState) -> None:
            admin: Admin = state.app.extensions["rufus_mock_admin"]
            contract = admin.specification.operations[operation_id]
            add_route(state, contract, _guarded(view, contract, admin))

        blueprint.record(register)
        return view

    return decorate


def _guarded(view: View, contract: AdminOperation, admin: Admin) -> View:
    parameters = Parameters(contract, admin.mock)
    renderer = Renderer(admin.specification, PAGES)

    def body() -> dict[str, Any]:
        if contract.id in _OF_ANY_SIZE:
            request.max_content_length = sys.maxsize  # None would be the application's limit
        data = read(request)
        if not data and contract.optional:
            return {}
        return parameters.body(data)

    @wraps(view)
    def guarded(**path: str) -> Response:
        try:
            admin.doorkeeper.refuse_pages(request.headers)
            if contract.id not in _OPEN_TO_PROBES:
                admin.doorkeeper.refuse_public_hosts(request.environ)
                admin.doorkeeper.demand_token(request.headers)
            if not admin.mock.world.ready and contract.id not in _WITHOUT_WORLD:
                raise NotReady
            answer = view(AdminCall(admin, parameters.query(request), body()), **path)
        except ApiError as error:
            error.fields = admin.mock.masker.mask(error.fields, names=False)
            response = renderer.error(error)
            if isinstance(error, MissingAdminToken):
                response.headers["WWW-Authenticate"] = "Bearer"  # RFC 9110 demands it of a 401
            return response
        if isinstance(answer, bytes):
            return Response(answer, contract.status, content_type=JSON)
        return json_response(answer, contract.status)

    return guarded
