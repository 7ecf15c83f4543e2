"""Ways to spoil an application: its answers, its requests, or what it stores."""

import re
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qsl, urlencode

import orjson
from flask import Flask, Response, request

from rufus_mock.world import Company
from tests.contract.mutants.mutant import Spoil, Wsgi


def asked() -> str:
    return (request.endpoint or "").rpartition(".")[2]


def answers(operation: str, change: Callable[[dict[str, Any]], Any], status: int | None = None) -> Spoil:
    """Changes the bodies of an operation, in place or for another one; without a status those of successes."""

    def spoil(app: Flask) -> None:
        @app.after_request
        def changed(response: Response) -> Response:
            wanted = response.status_code == status if status else response.status_code < 300
            if asked() == operation and wanted:
                whole = orjson.loads(response.get_data())
                enveloped = whole.keys() == {"body"}
                body = whole["body"] if enveloped else whole
                other = change(body)
                body = body if other is None else other
                response.set_data(orjson.dumps({"body": body} if enveloped else body))
            return response

    return spoil


def raw(
    operation: str, change: Callable[[Response], object], statuses: Callable[[int], bool] = lambda _: True
) -> Spoil:
    """Changes the whole responses of an operation."""

    def spoil(app: Flask) -> None:
        @app.after_request
        def changed(response: Response) -> Response:
            if asked() == operation and statuses(response.status_code):
                change(response)
            return response

    return spoil


def after(operation: str, status: int, change: Callable[[Company, Any], object]) -> Spoil:
    """After each answer of an operation with this status, changes every company by the JSON body of the request."""

    def spoil(app: Flask) -> None:
        @app.before_request
        def keep_the_body() -> None:
            request.get_data()

        def changed(_: Response) -> None:
            try:
                body = orjson.loads(request.get_data())
                for company in companies(app):
                    change(company, body)
            except (ValueError, KeyError, TypeError, AttributeError, IndexError):
                return  # The body has none of what is needed.

        raw(operation, changed, lambda given: given == status)(app)

    return spoil


def queries(path: str, change: Callable[[dict[str, str]], object]) -> Spoil:
    """Changes the query of requests to paths that match."""

    def spoil(app: Flask) -> Wsgi:
        def changed(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            if environ["REQUEST_METHOD"] == "GET" and re.fullmatch("/v0" + path, environ["PATH_INFO"]):
                query = dict(parse_qsl(environ["QUERY_STRING"], keep_blank_values=True))
                change(query)
                environ["QUERY_STRING"] = urlencode(query)
            return app(environ, start_response)

        return changed

    return spoil


def sent(operation: str, change: Callable[[dict[str, Any]], Any]) -> Spoil:
    """Changes the bodies that an operation gets, before they are checked."""

    def spoil(app: Flask) -> None:
        @app.before_request
        def changed() -> None:
            if asked() == operation:
                try:
                    body = orjson.loads(request.get_data())
                    change(body)
                except (ValueError, KeyError, TypeError, AttributeError, IndexError):
                    return
                request._cached_data = orjson.dumps(body)

    return spoil


def companies(app: Flask) -> list[Company]:
    return list(app.extensions["rufus_mock"].world.companies.values())


def rows(change: Callable[[list[dict[str, Any]]], Any]) -> Callable[[dict[str, Any]], None]:
    """Changes the passings in an answer, whichever name they have."""

    def changed(body: dict[str, Any]) -> None:
        name = "passings" if "passings" in body else "result"
        other = change(body[name])
        if other is not None:
            body[name] = other

    return changed


def each(change: Callable[[dict[str, Any]], Any]) -> Callable[[dict[str, Any]], None]:
    """Changes each passing in an answer."""

    def changed(found: list[dict[str, Any]]) -> None:
        for entry in found:
            change(entry)

    return rows(changed)


def put(**values: Any) -> Callable[[dict[str, Any]], None]:
    return lambda body: body.update(values)


def status_is(status: int) -> Callable[[Response], None]:
    def change(response: Response) -> None:
        response.status_code = status

    return change


def rename(old: str, new: str) -> Callable[[dict[str, Any]], None]:
    def change(thing: dict[str, Any]) -> None:
        thing[new] = thing.pop(old)

    return change
