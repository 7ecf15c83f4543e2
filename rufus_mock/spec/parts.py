"""Schemas that are completed from the files of a folder, so that a new part needs a new file only."""

import copy
from collections.abc import Iterable

from .dialects import Schema

PARTS = "x-parts"
"""The annotation of such a schema: the folder of its parts, relative to its own."""


def combined(schema: Schema, parts: Iterable[Schema]) -> Schema:
    """The schema with the properties of its parts.

    A property that several parts restrict to a constant becomes an enumeration, which describes each constant. Raises
    ValueError if two parts have any other property in common.
    """
    whole = copy.deepcopy(schema)
    del whole[PARTS]
    for part in parts:
        for name, described in part["properties"].items():
            if "const" in described:
                _add_constant(whole["properties"].setdefault(name, {"type": described["type"], "enum": []}), described)
            elif name in whole["properties"]:
                raise ValueError(f"{part.get('title')}: another part, or the schema itself, has the property {name}")
            else:
                whole["properties"][name] = described
    return whole


def _add_constant(enumeration: Schema, described: Schema) -> None:
    constant = described["const"]
    enumeration["enum"].append(constant)
    text = f"{constant}: {described['description']}"
    enumeration["description"] = f"{enumeration['description']} {text}" if "description" in enumeration else text
