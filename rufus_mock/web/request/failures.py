"""Answers requests that do not reach an operation: unknown paths, wrong methods, invalid hosts, and defects."""

import re
from typing import Any, cast

from flask import Flask, Response, current_app, request
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.exceptions import MethodNotAllowed as WerkzeugMethodNotAllowed

from ...assumptions.events import PATHS
from ...assumptions.requests import EXTRA_SLASHES, UNKNOWN_PATH, WRONG_METHOD
from ...base import errors
from ...spec.validation import Problem, bad_request
from .api import Api
from .exchange import REROUTED, Exchange, is_below

_NOT_FOUND = 404
_SLASHES = re.compile("/+")

Target = tuple[str, dict[str, Any]]
"""An endpoint of the application and the parameters in its path."""


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
        return self._recorded(exchange, self._rendered(exchange, error))

    def _method_not_allowed(self, error: WerkzeugMethodNotAllowed) -> Response:
        return self._wrong_method(self._exchange(), error)

    def _http_exception(self, error: HTTPException) -> Response:
        if error.code == _NOT_FOUND:
            return self._unknown_path(self._exchange())
        return self._api_error(bad_request(Problem("header", "request", "", "HTTP", error.name)))

    def _defect(self, error: Exception) -> Response:
        return self._recorded(self._exchange(), self._api.internal_error(error))

    def _unknown_path(self, exchange: Exchange) -> Response:
        """The answer to a request whose path is unknown, or known without its extra slashes."""
        if self._is_own(exchange):
            return self._rendered(exchange, errors.PathNotFound())
        cleaned = self._cleaned(exchange)
        if cleaned is not None and self._ignores_slashes(exchange, cleaned):
            if isinstance(cleaned, WerkzeugMethodNotAllowed):
                return self._wrong_method(exchange, cleaned)
            endpoint, path = cleaned
            exchange.environ[REROUTED] = True
            return cast(Response, current_app.view_functions[endpoint](**path))
        return self._recorded(exchange, self._rendered(exchange, exchange.assumptions[UNKNOWN_PATH]()()))

    def _wrong_method(self, exchange: Exchange, error: WerkzeugMethodNotAllowed) -> Response:
        """The answer to a request whose path exists, but not with its method."""
        assumptions, exists = exchange.assumptions, self._paths.get(_without_extra_slashes(exchange))
        if exists is not None:
            # Whether the path exists matters only if the two answers differ.
            differs = assumptions.decision(WRONG_METHOD)() is not assumptions.decision(UNKNOWN_PATH)()
            if not (assumptions[exists] if differs else assumptions.decision(exists))():
                return self._recorded(exchange, self._rendered(exchange, assumptions[UNKNOWN_PATH]()()))
        allowed = sorted(error.valid_methods or ())
        kind = errors.MethodNotAllowed if self._is_own(exchange) else assumptions[WRONG_METHOD]()
        response = self._rendered(exchange, kind(allowed=allowed))
        if kind is errors.MethodNotAllowed:
            response.headers["Allow"] = ", ".join(allowed)
        return self._recorded(exchange, response)

    def _cleaned(self, exchange: Exchange) -> Target | WerkzeugMethodNotAllowed | None:
        """What the path leads to without its extra slashes: a target, or a wrong method; None if there are none."""
        path = _without_extra_slashes(exchange)
        if path == _sent_path(exchange) or not is_below(path, self._api.contract.base_path):
            return None
        try:
            endpoint, arguments = current_app.url_map.bind("").match(path, request.method)
        except WerkzeugMethodNotAllowed as error:
            return error
        except NotFound:
            return None
        return endpoint, dict(arguments)

    def _ignores_slashes(self, exchange: Exchange, cleaned: Target | WerkzeugMethodNotAllowed) -> bool:
        """Whether the path is routed without its extra slashes. cleaned: what it leads to then, if it exists."""
        assumptions, exists = exchange.assumptions, self._paths.get(_without_extra_slashes(exchange))
        unknown = assumptions.decision(UNKNOWN_PATH)()
        outcome: object = cleaned
        if exists is not None and not assumptions.decision(exists)():
            outcome = unknown
        elif isinstance(cleaned, WerkzeugMethodNotAllowed):
            outcome = assumptions.decision(WRONG_METHOD)()
        return assumptions[EXTRA_SLASHES](unknown, outcome)

    def _is_own(self, exchange: Exchange) -> bool:
        """Whether the request is for the admin API, which assumptions do not concern."""
        return is_below(exchange.environ["PATH_INFO"], self._admin_path)

    def _rendered(self, exchange: Exchange, error: errors.ApiError) -> Response:
        assumptions = None if self._is_own(exchange) else exchange.assumptions
        return self._api.renderer.error(error, assumptions=assumptions)

    def _exchange(self) -> Exchange:
        """The request that failed, with the company whose key it has."""
        environ = request.environ
        exchange = Exchange(environ, self._api.world.assumptions)
        exchange.belongs_to(self._api.guard.owner(environ))
        return exchange

    def _recorded(self, exchange: Exchange, response: Response) -> Response:
        if self._api.explain and not self._is_own(exchange):
            exchange.explain(response)
        if self._api.recorder is not None and not self._is_own(exchange):
            self._api.recorder.record(exchange, response)
        return response


def _sent_path(exchange: Exchange) -> str:
    path: str = exchange.environ["PATH_INFO"].encode("latin-1").decode(errors="replace")
    return path


def _without_extra_slashes(exchange: Exchange) -> str:
    return _SLASHES.sub("/", _sent_path(exchange)).rstrip("/")
