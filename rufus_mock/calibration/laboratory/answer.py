"""One request of a run and its answer, and readers that accept any JSON."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ...base.timestamps import parse, parse_documented
from ...client import Reply, specification

Row = dict[str, Any]

_LONGEST_TEXT = 1000
"""Characters of a description that is taken for one."""


@dataclass(frozen=True)
class Answer:
    """A request and its answer. template: the path with the names of its parameters. key: whose key was sent."""

    method: str
    template: str
    query: Mapping[str, Any]
    reply: Reply = field(repr=False)
    key: str = "own"
    identifiers: tuple[str, ...] = ()

    @property
    def status(self) -> int:
        return self.reply.status

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def fields(self) -> Mapping[str, Any]:
        """The members of the body without its envelope; empty if it is not a JSON object."""
        return self.reply.fields

    @property
    def description(self) -> str | None:
        text = self.fields.get("description")
        return text if isinstance(text, str) and len(text) <= _LONGEST_TEXT else None

    @property
    def content(self) -> str:
        return self.reply.content.decode(errors="replace")

    @property
    def json(self) -> Any:
        """The parsed body with its envelope; None if it is not JSON."""
        try:
            return self.reply.json
        except (ValueError, RecursionError):
            return None

    def rows(self, name: str = "result") -> list[Row] | None:
        """The objects that a 200 lists; None for any other answer, or if an entry is not an object."""
        found = self.fields.get(name)
        if self.status != 200 or not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
            return None
        return found

    def only_row(self) -> Row | None:
        """The object of an answer that has one, or a list of one."""
        found = self.fields.get("result")
        if self.status == 200 and isinstance(found, dict):
            return found
        rows = self.rows()
        return rows[0] if rows is not None and len(rows) == 1 else None

    def is_like(self, other: "Answer") -> bool:
        """Whether both have the same status and the same body, but for the identifiers of their requests."""
        return self.status == other.status and self.generic == other.generic

    @property
    def generic(self) -> str:
        """The body, with a placeholder for each identifier of the request."""
        text = self.content
        for identifier in self.identifiers:
            text = text.replace(identifier, "<identifier>")
        return text


def text_of(operation_id: str, error: str) -> str:
    """The text that an operation documents for an error, by the name of the error."""
    return specification().operations[operation_id].errors[error].text


def milliseconds(value: Any) -> int | None:
    """A time in milliseconds; None for any other value."""
    try:
        return parse(value) if isinstance(value, str) else None
    except ValueError:
        return None


def documented_time(value: Any) -> int | None:
    """A time in milliseconds that is in the documented form; None for any other value.

    What a time in another form means, and so its place among others, is known to the target alone.
    """
    return parse_documented(value) if isinstance(value, str) else None


def whole(value: Any) -> int | None:
    """An integer; None for any other value."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None
