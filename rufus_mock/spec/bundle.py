"""Bundles a contract's files into one OpenAPI document. A schema with a title becomes the component of that name."""

from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import Any

from .dialects import OPENAPI, Schema, without_other_dialects, wrapped

METHODS = ("get", "post", "put", "patch", "delete")

_COMPONENTS = "#/components/schemas/"
_VALUES = {"const", "default", "enum", "example", "examples"}
"""Keywords whose values are not schemas, whatever their members are called."""


def bundle(root: Schema, read: Callable[[str], Schema], dialect: str) -> Schema:
    """The document `root` in one dialect, with the files that it refers to as components.

    read returns the content of a file. Raises ValueError if two schemas have the same title.
    """
    components = _Components(read, dialect)
    document: Schema = components.referring(root, "")
    for answer in _answers_of(document):
        answer["schema"] = components.in_envelope(answer["schema"])
    document["components"]["schemas"] = dict(sorted(components.schemas.items()))
    return document


def join(base: str, reference: str) -> str:
    """The name of the file that `reference` means in a file in the folder `base`."""
    parts: list[str] = []
    for part in (PurePosixPath(base) / reference).parts:
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)


class _Components:
    """The schemas of a document by title."""

    def __init__(self, read: Callable[[str], Schema], dialect: str) -> None:
        self.schemas: dict[str, Schema] = {}
        self._read = read
        self._dialect = dialect
        self._titles: dict[str, str] = {}

    def referring(self, node: Any, base: str, *, in_schema: bool = False) -> Any:
        """`node` with references to components instead of references to files and, in a schema, of titled schemas."""
        if isinstance(node, list):
            return [self.referring(item, base, in_schema=in_schema) for item in node]
        if not isinstance(node, dict):
            return node
        if in_schema and isinstance(node.get("title"), str):
            return {"$ref": self._add(node, base)}
        made = {key: self._member(key, value, base, in_schema) for key, value in node.items()}
        reference = node.get("$ref", "#")
        if not reference.startswith("#"):
            made["$ref"] = self._file(join(base, reference))
        return made

    def in_envelope(self, schema: Schema) -> Schema:
        """The schema of an answer, with each of its alternatives in the envelope of the dialect."""
        if self._dialect != OPENAPI:
            return schema
        if "anyOf" in schema:
            return {**schema, "anyOf": [self.in_envelope(alternative) for alternative in schema["anyOf"]]}
        title = schema["$ref"].removeprefix(_COMPONENTS) + "Envelope"
        self.schemas[title] = {"title": title, **wrapped({"$ref": schema["$ref"]}, self._dialect)}
        return {**schema, "$ref": _COMPONENTS + title}

    def _member(self, key: str, value: Any, base: str, in_schema: bool) -> Any:
        if key == "properties":
            return {name: self.referring(schema, base, in_schema=in_schema) for name, schema in value.items()}
        return value if key in _VALUES else self.referring(value, base, in_schema=in_schema)

    def _file(self, name: str) -> str:
        if name in self._titles:
            return _COMPONENTS + self._titles[name]
        schema = without_other_dialects(self._read(name), self._dialect)
        self._titles[name] = schema["title"]
        return self._add(schema, str(PurePosixPath(name).parent))

    def _add(self, schema: Schema, base: str) -> str:
        title: str = schema["title"]
        if title in self.schemas:
            raise ValueError(
                f"Two schemas have the title {title}: give each its own, so that each becomes a component."
            )
        self.schemas[title] = {}  # reserved for a schema that refers to itself
        self.schemas[title] = {key: self._member(key, value, base, True) for key, value in schema.items()}
        return _COMPONENTS + title


def _answers_of(document: Schema) -> Iterator[Schema]:
    operations = [item[method] for item in document["paths"].values() for method in METHODS if method in item]
    responses = [response for operation in operations for response in operation["responses"].values()]
    for response in [*responses, *document["components"]["responses"].values()]:
        yield from response.get("content", {}).values()
