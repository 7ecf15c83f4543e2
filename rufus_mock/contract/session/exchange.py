"""One request with its answer, and a reader that takes any JSON for a body."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ...client import Reply
from ...spec.operations import Operation
from .errors import CannotGoOn

Entry = dict[str, Any]
"""A JSON object within a body."""


class Body(Mapping[str, Any]):
    """The members of a body without its envelope; none if the body is no JSON object.

    A method that returns one type raises CannotGoOn if the answer holds another one.
    """

    def __init__(self, fields: Mapping[str, Any], operation_id: str) -> None:
        self._fields = fields
        self._operation_id = operation_id

    def __getitem__(self, name: str) -> Any:
        return self._fields[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)

    def text(self, name: str) -> str:
        """A string that is not empty."""
        value = self.get(name)
        if isinstance(value, str) and value:
            return value
        raise CannotGoOn(f"the answer to {self._operation_id} has no {name}")

    def entry(self, name: str = "result") -> Entry:
        """An object."""
        value = self.get(name)
        if isinstance(value, dict):
            return value
        raise CannotGoOn(f"the answer to {self._operation_id} has no object {name}")

    def entries(self, name: str = "result") -> list[Entry]:
        """The objects in a list; other members of the list are left to the schema."""
        if isinstance(self.get(name), list):
            return self.entries_if_any(name)
        raise CannotGoOn(f"the answer to {self._operation_id} has no list {name}")

    def only_entry(self, name: str = "result") -> Entry:
        """The object in a list of one."""
        entries = self.entries(name)
        if len(entries) == len(self[name]) == 1:
            return entries[0]
        raise CannotGoOn(f"{name} in the answer to {self._operation_id} is not a list of one")

    def entries_if_any(self, name: str = "result") -> list[Entry]:
        """The objects in a list; none if there is no such list."""
        value = self.get(name)
        return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []

    def entry_if_any(self, name: str = "result") -> Entry:
        """An object; an empty one if there is none."""
        value = self.get(name)
        return value if isinstance(value, dict) else {}

    def first_entry_if_any(self, name: str = "result") -> Entry:
        """The object, or the first in a list; an empty one if there is neither."""
        return self.entry_if_any(name) or next(iter(self.entries_if_any(name)), {})


@dataclass(frozen=True)
class Exchange:
    """A request to an operation, and its answer. curl: the request as a line for a shell, keys masked."""

    operation: Operation
    reply: Reply
    curl: str

    @property
    def status(self) -> int:
        return self.reply.status

    @property
    def body(self) -> Body:
        return Body(self.reply.fields, self.operation.id)

    def listed(self, name: str = "result") -> list[Entry]:
        """The objects that a 200 lists; none for any other answer."""
        return self.body.entries_if_any(name) if self.status == 200 else []
