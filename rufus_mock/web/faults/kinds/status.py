"""Another status, with headers and a body."""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

import orjson
from flask import Response

from ....spec.validation import Problem
from .kind import ChangedAnswer, Kind

_OF_THE_CONNECTION = {"connection", "content-length", "keep-alive", "transfer-encoding", "upgrade"}


class Status(Kind):
    """The answer is another one."""

    name = "status"
    member = "status"

    def __init__(self, described: Mapping[str, Any]) -> None:
        self._status = int(described["status"])
        self._described = described

    @classmethod
    def problems(cls, described: Mapping[str, Any]) -> Iterator[Problem]:
        for name in ("headers", "body", "text"):
            if name in described and "status" not in described:
                yield Problem("body", "status", "/status", f"a status: {name} needs it", "missing")
        if "body" in described and "text" in described:
            yield Problem("body", "text", "/text", "either body or text", "both")
        for name in described.get("headers", {}):
            if name.lower() in _OF_THE_CONNECTION:
                yield Problem("body", name, f"/headers/{name}", "a header that the server does not set itself", name)

    def apply(self, answer: ChangedAnswer) -> None:
        if "text" in self._described:
            response = Response(self._described["text"], self._status, content_type="text/plain; charset=utf-8")
        else:
            body = self._described.get("body", {"description": _phrase(self._status)})
            response = Response(orjson.dumps(body), self._status, content_type="application/json")
        for name, value in self._described.get("headers", {}).items():
            response.headers[name] = value
        answer.response = response


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return f"Status {status}"
