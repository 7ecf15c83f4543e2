"""Compares two schemas of a body or a parameter, seen from a client that was written against the contract.

What a client sends must still be accepted, and what it reads must still be what it expects. So the same difference may
break a client in one direction and not in the other. A keyword that the vendor's document does not have says nothing:
the contract knows more, from other pages.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from ..spec.dialects import Schema
from .difference import BREAKING, COMPATIBLE, NOTE, Difference
from .resolved import BOUNDS, LEAST, Document, types_of


@dataclass(frozen=True)
class Place:
    """Where two documents are compared.

    sent: whether clients send the value, and do not read it. assumed: whether the contract only assumes what it says
    here.
    """

    operation: str
    where: str
    pointer: str = ""
    sent: bool = False
    assumed: bool = False

    def member(self, name: str) -> "Place":
        return replace(self, pointer=f"{self.pointer}/{name}")

    def under(self, node: Any) -> "Place":
        """The same place with the evidence of a part of the contract, if it has some of its own."""
        evidence = node.get("x-evidence") if isinstance(node, dict) else None
        if not isinstance(evidence, dict) or "of" in evidence:
            return self
        return replace(self, assumed=evidence.get("level") == "assumed")

    def differs(self, expected: str, actual: str, *, breaks: bool) -> Difference:
        """A difference here. breaks: whether it breaks a client."""
        kind = NOTE if breaks and self.assumed else BREAKING if breaks else COMPATIBLE
        return Difference(kind, self.operation, f"{self.where} {self.pointer}".rstrip(), expected, actual)


class SchemaComparison:
    """Compares the schemas of the contract with those of the vendor's document."""

    def __init__(self, ours: Document, theirs: Document) -> None:
        self._ours = ours
        self._theirs = theirs

    def compare(self, our_node: Any, their_node: Any, place: Place) -> Iterator[Difference]:
        """The differences between two schemas."""
        ours, theirs = self._ours.schema(our_node), self._theirs.schema(their_node)
        place = place.under(ours)
        our_types, their_types = types_of(ours), types_of(theirs)
        if our_types is not None and their_types is not None:
            yield from _types(our_types, their_types, place)
            if not (our_types & their_types) - {"null"}:
                return
        yield from _values(ours, theirs, place)
        if "properties" in ours and "properties" in theirs:
            yield from self._fields(ours, theirs, place)
        if "items" in ours and "items" in theirs:
            yield from self.compare(ours["items"], theirs["items"], place.member("[]"))

    def _fields(self, ours: Schema, theirs: Schema, place: Place) -> Iterator[Difference]:
        for name, our_field in ours["properties"].items():
            field = place.member(name).under(self._ours.part(our_field))
            if name not in theirs["properties"]:
                yield field.differs("a field", "no such field", breaks=True)
                continue
            yield from _required(name, ours, theirs, field)
            yield from self.compare(our_field, theirs["properties"][name], field)
        for name in theirs["properties"]:
            if name not in ours["properties"]:
                required = place.sent and name in theirs.get("required", ())
                yield place.member(str(name)).differs(
                    "no such field", "a required field" if required else "a field", breaks=required
                )
        if place.sent and theirs.get("additionalProperties") is False and ours.get("additionalProperties") is not False:
            yield place.differs("other fields are ignored", "other fields are not allowed", breaks=True)


def _required(name: str, ours: Schema, theirs: Schema, place: Place) -> Iterator[Difference]:
    was, now = name in ours.get("required", ()), name in theirs.get("required", ())
    if was != now:
        yield place.differs(
            "required" if was else "optional", "required" if now else "optional", breaks=now if place.sent else was
        )


def _types(ours: set[str], theirs: set[str], place: Place) -> Iterator[Difference]:
    narrowed, widened = _without(ours, theirs), _without(theirs, ours)
    if narrowed or widened:
        yield place.differs(_joined(ours), _joined(theirs), breaks=bool(narrowed if place.sent else widened))


def _without(types: set[str], others: set[str]) -> set[str]:
    """The types that the others do not include. Each integer is a number."""
    return types - others - ({"integer"} if "number" in others else set())


def _values(ours: Schema, theirs: Schema, place: Place) -> Iterator[Difference]:
    if "enum" in theirs:
        yield from _enum(ours.get("enum"), theirs["enum"], place)
    for keyword in ("format", "pattern", "default"):
        ignored = keyword == "default" and not place.sent
        if keyword in ours and keyword in theirs and ours[keyword] != theirs[keyword] and not ignored:
            yield place.differs(f"{keyword} {ours[keyword]}", f"{keyword} {theirs[keyword]}", breaks=True)
    for keyword in BOUNDS:
        if keyword in theirs and theirs[keyword] != ours.get(keyword):
            yield from _bound(keyword, ours.get(keyword), theirs[keyword], place)


def _enum(ours: list[Any] | None, theirs: list[Any], place: Place) -> Iterator[Difference]:
    gone = [value for value in ours or () if value not in theirs]
    added = [value for value in theirs if ours is not None and value not in ours]
    if ours is not None and not gone and not added:
        return
    breaks = bool(gone) or ours is None if place.sent else bool(added)
    yield place.differs("any value" if ours is None else _shown(ours), _shown(theirs), breaks=breaks)


def _bound(keyword: str, ours: float | None, theirs: float, place: Place) -> Iterator[Difference]:
    stricter = ours is None or (theirs > ours if keyword in LEAST else theirs < ours)
    expected = f"no {keyword}" if ours is None else f"{keyword} {ours}"
    yield place.differs(expected, f"{keyword} {theirs}", breaks=stricter if place.sent else not stricter)


def _joined(types: set[str]) -> str:
    return " or ".join(sorted(types, key=lambda name: (name == "null", name)))


def _shown(values: list[Any]) -> str:
    return "one of " + ", ".join(map(repr, values)) if len(values) != 1 else f"only {values[0]!r}"
