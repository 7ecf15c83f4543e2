"""Schemas of request bodies, as the variants of assumptions change them."""

from typing import Any

from ..spec.dialects import Schema

LIST = "passings_list"
"""The list of an insert."""

MOST_ENTRIES = 5000


def unchanged(schema: Schema) -> Schema:
    """The schema of the contract."""
    return schema


def opened(schema: Schema) -> Schema:
    """Accepts unknown fields, also in the entries of the list."""
    schema = _with_list(schema, items=opened(schema["properties"][LIST]["items"])) if _has_list(schema) else schema
    return {name: value for name, value in schema.items() if name != "additionalProperties"}


def closed(schema: Schema) -> Schema:
    """Accepts no unknown fields."""
    schema = _with_list(schema, items=closed(schema["properties"][LIST]["items"])) if _has_list(schema) else schema
    return {**schema, "additionalProperties": False}


def with_type(schema: Schema) -> Schema:
    """Requires a type; it is the first field that an error names."""
    return {**schema, "required": ["type", *schema["required"]]}


def not_empty(schema: Schema) -> Schema:
    """Requires an entry in the list."""
    return _with_list(schema, minItems=1)


def maybe_empty(schema: Schema) -> Schema:
    """Accepts an empty list."""
    return _with_list(schema, minItems=0)


def limited(schema: Schema) -> Schema:
    """Accepts no longer list."""
    return _with_list(schema, maxItems=MOST_ENTRIES)


def _has_list(schema: Schema) -> bool:
    return LIST in schema.get("properties", {})


def _with_list(schema: Schema, **keywords: Any) -> Schema:
    """The schema with other keywords of its list."""
    properties = schema["properties"]
    return {**schema, "properties": {**properties, LIST: {**properties[LIST], **keywords}}}
