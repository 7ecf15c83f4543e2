"""Answers requests that do not reach an operation: unknown paths, wrong methods, invalid hosts, and defects."""

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException
from werkzeug.exceptions import MethodNotAllowed as WerkzeugMethodNotAllowed

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

    def register(self, app: Flask) -> None:
        """Every answer of the application is JSON, also when Flask or Werkzeug has raised the error."""
        app.register_error_handler(errors.ApiError, self._api_error)
        app.register_error_handler(WerkzeugMethodNotAllowed, self._method_not_allowed)
        app.register_error_handler(HTTPException, self._http_exception)
        app.register_error_handler(Exception, self._defect)

    def _api_error(self, error: errors.ApiError) -> Response:
        return self._recorded(self._api.renderer.error(error), error)

    def _method_not_allowed(self, error: WerkzeugMethodNotAllowed) -> Response:
        allowed = sorted(error.valid_methods or ())
        response = self._api.renderer.error(errors.MethodNotAllowed(allowed=allowed))
        response.headers["Allow"] = ", ".join(allowed)
        return self._recorded(response)

    def _http_exception(self, error: HTTPException) -> Response:
        if error.code == _NOT_FOUND:
            return self._recorded(self._api.renderer.error(errors.PathNotFound()))
        return self._api_error(bad_request(Problem("header", "request", "", "HTTP", error.name)))

    def _defect(self, error: Exception) -> Response:
        return self._recorded(self._api.internal_error(error))

    def _recorded(self, response: Response, error: errors.ApiError | None = None) -> Response:
        environ = request.environ
        if self._api.recorder is not None and not is_below(environ["PATH_INFO"], self._admin_path):
            exchange = Exchange(environ)
            exchange.company = self._api.guard.owner(environ)
            if error is not None:
                exchange.note(error)
            self._api.recorder.record(exchange, response)
        return response
