"""Answers requests that do not reach an operation: unknown paths, wrong methods, invalid hosts, and defects."""

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException
from werkzeug.exceptions import MethodNotAllowed as WerkzeugMethodNotAllowed

from ...assumptions.events import PATHS
from ...base import errors
from ...spec.validation import Problem, bad_request
from .api import Api
from .exchange import Exchange, is_below

_NOT_FOUND = 404


class Failures:
    """Makes the answers of an application's error handlers, and records the requests.

    admin_path: the path of the admin API, whose requests are not recorded.
    """

    def __init__(self, api: Api, admin_path: str) -> None:
        self._api = api
        self._admin_path = admin_path
        contract = api.contract
        self._paths = {contract.base_path + contract.operations[id].path: exists for id, exists in PATHS.items()}

    def register(self, app: Flask) -> None:
        """Every answer of the application is JSON, also when Flask or Werkzeug has raised the error."""
        app.register_error_handler(errors.ApiError, self._api_error)
        app.register_error_handler(WerkzeugMethodNotAllowed, self._method_not_allowed)
        app.register_error_handler(HTTPException, self._http_exception)
        app.register_error_handler(Exception, self._defect)

    def _api_error(self, error: errors.ApiError) -> Response:
        exchange = self._exchange()
        exchange.note(error)
        return self._recorded(exchange, self._api.renderer.error(error, assumptions=exchange.assumptions))

    def _method_not_allowed(self, error: WerkzeugMethodNotAllowed) -> Response:
        allowed = sorted(error.valid_methods or ())
        exchange = self._exchange()
        exists = self._paths.get(exchange.environ["PATH_INFO"])
        if exists is not None and not exchange.assumptions[exists]():
            return self._path_not_found(exchange)
        response = self._api.renderer.error(errors.MethodNotAllowed(allowed=allowed), assumptions=exchange.assumptions)
        response.headers["Allow"] = ", ".join(allowed)
        return self._recorded(exchange, response)

    def _http_exception(self, error: HTTPException) -> Response:
        if error.code == _NOT_FOUND:
            return self._path_not_found(self._exchange())
        return self._api_error(bad_request(Problem("header", "request", "", "HTTP", error.name)))

    def _path_not_found(self, exchange: Exchange) -> Response:
        return self._recorded(
            exchange, self._api.renderer.error(errors.PathNotFound(), assumptions=exchange.assumptions)
        )

    def _defect(self, error: Exception) -> Response:
        return self._recorded(self._exchange(), self._api.internal_error(error))

    def _exchange(self) -> Exchange:
        """The request that failed, with the company whose key it has."""
        environ = request.environ
        exchange = Exchange(environ, self._api.world.assumptions)
        exchange.belongs_to(self._api.guard.owner(environ))
        return exchange

    def _recorded(self, exchange: Exchange, response: Response) -> Response:
        if self._api.explain:
            exchange.explain(response)
        if self._api.recorder is not None and not is_below(exchange.environ["PATH_INFO"], self._admin_path):
            self._api.recorder.record(exchange, response)
        return response
