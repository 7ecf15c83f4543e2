"""Strategies for values to send, made from the schemas: valid ones, and bodies with one defect."""

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from ...client import specification
from ...spec.dialects import Schema, takes_times
from ..times import to_text
from ..wording import described, pointer

FIRST_TIME = 946_684_800_000
"""2000-01-01T00:00:00.000Z"""
LAST_TIME = 4_102_444_799_999
"""2099-12-31T23:59:59.999Z"""
LARGEST_NUMBER = 2**31 - 1

_TYPES = ("null", "boolean", "integer", "number", "string", "array", "object")

times = st.integers(FIRST_TIME, LAST_TIME)
"""Milliseconds since the epoch, in years that every server accepts."""

timestamps = times.map(to_text)

texts = st.text(
    # No control characters: databases refuse some of them, and no page promises them.
    st.characters(codec="utf-8", exclude_categories=("C", "Zl", "Zp")),
    min_size=1,
    max_size=40,
).filter(lambda text: text == text.strip())

coordinates = st.builds(
    lambda degrees, fraction: f"{degrees}.{fraction}",
    st.integers(-89, 89).filter(bool),
    st.text("0123456789", min_size=1, max_size=7).map(lambda digits: digits[:-1] + (digits[-1].replace("0", "5"))),
)
"""Decimal degrees as a string that survives a conversion to a number: no trailing zero."""


def values(schema: Schema) -> st.SearchStrategy[Any]:
    """Any value that a schema of the contract allows, by type, enum, const, bounds, required and optional fields."""
    if "const" in schema:
        return st.just(schema["const"])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    kinds = schema.get("type", "string" if takes_times(schema) else list(_TYPES[:5]))
    kinds = [kinds] if isinstance(kinds, str) else kinds
    return st.one_of([_of_type(kind, schema) for kind in kinds])


def _of_type(kind: str, schema: Schema) -> st.SearchStrategy[Any]:
    if kind == "object":
        properties = {name: values(member) for name, member in schema.get("properties", {}).items()}
        required = schema.get("required", ())
        return st.fixed_dictionaries(
            {name: properties[name] for name in properties if name in required},
            optional={name: properties[name] for name in properties if name not in required},
        )
    if kind == "array":
        most = min(schema.get("maxItems", 3), 3)
        return st.lists(values(schema.get("items", {})), min_size=schema.get("minItems", 0), max_size=most)
    if kind == "string":
        if takes_times(schema):
            return timestamps
        return st.from_regex(schema["pattern"], fullmatch=True) if "pattern" in schema else texts
    if kind == "integer":
        return st.integers(schema.get("minimum", -LARGEST_NUMBER), schema.get("maximum", LARGEST_NUMBER))
    if kind == "number":
        return st.floats(-180, 180).map(lambda number: round(number, 6))
    return st.booleans() if kind == "boolean" else st.none()


def passing_inputs() -> st.SearchStrategy[dict[str, Any]]:
    """A passing to insert, in documented forms only: times with milliseconds and Z, coordinates as strings."""
    schema = specification().schema("passing-input")
    properties = {name: values(member) for name, member in schema["properties"].items() if name != "chips"}
    properties["num_passing"] = st.integers(0, LARGEST_NUMBER)
    properties["latitude"] = properties["longitude"] = coordinates
    # What a server does without coordinates is assumed; another check looks at that.
    required = {*schema["required"], "latitude", "longitude"}
    return st.fixed_dictionaries(
        {name: properties[name] for name in properties if name in required},
        optional={name: properties[name] for name in properties if name not in required},
    )


def passing_lists(most: int = 6) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Passings with different numbers, in any order."""
    return st.lists(passing_inputs(), min_size=1, max_size=most, unique_by=lambda entry: entry["num_passing"])


def identifiers() -> st.SearchStrategy[str]:
    """An identifier of the documented form."""
    return st.integers(0, 2**256 - 1).map(lambda number: f"{number:064X}")


@dataclass(frozen=True)
class InvalidBody:
    """A body with one thing wrong: what, and where. missing: a required field is missing."""

    body: Any
    where: str
    what: str
    missing: bool


def invalid_bodies(schema: Schema, body: Mapping[str, Any], keep: frozenset[str] = frozenset()) -> list[InvalidBody]:
    """A valid body in every form with one required field missing, or one field of a wrong type."""
    return list(_invalid_bodies(schema, dict(body), dict(body), (), keep))


def _invalid_bodies(
    schema: Schema, whole: dict[str, Any], node: Any, path: tuple[str | int, ...], keep: frozenset[str]
) -> Iterator[InvalidBody]:
    if isinstance(node, dict):
        for name in schema.get("required", ()):
            spoiled = copy.deepcopy(whole)
            del _at(spoiled, path)[name]
            yield InvalidBody(spoiled, pointer([*path, name]), f"without {name}", True)
        for name, value in node.items():
            member = schema["properties"].get(name, {})
            wrong = None if name in keep else _wrong_value(member)
            if wrong is not None:
                spoiled = copy.deepcopy(whole)
                _at(spoiled, path)[name] = wrong
                yield InvalidBody(spoiled, pointer([*path, name]), f"{name}: {described(wrong)}", False)
            yield from _invalid_bodies(member, whole, value, (*path, name), keep)
    elif isinstance(node, list) and node:
        yield from _invalid_bodies(schema["items"], whole, node[-1], (*path, len(node) - 1), keep)


def _at(node: Any, path: tuple[str | int, ...]) -> Any:
    for part in path:
        node = node[part]
    return node


def _wrong_value(schema: Schema) -> Any:
    """A value of a type that no reading of the schema allows."""
    if takes_times(schema):
        return "yesterday"
    kinds = schema.get("type", _TYPES)
    kinds = {kinds} if isinstance(kinds, str) else set(kinds)
    for kind, value in (("array", [1]), ("object", {"a": 1}), ("boolean", True)):
        if kind not in kinds:
            return value
    return None
