"""The parts of an OpenAPI document with its references followed, and schemas in one form for OpenAPI 3.0 and 3.1."""

from collections.abc import Mapping
from typing import Any

from ..spec.dialects import Schema
from .vendor import UnusableDocument

LEAST = ("minimum", "minLength", "minItems")
MOST = ("maximum", "maxLength", "maxItems")
BOUNDS = (*LEAST, *MOST)
"""The keywords that bound a value from below and from above."""

_ALTERNATIVES = ("anyOf", "oneOf")
_TYPES = ("null", "boolean", "integer", "number", "string", "array", "object")


class Document:
    """An OpenAPI document whose references are followed when a part is read."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        self.content = content

    def part(self, node: Any) -> dict[str, Any]:
        """An object of the document; what it refers to, if it is a reference. Raises UnusableDocument.

        Members beside a reference, such as an x-evidence, replace those of its target.
        """
        return self._followed(node)[0]

    def schema(self, node: Any) -> Schema:
        """A schema in one form: types as a list, `nullable`, `allOf` and alternatives merged. See also part."""
        return self._schema(node, frozenset())

    def _schema(self, node: Any, within: frozenset[str]) -> Schema:
        """within: the references that led to this schema. A schema that is composed of itself says nothing more."""
        part, followed = self._followed(node)
        if followed & within:
            return {}
        schema, within = _without_defects(part), within | followed
        for each in _listed(schema.pop("allOf", None)):
            schema = _both(schema, self._schema(each, within))
        for keyword in _ALTERNATIVES:
            alternatives = [self._schema(each, within) for each in _listed(schema.pop(keyword, None))]
            if alternatives:
                schema = _both(schema, _either(alternatives))
        if "const" in schema:
            schema["enum"] = [schema.pop("const")]
        types = types_of(schema)
        if types is not None:
            schema["type"] = sorted(types | {"null"} if schema.get("nullable") is True else types, key=_order)
        return schema

    def _followed(self, node: Any) -> tuple[dict[str, Any], frozenset[str]]:
        """An object of the document, and the references that led to it."""
        beside: dict[str, Any] = {}
        followed: set[str] = set()
        while isinstance(node, Mapping):
            reference = node.get("$ref")
            beside = {**{name: value for name, value in node.items() if name != "$ref"}, **beside}
            if not isinstance(reference, str) or reference in followed:
                break
            followed.add(reference)
            node = self._target(reference)
        return beside, frozenset(followed)

    def _target(self, reference: str) -> Any:
        if not reference.startswith("#"):
            raise UnusableDocument(f"it refers to {reference}: bundle the document into one file first")
        node: Any = self.content
        for part in reference.lstrip("#").strip("/").split("/"):
            name = part.replace("~1", "/").replace("~0", "~")
            if not isinstance(node, Mapping) or name not in node:
                raise UnusableDocument(f"it refers to {reference}, which it does not contain")
            node = node[name]
        return node


_FORMS: dict[str, type | tuple[type, ...]] = {
    "properties": dict,
    "required": list,
    "enum": list,
    "type": (str, list),
    "items": dict,
    "format": str,
    **dict.fromkeys(BOUNDS, (int, float)),
}


def _without_defects(schema: Schema) -> Schema:
    """The schema without keywords that have a value of a wrong type, which say nothing."""
    return {name: value for name, value in schema.items() if isinstance(value, _FORMS.get(name, object))}


def types_of(schema: Schema) -> set[str] | None:
    """The types that a schema allows; None if it allows all of them."""
    types = schema.get("type")
    if isinstance(types, str):
        return {types}
    if isinstance(types, list):
        return {each for each in types if isinstance(each, str)}
    if schema.get("properties"):
        return {"object"}
    return {"array"} if schema.get("items") else None


def _order(name: str) -> int:
    return _TYPES.index(name) if name in _TYPES else len(_TYPES)


def _listed(node: Any) -> list[Any]:
    return node if isinstance(node, list) else []


def _both(one: Schema, other: Schema) -> Schema:
    """A schema for values that both schemas allow."""
    merged = {**other, **one}
    if "properties" in one and "properties" in other:
        merged["properties"] = {**other["properties"], **one["properties"]}
    if "required" in one and "required" in other:
        merged["required"] = list(dict.fromkeys([*one["required"], *other["required"]]))
    return merged


def _either(alternatives: list[Schema]) -> Schema:
    """A schema for values that one of the schemas allows, as far as it can be said in one: some details are lost."""
    present = [each for each in alternatives if types_of(each) != {"null"}]
    if len(present) == 1:
        merged = dict(present[0])
    else:
        merged = {"properties": {}, "required": None}
        for each in present:
            merged["properties"] = {**each.get("properties", {}), **merged["properties"]}
            required = set(each.get("required", ()))
            merged["required"] = required if merged["required"] is None else merged["required"] & required
        merged["required"] = sorted(merged["required"] or ())
        formats = {each.get("format") for each in present}
        merged |= {"format": formats.pop()} if len(formats) == 1 and None not in formats else {}
        if all("enum" in each for each in present):
            merged["enum"] = [value for each in present for value in each["enum"]]
        merged = {name: value for name, value in merged.items() if value}
    types = [types_of(each) for each in alternatives]
    if all(each is not None for each in types):
        merged["type"] = sorted({name for each in types for name in each or ()}, key=_order)
    else:
        merged.pop("type", None)
    return merged
