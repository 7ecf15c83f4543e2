"""Reduces a large invalid value to its invalid parts.

jsonschema-rs collects all errors before it returns the first, which takes a minute and gigabytes of memory for a list
of a million invalid entries. Checking whether a single entry is valid is fast.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from typing import Any

from .dialects import Schema

LONG = 100
"""Lists with more entries and objects with more members are cut."""

KEPT = 10
"""How many invalid entries a cut list keeps. An error lists at most as many problems."""

Path = tuple[str | int, ...]
Check = Callable[[Any], bool]


class Excerpt:
    """A copy of a value in which long lists contain only their first invalid entries.

    checker: returns a function that checks whether an entry is valid by a schema.
    """

    def __init__(self, value: Any, schema: Schema, checker: Callable[[Schema], Check]) -> None:
        self._checker = checker
        self._indices: dict[Path, list[int]] = {}
        self.value = self._cut(value, schema, ())

    def original(self, path: Sequence[str | int]) -> list[str | int]:
        """The path in the whole value of what has this path in the excerpt."""
        return [
            self._indices[tuple(path[:at])][part]
            if isinstance(part, int) and tuple(path[:at]) in self._indices
            else part
            for at, part in enumerate(path)
        ]

    def _cut(self, value: Any, schema: Schema, path: Path) -> Any:
        if isinstance(value, list):
            return self._list(value, schema.get("items", {}), path)
        if isinstance(value, dict):
            return self._object(value, schema.get("then", schema).get("properties", {}), path)
        return value

    def _list(self, entries: list[Any], schema: Schema, path: Path) -> list[Any]:
        if len(entries) > LONG:
            valid = self._checker(schema)
            invalid = (index for index, entry in enumerate(entries) if not valid(entry))
            # At least one entry: the schema may not allow an empty list.
            self._indices[path] = list(islice(invalid, KEPT)) or [0]
            entries = [entries[index] for index in self._indices[path]]
        return [self._cut(entry, schema, (*path, index)) for index, entry in enumerate(entries)]

    def _object(self, members: dict[str, Any], schemas: Mapping[str, Schema], path: Path) -> dict[str, Any]:
        others = list(islice((name for name in members if name not in schemas), LONG))
        names = [*(name for name in schemas if name in members), *others]
        return {name: self._cut(members[name], schemas.get(name, {}), (*path, name)) for name in names}
