"""What a request gives to its operation: the path, the query and the body, read as the company's assumptions say."""

from math import inf
from typing import Any, NamedTuple

from flask import Request, request

from ...assumptions import Assumptions
from ...assumptions.requests import (
    BODY_LIMIT,
    CONTENT_TYPE,
    QUERY_VALUE,
    SMALL,
    TOO_LARGE,
    UNKNOWN_QUERY,
)
from ...base.errors import BadRequest, ContentTooLarge
from ...spec.dialects import Schema
from ...spec.operations import Operation
from ...spec.validation import MOST_PROBLEMS, Problem, bad_request, described, pointer
from ...world import Company
from .api import Api
from .bodies import NO_BODY, Bodies, Body
from .exchange import Exchange, read
from .identifiers import NAMES, check_form, resolved
from .parameters import Parameters

_JSON = "application/json"


class Given(NamedTuple):
    """Valid parameters. dropped: how many invalid entries of the body's list are left out."""

    path: dict[str, str]
    query: dict[str, Any]
    body: dict[str, Any]
    dropped: int


class Reader:
    """Reads and checks what the requests of one operation give. Reading changes nothing, so it can be repeated."""

    def __init__(self, api: Api, operation: Operation) -> None:
        self._world = api.world
        self._operation = operation
        self._parameters = Parameters(operation, api.contract.max_depth, api.large_body)
        self._bodies = Bodies(operation)
        self._takes_query = bool(operation.query["properties"])
        self._in_query = _identifiers(operation.query)
        self._in_body = _identifiers(operation.body or {})

    def read(self, exchange: Exchange, company: Company, path: dict[str, str]) -> Given:
        """The parameters of the request. Raises BadRequest, ContentTooLarge, UnsupportedMediaType, OtherCompany."""
        unknown = [name for name in path if not company.has(name, path[name])]
        if unknown:
            check_form(company, path, unknown)
        query, (body, dropped) = {}, NO_BODY
        if self._takes_query or exchange.environ["QUERY_STRING"]:
            query = self._query(exchange, company.assumptions)
        if self._operation.body is not None:
            body, dropped = self._body(exchange, company.assumptions)
        if unknown:
            path = resolved(self._world, company, unknown, path)
        if self._in_query:
            query = resolved(self._world, company, self._in_query, query)
        if self._in_body:
            body = resolved(self._world, company, self._in_body, body)
        return Given(path, query, body, dropped)

    def _query(self, exchange: Exchange, assumptions: Assumptions) -> dict[str, Any]:
        try:
            query = self._parameters.query(request)
        except BadRequest:
            if assumptions[QUERY_VALUE]():
                raise
            query = self._parameters.valid_query(request)
        if exchange.environ["QUERY_STRING"]:
            self._check_names(request, assumptions)
        return query

    def _check_names(self, request: Request, assumptions: Assumptions) -> None:
        """Raises BadRequest for unknown query parameters, if they are not ignored."""
        known = self._operation.query["properties"]
        unknown = [name for name in request.args if name not in known]
        if unknown and assumptions[UNKNOWN_QUERY]():
            expected = f"no such parameter, only {', '.join(known)}" if known else "no query parameters"
            raise bad_request(
                *(
                    Problem("query", name, pointer([name]), expected, described(request.args[name]))
                    for name in unknown[:MOST_PROBLEMS]
                )
            )

    def _body(self, exchange: Exchange, assumptions: Assumptions) -> Body:
        data = _data(exchange, assumptions)
        sent = exchange.environ.get("CONTENT_TYPE", _JSON)
        if sent != _JSON and not request.is_json and (refusal := assumptions[CONTENT_TYPE]()):
            raise refusal(sent)
        body: Body = self._parameters.body(data, lambda value: self._bodies.check(value, assumptions))
        return body


def _identifiers(schema: Schema) -> list[str]:
    return [name for name in NAMES if name in schema.get("properties", ())]


def _data(exchange: Exchange, assumptions: Assumptions) -> bytes:
    """The body as it was sent. Raises ContentTooLarge, and BadRequest for a body that ends early."""
    if exchange.body is None and exchange.exceeded is None:
        try:
            exchange.body = read(request)
        except ContentTooLarge as error:
            exchange.exceeded = error.fields["limit"]
    data = exchange.body or b""
    if exchange.exceeded is not None or len(data) > SMALL:
        # A body that the server has read is not larger than its own limit.
        own = len(data) if exchange.exceeded is None else exchange.exceeded
        limit = assumptions[BODY_LIMIT](len(data) if exchange.exceeded is None else inf, own)
        if limit is not None:
            raise assumptions[TOO_LARGE]()(limit)
    return data
