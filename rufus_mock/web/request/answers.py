"""Renders every body that the server sends: compact JSON, in the order of the schema, in the server's dialect."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from operator import itemgetter
from typing import Any, cast

import orjson
from flask import Response

from ...assumptions import Assumptions
from ...assumptions.access import ERROR_BODIES, ERROR_STATUSES, GENERAL_ERRORS, Body
from ...base import errors
from ...spec.admin_contract import AdminContract
from ...spec.answers import Answer
from ...spec.contract import Contract
from ...spec.dialects import OPENAPI
from ...spec.operations import Operation
from ...world.passings import PassingsArray

JSON = "application/json"

_HOLE = b"\0"
"""A byte that JSON text cannot contain."""


class JsonResponse(Response):
    """A response with a complete JSON body, which is sent unchanged.

    This skips what Werkzeug does at this point for streams, redirects and statuses without a body.
    """

    def __init__(self, text: bytes, status: int) -> None:
        super().__init__(text, status, content_type=JSON)

    def __call__(self, environ: Mapping[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response(self.status, self.headers.to_wsgi_list())
        return [] if environ["REQUEST_METHOD"] == "HEAD" else cast("list[bytes]", self.response)


class Renderer:
    """Makes responses from the answers of the contract and the values of their fields."""

    def __init__(self, contract: Contract | AdminContract, dialect: str) -> None:
        self._contract = contract
        self.dialect = dialect
        self._fields: dict[tuple[Answer, str | None], tuple[str, ...]] = {}
        self._shapes: dict[str, tuple[tuple[str, ...], Callable[[Mapping[str, Any]], Iterable[Any]]]] = {}

    def success(
        self, operation: Operation, values: Mapping[str, Any], status: int | None = None, dialect: str | None = None
    ) -> Response:
        """The operation's answer with its text. Values for fields of another dialect are left out.

        status replaces the documented one. dialect: whose fields the answer has, if not those of the server's dialect.
        """
        answer = operation.success
        return self._response(self._body(answer, values, dialect), status or answer.status)

    def error(
        self,
        error: errors.ApiError,
        operation: Operation | None = None,
        assumptions: Assumptions | None = None,
    ) -> Response:
        """The body that the operation documents for an error; if it documents none, the server's.

        assumptions: those of the caller's company, for errors of the API.
        """
        name = type(error).__name__
        answer = (operation.errors.get(name) if operation else None) or self._contract.error(name)
        status = error.status or answer.status
        body: Body = self._body(answer, error.fields)
        if assumptions is not None and name in GENERAL_ERRORS:
            status = assumptions[ERROR_STATUSES[name]]() if name in ERROR_STATUSES else status
            body = assumptions[ERROR_BODIES[status]](body, answer.text)
        response = self._response(body, status)
        if "retry_after" in error.fields:
            response.headers["Retry-After"] = str(error.fields["retry_after"])
        return response

    def success_without_values(self, operation: Operation) -> Response:
        """The operation's answer without its values: a fault alters it if the operation was not done."""
        body = {"description": operation.success.text}
        return json_response({"body": body} if self.dialect == OPENAPI else body, operation.success.status)

    def shaped(self, schema: str, values: Mapping[str, Any]) -> dict[str, Any]:
        """`values` in the order of a schema's fields, and only those that the dialect has. A value may be absent."""
        shape = self._shapes.get(schema)
        if shape is None:
            fields = self._contract.fields(schema, self.dialect)
            shape = self._shapes[schema] = fields, itemgetter(*fields)
        fields, values_of = shape
        try:
            return dict(zip(fields, values_of(values), strict=True))
        except KeyError:
            return {name: values[name] for name in fields if name in values}

    def entries(self, answer: Answer, things: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """The entries of an answer's list, each with the fields that the dialect documents there, in that order."""
        fields = answer.entry_fields(self.dialect)
        return [{name: values[name] for name in fields} for values in things]

    def _body(self, answer: Answer, values: Mapping[str, Any], dialect: str | None = None) -> dict[str, Any] | None:
        """values may have a description, which replaces the answer's text. dialect: as in success."""
        fields = self._fields.get((answer, dialect))
        if fields is None:
            fields = self._fields[answer, dialect] = answer.fields(dialect or self.dialect)
        known = {answer.text_field: answer.text, **values}
        return {name: known[name] for name in fields} or None

    def _response(self, body: Body, status: int) -> Response:
        if isinstance(body, str):
            return JsonResponse(body.encode(), status)
        if self.dialect == OPENAPI:
            return json_response({"body": body}, status)
        return JsonResponse(b"", status) if body is None else json_response(body, status)


def json_response(body: Any, status: int = 200) -> Response:
    """A response of compact JSON, because a public client searches the text for `"deviceid":"`.

    `body` may contain one PassingsArray.
    """
    arrays: list[PassingsArray] = []
    text = orjson.dumps(body, partial(_hole, arrays), orjson.OPT_PASSTHROUGH_DATACLASS)
    if arrays:
        text = arrays[0].json(*text.split(_HOLE))
    return JsonResponse(text, status)


def _hole(arrays: list[PassingsArray], array: PassingsArray) -> orjson.Fragment:
    """Leave a place for an array in the text around it."""
    arrays.append(array)
    return orjson.Fragment(_HOLE)
