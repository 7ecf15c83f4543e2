"""Ties a view to an operation of the contract: its path and method, its access, its parameters, its answers."""

from collections.abc import Callable, Iterable
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import cached_property, wraps
from threading import Lock
from typing import Any, Protocol

from flask import Blueprint, Request, Response, request
from flask.blueprints import BlueprintSetupState
from werkzeug.routing import BaseConverter

from ...base.errors import ApiError, NotReady, TooManyRequests
from ...base.json_text import JsonTextError, parse
from ...base.masking import Masker
from ...spec.contract import Contract
from ...spec.dialects import Schema
from ...spec.operations import Operation
from ...spec.validation import BodyValidator, Problem, QueryValidator, bad_request
from ...world import Company, Key, World
from .access import Guard, admit
from .answers import Renderer
from .exchange import Exchange
from .faulted import faulted
from .recording import Recorder

View = Callable[..., Response]

LARGE = 2 * 1024 * 1024
"""Bytes of a body from which on only one is parsed at a time: parsed, it takes several times its size in memory."""


@dataclass
class Mock:
    """What the views of one application share. Hangs on app.extensions["rufus_mock"].

    own_renderer makes the answers that no live API knows, those of faults, in the server's dialect.
    recorder is None where no journals are kept. masker keeps keys and the admin token out of all that is shown.
    large_body is held while a large body is parsed and checked.
    """

    specification: Contract
    guard: Guard
    renderer: Renderer
    own_renderer: Renderer
    world: World
    recorder: Recorder | None
    masker: Masker
    large_body: Lock = field(default_factory=Lock)


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

    def entries(self, things: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        """The entries of the operation's list, each with the fields that the dialect documents for them."""
        return self._renderer.entries(self._operation.success, things)


class Identifier(BaseConverter):
    """A path segment that names something. Whatever it looks like, an unknown one is a 404 that echoes it."""

    part_isolating = True
    regex = "[^/]+"


class Route(Protocol):
    """Where an operation is called."""

    @property
    def id(self) -> str: ...
    @property
    def method(self) -> str: ...
    @property
    def path(self) -> str: ...


def operation(blueprint: Blueprint, operation_id: str) -> Callable[[View], View]:
    """Registers a view for an operation. The view gets a Call and the path parameters."""

    def decorate(view: View) -> View:
        def register(state: BlueprintSetupState) -> None:
            mock: Mock = state.app.extensions["rufus_mock"]
            contract = mock.specification.operations[operation_id].in_dialect(mock.renderer.dialect)
            add_route(state, contract, _guarded(view, contract, mock))

        blueprint.record(register)
        return view

    return decorate


def add_route(state: BlueprintSetupState, contract: Route, view: View) -> None:
    """Routes an operation's method and path, as the contract has them, to a view."""
    rule = contract.path.replace("{", "<identifier:").replace("}", ">")
    # An endpoint without the name of its blueprint: Flask need not look there for functions to call.
    state.app.add_url_rule((state.url_prefix or "") + rule, contract.id, view, methods=[contract.method])


def _guarded(view: View, contract: Operation, mock: Mock) -> View:
    parameters = Parameters(contract, mock)

    def answered(exchange: Exchange, company: Company, key: Key, path: dict[str, str]) -> Response:
        try:
            admit(key, contract.access)
            query = parameters.query(request)
            body = parameters.body(exchange.read(request)) if contract.body else {}
            return view(Call(company, contract, mock.renderer, query, body), **path)
        except ApiError as error:
            exchange.failed(error)
            return mock.renderer.error(error, contract)

    def checked(exchange: Exchange, key: Key) -> None:
        try:
            admit(key, contract.access)
            parameters.query(request)
            if contract.body:
                parameters.body(exchange.read(request))
        except ApiError as error:
            exchange.failed(error)

    def troubled(exchange: Exchange, company: Company, key: Key, path: dict[str, str]) -> Response:
        try:
            if company.quota is not None:
                company.quota.spend()
        except TooManyRequests as error:
            checked(exchange, key)
            response = mock.renderer.error(error, contract)
            response.headers["Retry-After"] = str(error.fields["retry_after"])
            return response
        strike = company.faults.strike(contract.id, request.method, request.path)
        if strike is None:
            return answered(exchange, company, key, path)
        exchange.strike = strike
        # A read loses nothing: what is cut or garbled is its own answer.
        if strike.fault.loses_operation and contract.method != "GET":
            checked(exchange, key)
            return faulted(strike, mock.renderer.beginning(contract), company.faults, mock.own_renderer)
        return faulted(strike, answered(exchange, company, key, path), company.faults, mock.own_renderer)

    @wraps(view)
    def guarded(**path: str) -> Response:
        environ = request.environ
        exchange = Exchange.begin(environ, contract.id)
        try:
            company, key = mock.guard.identify(environ)
        except NotReady as error:
            response = mock.own_renderer.error(error)
        except ApiError as error:
            exchange.failed(error)
            response = mock.renderer.error(error, contract)
        else:
            exchange.company = company
            if company.faults or company.quota:
                response = troubled(exchange, company, key, path)
            else:
                response = answered(exchange, company, key, path)
        if mock.recorder is not None:
            mock.recorder.record(environ, exchange, response)
        return response

    return guarded


class Takes(Protocol):
    """What an operation takes: the schemas of its query and, where it takes one, of its body."""

    @property
    def query(self) -> Schema: ...
    @property
    def body(self) -> Schema | None: ...


class Parameters:
    """Reads and checks an operation's query and body. The validators are built when first used."""

    def __init__(self, contract: Takes, mock: Mock) -> None:
        self._contract = contract
        self._mock = mock

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

    def body(self, data: bytes) -> dict[str, Any]:
        """The JSON object that was sent, whatever its Content-Type says. Raises BadRequest."""
        if self._contract.body is None:
            return {}
        with self._mock.large_body if len(data) > LARGE else nullcontext():
            body, problems = self._checked(data, self._mock.specification.max_depth)
        if problems:
            raise bad_request(*problems)
        return body

    def _checked(self, data: bytes, max_depth: int) -> tuple[dict[str, Any], list[Problem]]:
        """The body, or else what is wrong with it: an error raised here would keep the body in its traceback."""
        try:
            body = parse(data, max_depth)
        except JsonTextError as error:
            return {}, [Problem("body", "body", "", f"a JSON object of at most {max_depth} levels", str(error))]
        problems = self._body.first_problems(body)
        return {} if problems else body, problems
