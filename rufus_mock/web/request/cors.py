"""Allows pages of other origins to call the mock from a browser, as in the vendor's JavaScript example."""

from collections.abc import Collection

from flask import Flask, Response, request

from .exchange import is_below

_DAY = 24 * 60 * 60


def register_cors(app: Flask, origins: Collection[str], key_headers: Collection[str], own_path: str) -> None:
    """Answer preflight requests from `origins` ("*" means all) and allow them to read the answers.

    own_path: the path of the admin API, which pages of other origins may not call.
    """
    allowed_headers = ", ".join([*key_headers, "content-type"])

    def allowed_origin() -> str | None:
        if is_below(request.path, own_path):
            return None
        origin = request.headers.get("Origin")
        return origin if origin and ("*" in origins or origin in origins) else None

    @app.before_request
    def preflight() -> Response | None:
        if request.method != "OPTIONS" or "Access-Control-Request-Method" not in request.headers:
            return None
        if allowed_origin() is None:
            return None
        response = Response(status=204)
        response.headers["Access-Control-Allow-Methods"] = "GET, POST, PATCH, DELETE"
        response.headers["Access-Control-Allow-Headers"] = allowed_headers
        response.headers["Access-Control-Max-Age"] = str(_DAY)
        return response

    @app.after_request
    def mark(response: Response) -> Response:
        response.headers.add("Vary", "Origin")
        if origin := allowed_origin():
            response.headers["Access-Control-Allow-Origin"] = origin
        return response
