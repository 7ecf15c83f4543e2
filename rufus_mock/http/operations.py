"""Ties a view to an operation of the contract: its path and method, its access, its parameters, its answers."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import Any

import orjson
from flask import Blueprint, Request, Response, request
from flask.blueprints import BlueprintSetupState
from werkzeug.routing import BaseConverter

from ..errors import ApiError, ContentTooLarge
from ..specification import Operation, Specification
from ..validation import BodyValidator, Problem, QueryValidator, bad_request
from ..world import Company, World
from .access import Guard
from .answers import Renderer

View = Callable[..., Response]


@dataclass
class Mock:
    """What the views of one application share. Hangs on app.extensions["rufus_mock"]."""

    specification: Specification
    guard: Guard
    renderer: Renderer
    world: World


class Call:
    """One admitted request to an operation: whose it is, what it says, and how to answer it."""

    def __init__(
        self, company: Company, operation: Operation, renderer: Renderer, query: dict[str, Any], body: dict[str, Any]
    ) -> None:
        self.company = company
        self.query = query
        self.body = body
        self._operation = operation
        self._renderer = renderer

    def answer(self, **values: Any) -> Response:
        """The operation's documented answer."""
        return self._renderer.success(self._operation, values)

    def shaped(self, schema: str, values: dict[str, Any]) -> dict[str, Any]:
        """A thing's fields in the documented order."""
        return self._renderer.shaped(schema, values)


class Identifier(BaseConverter):
    """A path segment that names something. Whatever it looks like, an unknown one is a 404 that echoes it."""

    part_isolating = True
    regex = "[^/]+"


def operation(blueprint: Blueprint, operation_id: str) -> Callable[[View], View]:
    """Registers a view for an operation. The view gets a Call and the path parameters."""

    def decorate(view: View) -> View:
        def register(state: BlueprintSetupState) -> None:
            mock: Mock = state.app.extensions["rufus_mock"]
            contract = mock.specification.operations[operation_id]
            rule = contract.path.replace("{", "<identifier:").replace("}", ">")
            endpoint = f"{blueprint.name}.{operation_id}"
            state.app.add_url_rule(
                (state.url_prefix or "") + rule, endpoint, _guarded(view, contract, mock), methods=[contract.method]
            )

        blueprint.record(register)
        return view

    return decorate


def _guarded(view: View, contract: Operation, mock: Mock) -> View:
    parameters = Parameters(contract)

    @wraps(view)
    def guarded(**path: str) -> Response:
        try:
            company = mock.guard.admit(request.headers, contract.access)
            call = Call(company, contract, mock.renderer, parameters.query(request), parameters.body(request))
            return view(call, **path)
        except ApiError as error:
            return mock.renderer.error(error, contract)

    return guarded


class Parameters:
    """Reads and checks an operation's query and body. The validators are built when first used."""

    def __init__(self, contract: Operation) -> None:
        self._contract = contract

    @cached_property
    def _query(self) -> QueryValidator:
        return QueryValidator(self._contract.query)

    @cached_property
    def _body(self) -> BodyValidator:
        return BodyValidator(self._contract.body or {})

    def query(self, request: Request) -> dict[str, Any]:
        """The query parameters by name. Raises BadRequest."""
        if not self._contract.query["properties"]:
            return {}
        return self._query.read(request.args)

    def body(self, request: Request) -> dict[str, Any]:
        """The JSON object that was sent, whatever its Content-Type says. Raises BadRequest, ContentTooLarge."""
        if self._contract.body is None:
            return {}
        data = request.get_data(cache=False)
        # Werkzeug refuses a Content-Length over the limit, but cuts a chunked body off there without a word.
        if request.content_length is None and len(data) == request.max_content_length:
            raise ContentTooLarge(limit=request.max_content_length)
        try:
            body = orjson.loads(data)
        except orjson.JSONDecodeError as error:
            raise bad_request(Problem("body", "body", "", "a JSON object", f"not JSON: {error}")) from error
        self._body.check(body)
        checked: dict[str, Any] = body
        return checked
