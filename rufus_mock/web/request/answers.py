"""Renders every body that the server sends: compact JSON, in the order of the schema, in the server's dialect."""

import traceback
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, cast

import orjson
from flask import Flask, Response
from werkzeug.exceptions import HTTPException
from werkzeug.exceptions import MethodNotAllowed as WerkzeugMethodNotAllowed

from ...base import errors
from ...base.masking import Masker
from ...spec.admin_contract import AdminContract
from ...spec.answers import Answer
from ...spec.contract import Contract
from ...spec.dialects import OPENAPI
from ...spec.operations import Operation
from ...world.passings import PassingsArray

if TYPE_CHECKING:
    from .recording import Recorder

JSON = "application/json"

_HOLE = b"\0"
"""What stands nowhere in JSON."""

_BY_STATUS = {404: errors.PathNotFound, 413: errors.ContentTooLarge}


class JsonResponse(Response):
    """A response whose body is JSON, known whole: sent as it is.

    What Werkzeug does at this point for streams, redirects and statuses without a body costs as much as the answer.
    """

    def __init__(self, text: bytes, status: int) -> None:
        super().__init__(text, status, content_type=JSON)

    def __call__(self, environ: Mapping[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response(self.status, self.headers.to_wsgi_list())
        return [] if environ["REQUEST_METHOD"] == "HEAD" else cast("list[bytes]", self.response)


class Renderer:
    """Makes responses out of the contract's answers and the values for their fields."""

    def __init__(self, specification: Contract | AdminContract, dialect: str) -> None:
        self._specification = specification
        self.dialect = dialect
        self._fields: dict[Answer, tuple[str, ...]] = {}

    def success(self, operation: Operation, values: Mapping[str, Any]) -> Response:
        """The operation's answer with its text. Values for fields of another dialect are left out."""
        return self._response(operation.success, values)

    def error(self, error: errors.ApiError, operation: Operation | None = None) -> Response:
        """The body that the operation, or else the server, documents for an error."""
        name = type(error).__name__
        answer = operation.errors.get(name) if operation else None
        return self._response(answer or self._specification.server_errors[name], error.fields)

    def beginning(self, operation: Operation) -> Response:
        """The operation's answer without its values: what a fault makes its answer of when nothing was done."""
        body = {"description": operation.success.text}
        return json_response({"body": body} if self.dialect == OPENAPI else body, operation.success.status)

    def shaped(self, schema: str, values: Mapping[str, Any]) -> dict[str, Any]:
        """`values` in the order of a schema's fields, and only those that the dialect has."""
        return {name: values[name] for name in self._specification.fields(schema, self.dialect)}

    def entries(self, answer: Answer, things: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """The entries of an answer's list: of each thing the fields that the dialect has there, in its order."""
        fields = answer.entry_fields(self.dialect)
        return [{name: values[name] for name in fields} for values in things]

    def _response(self, answer: Answer, values: Mapping[str, Any]) -> Response:
        fields = self._fields.get(answer)
        if fields is None:
            fields = self._fields[answer] = answer.fields(self.dialect)
        body = {name: answer.text if name == "description" else values[name] for name in fields} or None
        return json_response({"body": body} if self.dialect == OPENAPI else body, answer.status)


def json_response(body: Any, status: int = 200) -> Response:
    """A response of compact JSON: a public client finds fields by searching the text for `"deviceid":"`.

    `body` may hold one PassingsArray.
    """
    arrays: list[PassingsArray] = []
    text = orjson.dumps(body, partial(_hole, arrays), orjson.OPT_PASSTHROUGH_DATACLASS)
    if arrays:
        text = arrays[0].json(*text.split(_HOLE))
    return JsonResponse(text, status)


def _hole(arrays: list[PassingsArray], array: PassingsArray) -> orjson.Fragment:
    """Keeps a place for an array in the text around it."""
    arrays.append(array)
    return orjson.Fragment(_HOLE)


def register_error_handlers(app: Flask, renderer: Renderer, recorder: "Recorder | None", masker: Masker) -> None:
    """Every answer is JSON, those to unknown paths, wrong methods and defects of the mock too, and in the journal."""

    def recorded(response: Response, error: errors.ApiError | None = None) -> Response:
        if recorder is not None:
            recorder.record_failure(response, error)
        return response

    @app.errorhandler(errors.ApiError)
    def api_error(error: errors.ApiError) -> Response:
        return recorded(renderer.error(error), error)

    @app.errorhandler(WerkzeugMethodNotAllowed)
    def method_not_allowed(error: WerkzeugMethodNotAllowed) -> Response:
        allowed = sorted(error.valid_methods or ())
        response = renderer.error(errors.MethodNotAllowed(allowed=allowed))
        response.headers["Allow"] = ", ".join(allowed)
        return recorded(response)

    @app.errorhandler(HTTPException)
    def http_exception(error: HTTPException) -> Response:
        known = _BY_STATUS.get(error.code or 500)
        if known is None:
            problem = {"in": "header", "parameter": "request", "pointer": "", "expected": "HTTP", "actual": error.name}
            return recorded(renderer.error(errors.BadRequest(errors=[problem])))
        return recorded(renderer.error(known(limit=app.config["MAX_CONTENT_LENGTH"])))

    @app.errorhandler(Exception)
    def defect(error: Exception) -> Response:
        trace = masker("".join(traceback.format_exception(error)))
        app.logger.error("The mock has a defect; please report it.\n%s", trace)
        return recorded(renderer.error(errors.InternalError()))
