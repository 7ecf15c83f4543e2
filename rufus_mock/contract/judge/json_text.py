"""Reads a body as RFC 8259 and the contract write it, and notes what a plain parser hides."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


class WrittenNumber(float):
    """A number that was written with a fraction, an exponent or as -0: no integer, whatever its value is."""

    text: str

    def __new__(cls, text: str) -> "WrittenNumber":
        number = super().__new__(cls, text)
        number.text = text
        return number

    def __repr__(self) -> str:
        return self.text


class Object(dict[str, Any]):
    """A JSON object that has a name more than once. repeated: these names."""

    repeated: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reading:
    """The value of a body, and whether it holds a WrittenNumber or an Object anywhere."""

    value: Any
    unusual: bool


def read(content: bytes) -> Reading:
    """The JSON of a body. Raises ValueError or RecursionError.

    Unlike json.loads, it refuses NaN, Infinity, a byte order mark and encodings other than UTF-8. Numbers that are not
    written as integers become a WrittenNumber, objects that repeat a name an Object.
    """
    unusual: list[WrittenNumber | Object] = []

    def noted(value: Any) -> Any:
        if isinstance(value, WrittenNumber | Object):
            unusual.append(value)
        return value

    value = json.loads(
        content.decode(),
        parse_float=lambda text: noted(WrittenNumber(text)),
        parse_int=(lambda text: noted(_integer(text))) if b"-0" in content else None,
        parse_constant=_refuse,
        object_pairs_hook=lambda pairs: noted(_object(pairs)),
    )
    return Reading(value, bool(unusual))


def repeated_names(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yields the path of each object that repeats a name, and the name."""
    if isinstance(value, Object):
        yield from ((path, name) for name in value.repeated)
    if isinstance(value, dict):
        for name, member in value.items():
            yield from repeated_names(member, (*path, name))
    elif isinstance(value, list):
        for index, member in enumerate(value):
            if isinstance(member, dict | list):
                yield from repeated_names(member, (*path, index))


def _integer(text: str) -> int | WrittenNumber:
    return WrittenNumber(text) if text == "-0" else int(text)


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    doubled = Object(found)
    names = [name for name, _ in pairs]
    doubled.repeated = tuple(name for name in found if names.count(name) > 1)
    return doubled
