"""What a view gets: a request that may call its operation, with valid parameters."""

from collections.abc import Iterable
from typing import Any

from flask import Response

from ...assumptions import Statement
from ...spec.operations import Operation
from ...world import Company
from .answers import Renderer


class Call:
    """One valid call of an operation: the caller's company, the query and the body, and how to answer it.

    assumptions: how the company's mock behaves where nothing is published. dropped: how many invalid entries the body's
    list had, which are left out.
    """

    def __init__(
        self,
        company: Company,
        operation: Operation,
        renderer: Renderer,
        query: dict[str, Any],
        body: dict[str, Any],
        dropped: int = 0,
    ) -> None:
        self.company = company
        self.assumptions = company.state.assumptions
        self.query = query
        self.body = body
        self.dropped = dropped
        self._operation = operation
        self._renderer = renderer

    def answer(self, status: int | None = None, /, **values: Any) -> Response:
        """The operation's documented answer with these values. status replaces the documented one."""
        return self._renderer.success(self._operation, values, status)

    def answer_page(self, dialect: Statement[[str], str], /, **values: Any) -> Response:
        """Like answer, for a page of a list. dialect: decides which dialect's fields the answer has."""
        fields_of = self.assumptions[dialect](self._renderer.dialect)
        return self._renderer.success(self._operation, values, dialect=fields_of)

    def shaped(self, schema: str, values: dict[str, Any]) -> dict[str, Any]:
        """The fields of a device, a session or an event in the documented order."""
        return self._renderer.shaped(schema, values)

    def entries(self, things: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        """The entries of the operation's list, each with the fields that the dialect documents for them."""
        return self._renderer.entries(self._operation.success, things)
