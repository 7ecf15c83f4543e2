"""The two ways in which the API writes its bodies, and what a schema says in each."""

from collections.abc import Iterator
from typing import Any

Schema = dict[str, Any]

PAGES = "pages"
"""The dialect of the help pages: flat bodies."""

OPENAPI = "openapi"
"""The dialect of the vendor's OpenAPI document: bodies wrapped as {"body": …}."""

DIALECTS = (PAGES, OPENAPI)

_ANNOTATIONS = ("$schema", "x-dialects", "x-openapi")
"""Keywords that say nothing of a body. A "$schema" within a schema would make jsonschema start again from there."""


def in_dialect(schema: Schema, dialect: str) -> Schema:
    """The schema of a body as it stands in a dialect: that dialect's fields, and its envelope."""
    return wrapped(without_other_dialects(schema, dialect), dialect)


def wrapped(schema: Schema, dialect: str) -> Schema:
    """The schema of a body in the envelope of a dialect."""
    if dialect == PAGES:
        return schema
    return {"type": "object", "properties": {"body": schema}, "required": ["body"]}


def without_other_dialects(node: Any, dialect: str) -> Any:
    """A schema, or a part of one, as it reads in one dialect, without the annotations that tell dialects apart.

    x-dialects lists the dialects that have a field. x-openapi holds what the dialect "openapi" says instead: keywords
    that replace those of the same name, or, with a title or a $ref, a schema that replaces the whole.
    """
    if isinstance(node, list):
        return [without_other_dialects(item, dialect) for item in node]
    if not isinstance(node, dict):
        return node
    if dialect == OPENAPI and "x-openapi" in node:
        other = node["x-openapi"]
        node = other if other.keys() & {"title", "$ref"} else {**node, **other}
    return {
        # Not as a node: a property may be called "$schema".
        key: {name: without_other_dialects(value[name], dialect) for name in _fields_of(node, dialect)}
        if key == "properties"
        else without_other_dialects(value, dialect)
        for key, value in node.items()
        if key not in _ANNOTATIONS
    }


def _fields_of(schema: Schema, dialect: str) -> Iterator[str]:
    """The names of the fields that a body has in a dialect, in order; none of a body that is no object."""
    for name, subschema in schema.get("properties", {}).items():
        if dialect in subschema.get("x-dialects", DIALECTS):
            yield name


def takes_times(schema: Schema) -> bool:
    """Whether the values of a schema are times, in one form or in several."""
    return any(form.get("format") == "date-time" for form in schema.get("anyOf", [schema]))
