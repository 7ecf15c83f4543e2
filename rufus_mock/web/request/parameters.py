"""Reads and checks the query and the body of a request."""

from collections.abc import Callable
from contextlib import nullcontext
from functools import cached_property
from threading import Lock
from typing import Any, Protocol

from flask import Request

from ...base.json_text import JsonTextError, parse
from ...spec.dialects import Schema
from ...spec.validation import BodyValidator, Problem, QueryValidator, bad_request

LARGE = 2 * 1024 * 1024
"""Bytes. Larger bodies are parsed one at a time: a parsed body takes several times its size in memory."""


Check = Callable[[Any], tuple[Any, list[Problem]]]
"""Returns the body that the operation gets, or the problems of an invalid one."""


class Takes(Protocol):
    """The schema of an operation's query and, if it takes one, of its body."""

    @property
    def query(self) -> Schema: ...
    @property
    def body(self) -> Schema | None: ...


class Parameters:
    """Reads and checks the query and the body of an operation's requests. The validators are built at their first use.

    max_depth: how many levels of arrays and objects a body may have. large_body is held while a large body is parsed.
    """

    def __init__(self, operation: Takes, max_depth: int, large_body: Lock) -> None:
        self._operation = operation
        self._max_depth = max_depth
        self._large_body = large_body

    @cached_property
    def _query(self) -> QueryValidator:
        return QueryValidator(self._operation.query)

    @cached_property
    def _body(self) -> BodyValidator:
        return BodyValidator(self._operation.body or {})

    def query(self, request: Request) -> dict[str, Any]:
        """The query parameters by name. Raises BadRequest."""
        if not self._operation.query["properties"]:
            return {}
        return self._query.read(request.args)

    def valid_query(self, request: Request) -> dict[str, Any]:
        """The query parameters by name, without the invalid ones."""
        return self._query.read_valid(request.args)

    def body(self, data: bytes, check: Check | None = None) -> Any:
        """The JSON object in `data`, or what `check` makes of it. Raises BadRequest."""
        if self._operation.body is None:
            return {}
        with self._large_body if len(data) > LARGE else nullcontext():
            body, problems = self._checked(data, check or self._by_schema)
        if problems:
            raise bad_request(*problems)
        return body

    def _checked(self, data: bytes, check: Check) -> tuple[Any, list[Problem]]:
        """The body, or its problems. They are not raised here: the traceback would keep the parsed body in memory."""
        try:
            body = parse(data, self._max_depth)
        except JsonTextError as error:
            return {}, [Problem("body", "body", "", f"a JSON object of at most {self._max_depth} levels", str(error))]
        return check(body)

    def _by_schema(self, body: Any) -> tuple[Any, list[Problem]]:
        problems = self._body.first_problems(body)
        return {} if problems else body, problems
