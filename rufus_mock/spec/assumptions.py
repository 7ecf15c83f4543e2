"""The assumed statements of the contract, and for each the plausible ways in which the live API may behave."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from ..base.resources import folder
from .dialects import DIALECTS

FOLDER = "assumptions"


@dataclass(frozen=True)
class Variant:
    """One way in which the live API may behave.

    parameter: the text that the variant can be given, if any. document: what it changes in the OpenAPI document; see
    spec/variants.py.
    """

    id: str
    sentence: str
    parameter: str | None = None
    document: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Assumption:
    """One assumed statement, as a file in `schemas/assumptions/` describes it.

    operations: the operationIds whose answers it is about; empty if it is about requests that reach no operation.
    measured_by: what shows which variant the live API has. needs: what that takes, such as "writes". dialects: those
    that leave it open; in the other one no variant has an effect. default: the variant of a mock that is told nothing,
    by dialect.
    """

    id: str
    statement: str
    operations: tuple[str, ...]
    variants: Mapping[str, Variant]
    measured_by: str
    needs: tuple[str, ...]
    dialects: tuple[str, ...]
    default: Mapping[str, str] = field(repr=False)


def assumptions(root: Path, operations: tuple[str, ...]) -> dict[str, Assumption]:
    """All assumptions by id, in the order of the files. operations: the operationIds that "all" stands for."""
    described = [
        item
        for path in sorted((root / FOLDER).glob("*.json"))
        for item in json.loads(path.read_text(encoding="utf-8")).items()
    ]
    return {id: _assumption(id, raw, operations) for id, raw in described}


@cache
def defaults() -> Mapping[str, Mapping[str, str]]:
    """The default variant of each assumption in `schemas/`, by dialect and id."""
    return {dialect: {id: each.default[dialect] for id, each in _known().items()} for dialect in DIALECTS}


@cache
def open_in() -> Mapping[str, frozenset[str]]:
    """The ids of the assumptions in `schemas/` that each dialect leaves open."""
    return {dialect: frozenset(id for id, each in _known().items() if dialect in each.dialects) for dialect in DIALECTS}


@cache
def _known() -> Mapping[str, Assumption]:
    return assumptions(folder("schemas"), ())


def _assumption(id: str, raw: Mapping[str, Any], operations: tuple[str, ...]) -> Assumption:
    default = raw["default"]
    return Assumption(
        id,
        raw["statement"],
        operations if raw["operations"] == "all" else tuple(raw["operations"]),
        {
            name: Variant(name, each["sentence"], each.get("parameter"), each.get("document", {}))
            for name, each in raw["variants"].items()
        },
        raw["measured_by"],
        tuple(raw["needs"]),
        tuple(raw.get("dialects", DIALECTS)),
        dict.fromkeys(DIALECTS, default) if isinstance(default, str) else default,
    )
