"""The life of a request to the admin API: one class, one method for each step, in the order of the steps."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, request

from ...base.errors import ApiError, MissingAdminToken
from ...spec.admin_contract import AdminContract, AdminOperation
from ...spec.dialects import PAGES
from ...world import World
from ..request.answers import JSON, Renderer, json_response
from ..request.api import Api
from ..request.exchange import read
from ..request.parameters import Parameters
from .access import AdminAccess
from .templates import Templates

View = Callable[..., Any]

_OPEN_TO_PROBES = {"getHealth", "getReady"}
"""These need no token and accept every host: they reveal nothing, and a load balancer has its own name for the host."""

_OF_ANY_SIZE = {"putState", "putCompanyState"}
"""A snapshot can always be restored, however large it is."""


@dataclass
class Admin:
    """What the views of the admin API share."""

    contract: AdminContract
    api: Api
    access: AdminAccess
    templates: Templates

    @classmethod
    def of(cls, app: Flask) -> "Admin":
        """The admin API of an application."""
        admin: Admin = app.extensions["rufus_mock_admin"]
        return admin


class AdminCall:
    """One valid and permitted call of an operation of the admin API."""

    def __init__(self, admin: Admin, query: dict[str, Any], body: dict[str, Any]) -> None:
        self.admin = admin
        self.world: World = admin.api.world
        self.query = query
        self.body = body


class AdminPipeline:
    """Takes each request to one operation of the admin API from its arrival to its answer."""

    def __init__(self, admin: Admin, operation: AdminOperation, view: View) -> None:
        self._admin = admin
        self._operation = operation
        self._view = view
        self._parameters = Parameters(operation, admin.api.contract.max_depth, admin.api.large_body)
        self._renderer = Renderer(admin.contract, PAGES)

    def handle(self, **path: str) -> Response:
        """The Flask view function of the operation."""
        try:
            self.admit()
            call = self.parse()
            return self.answer(call, path)
        except ApiError as error:
            return self.refuse(error)

    def admit(self) -> None:
        """Raises CrossOrigin, HostNotAllowed, MissingAdminToken."""
        self._admin.access.check_origin(request.headers)
        if self._operation.id not in _OPEN_TO_PROBES:
            self._admin.access.check_host(request.environ)
            self._admin.access.check_token(request.headers)

    def parse(self) -> AdminCall:
        """The query and the body. Raises BadRequest, ContentTooLarge."""
        query = self._parameters.query(request)
        if self._operation.id in _OF_ANY_SIZE:
            request.max_content_length = sys.maxsize  # None would mean the application's limit
        data = read(request)
        body = {} if self._operation.optional and not data else self._parameters.body(data)
        return AdminCall(self._admin, query, body)

    def answer(self, call: AdminCall, path: dict[str, str]) -> Response:
        """The answer of the view. Raises every error that the operation documents."""
        answer = self._view(call, **path)
        if isinstance(answer, bytes):
            return Response(answer, self._operation.status, content_type=JSON)
        return json_response(answer, self._operation.status)

    def refuse(self, error: ApiError) -> Response:
        """The answer to a request that one of the steps refused, without the keys that the request had in it."""
        error.fields = self._admin.api.masker.mask(error.fields, names=False)
        response = self._renderer.error(error)
        if isinstance(error, MissingAdminToken):
            response.headers["WWW-Authenticate"] = "Bearer"  # RFC 9110 requires it in a 401
        return response
