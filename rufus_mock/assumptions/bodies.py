"""Which assumptions decide the schema of an operation's body."""

from collections.abc import Callable, Mapping, Sequence
from functools import reduce

from ..spec.dialects import Schema
from . import devices, inserts, requests
from .constraints import closed, limited, not_empty, with_type
from .statement import Statement

SchemaStatement = Statement[[Schema], Schema]

BODY_STATEMENTS: Mapping[str, tuple[SchemaStatement, ...]] = {
    "bindDevice": (devices.UNKNOWN_FIELDS, devices.TYPE),
    "insertSession": (requests.UNKNOWN_FIELDS,),
    "insertPassings": (requests.UNKNOWN_FIELDS, inserts.EMPTY_LIST, inserts.MAX_ENTRIES),
}
"""The statements about the schema of a body, by operationId."""

_STRICTEST: Mapping[str, Sequence[Callable[[Schema], Schema]]] = {
    "bindDevice": (closed, with_type),
    "insertSession": (closed,),
    "insertPassings": (closed, not_empty, limited),
}


def strictest(operation: str, schema: Schema) -> Schema:
    """A schema for bodies that are valid under every variant: none of the statements matters for them."""
    return reduce(lambda narrowed, narrow: narrow(narrowed), _STRICTEST.get(operation, ()), schema)


def under(statements: Sequence[SchemaStatement], variants: Sequence[str], schema: Schema) -> Schema:
    """The schema of a body under the variants of these statements."""
    for statement, variant in zip(statements, variants, strict=True):
        schema = statement.strategy(variant)(schema)
    return schema
