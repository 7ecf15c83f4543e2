"""Counts the requests that match an expectation. Compares journal entries with it, field by field."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..spec.validation import pointer
from .path_pattern import matches

NEAREST = 3
"""The number of near misses that a verification shows."""

NOTHING = object()
"""The value of a missing field. None cannot be used, because null is a value."""


@dataclass(frozen=True)
class Mismatch:
    """A field that differs. expected is NOTHING for an unexpected field, actual is NOTHING for a missing one."""

    field: str
    expected: Any
    actual: Any


@dataclass(frozen=True)
class Verification:
    """verified is None if evicted requests could change it. nearest: the closest entries and how they differ."""

    verified: bool | None
    matched: int
    evicted: int
    expected: str
    nearest: list[tuple[dict[str, Any], list[Mismatch]]]


def verify(asked: Mapping[str, Any], entries: list[dict[str, Any]], evicted: Mapping[str | None, int]) -> Verification:
    """Verify an expectation (admin/requests/verify) with entries (admin/journal-entry). evicted: by operation."""
    compared = [(entry, list(mismatches(asked, entry))) for entry in entries]
    matched = sum(not found for _, found in compared)
    lost = evicted.get(asked["operation"], 0) if "operation" in asked else sum(evicted.values())
    verified = _verdict(asked, matched, matched + lost)
    misses = sorted((found for found in compared if found[1]), key=lambda found: _distance(found[1]))
    return Verification(verified, matched, lost, _bounds(asked), [] if verified else misses[:NEAREST])


def mismatches(asked: Mapping[str, Any], entry: Mapping[str, Any]) -> Iterator[Mismatch]:
    """The fields in which an entry differs from the expectation."""
    for name in ("operation", "method", "status", "valid", "key"):
        if name in asked and asked[name] != entry[name]:
            yield Mismatch(name, asked[name], entry[name])
    if "path" in asked and not matches(asked["path"], entry["path"]):
        yield Mismatch("path", asked["path"], entry["path"])
    compare = Comparison(asked.get("exact", False))
    if entry.get("body_bytes") == 0 and asked.get("body") is not None:
        entry = {**entry, "body": NOTHING}
    for name in ("query", "body"):
        if name in asked:
            yield from compare.differences(asked[name], entry[name], [name])
    for header in asked.get("headers", ()):
        if _header(header) not in map(_header, entry["headers"]):
            yield Mismatch("/headers", header, entry["headers"])


def _header(name: str) -> str:
    """A header name in lower case and with - for _, because WSGI does not tell these apart."""
    return name.lower().replace("_", "-")


class Comparison:
    """Compares JSON values. Additional members and entries are a difference only if the comparison is exact."""

    def __init__(self, exact: bool) -> None:
        self._exact = exact

    def differences(self, expected: Any, actual: Any, path: list[str | int]) -> Iterator[Mismatch]:
        """The parts of `expected` that are not in `actual`; if exact, also the parts that only `actual` has."""
        if isinstance(expected, dict) and isinstance(actual, dict):
            for name, value in expected.items():
                if name not in actual:
                    yield Mismatch(pointer([*path, name]), value, NOTHING)
                else:
                    yield from self.differences(value, actual[name], [*path, name])
            if self._exact:
                for name in (name for name in actual if name not in expected):
                    yield Mismatch(pointer([*path, name]), NOTHING, actual[name])
        elif isinstance(expected, list) and isinstance(actual, list):
            yield from self._entries(expected, actual, path)
        elif not _same(expected, actual):
            yield Mismatch(pointer(path), expected, actual)

    def _entries(self, expected: list[Any], actual: list[Any], path: list[str | int]) -> Iterator[Mismatch]:
        """Match each expected entry with a different entry: an equal one, or else the nearest of the remaining ones."""
        left = dict(enumerate(actual))
        unmatched = []
        for entry in expected:
            found = next((index for index, other in left.items() if not any(self.differences(entry, other, []))), None)
            if found is None:
                unmatched.append(entry)
            else:
                del left[found]
        for entry in unmatched:
            if not left:
                yield Mismatch(pointer(path), entry, NOTHING)
                continue
            ways = {index: list(self.differences(entry, other, [*path, index])) for index, other in left.items()}
            nearest = min(ways, key=lambda index: len(ways[index]))
            yield from ways[nearest]
            del left[nearest]
        if self._exact:
            for index, other in left.items():
                yield Mismatch(pointer([*path, index]), NOTHING, other)


def _same(expected: Any, actual: Any) -> bool:
    if isinstance(expected, bool) or isinstance(actual, bool):
        return expected is actual
    return bool(expected == actual)


def _distance(found: list[Mismatch]) -> tuple[bool, int]:
    """Sorts entries of the same operation and path first, then by the number of fields that differ."""
    names = {mismatch.field for mismatch in found}
    return bool(names & {"operation", "path"}), len(found)


def _verdict(asked: Mapping[str, Any], least: int, most: int) -> bool | None:
    """Whether the true number, which is between least and most, is expected. None if that is uncertain."""
    low, high = _limits(asked)
    if low <= least and (high is None or most <= high):
        return True
    if most < low or (high is not None and least > high):
        return False
    return None


def _limits(asked: Mapping[str, Any]) -> tuple[int, int | None]:
    if "count" in asked:
        return asked["count"], asked["count"]
    return asked.get("at_least", 0 if "at_most" in asked else 1), asked.get("at_most")


def _bounds(asked: Mapping[str, Any]) -> str:
    low, high = _limits(asked)
    if low == high:
        return f"exactly {low}"
    return f"at least {low}" if high is None else f"{low} to {high}" if low else f"at most {high}"
