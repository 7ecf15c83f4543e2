"""The two dialects in which the API writes its bodies, and what a schema means in each of them."""

from collections.abc import Iterator
from typing import Any

Schema = dict[str, Any]

PAGES = "pages"
"""The dialect of the help pages: flat bodies."""

OPENAPI = "openapi"
"""The dialect of the vendor's OpenAPI document: bodies wrapped as {"body": …}."""

DIALECTS = (PAGES, OPENAPI)

_ANNOTATIONS = ("$schema", "x-dialects", "x-openapi")
"""Keywords that do not constrain a body. jsonschema would treat a nested "$schema" as the start of another schema."""


def in_dialect(schema: Schema, dialect: str) -> Schema:
    """The schema of a body in a dialect: with the fields of that dialect, in its envelope."""
    return wrapped(without_other_dialects(schema, dialect), dialect)


def wrapped(schema: Schema, dialect: str) -> Schema:
    """The schema of a body in the envelope of a dialect."""
    if dialect == PAGES:
        return schema
    return {"type": "object", "properties": {"body": schema}, "required": ["body"]}


def without_other_dialects(node: Any, dialect: str) -> Any:
    """A schema, or a part of one, as it applies in one dialect, without the annotations of dialects.

    x-dialects lists the dialects that have a field. x-openapi states what differs in the dialect "openapi": keywords
    that replace those of the same name or, with a title or a $ref, a schema that replaces the whole schema.
    """
    if isinstance(node, list):
        return [without_other_dialects(item, dialect) for item in node]
    if not isinstance(node, dict):
        return node
    if dialect == OPENAPI and "x-openapi" in node:
        other = node["x-openapi"]
        node = other if other.keys() & {"title", "$ref"} else {**node, **other}
    return {
        # The names of properties are not keywords: a property may be called "$schema".
        key: {name: without_other_dialects(value[name], dialect) for name in _fields_of(node, dialect)}
        if key == "properties"
        else without_other_dialects(value, dialect)
        for key, value in node.items()
        if key not in _ANNOTATIONS
    }


def _fields_of(schema: Schema, dialect: str) -> Iterator[str]:
    """The names of the fields that a body has in a dialect, in order; empty if the body is not an object."""
    for name, subschema in schema.get("properties", {}).items():
        if dialect in subschema.get("x-dialects", DIALECTS):
            yield name


def takes_times(schema: Schema) -> bool:
    """Whether the values of a schema are times, in one or several forms."""
    return any(form.get("format") == "date-time" for form in schema.get("anyOf", [schema]))
