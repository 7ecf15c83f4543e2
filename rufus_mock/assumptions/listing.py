"""What the lists of devices and of events have in common."""

from collections.abc import Sequence
from typing import TypeVar

from ..spec.dialects import OPENAPI
from .statement import Statement

Entry = TypeVar("Entry")


def as_stored(entries: Sequence[Entry], start: int, stop: int) -> Sequence[Entry]:
    """The part of a list from start to stop, in the order of the list."""
    return entries[start:stop]


def pagination(id: str) -> Statement[[str], str]:
    """A statement that decides which dialect's fields a list has, given that of the server. Only one has pagination."""
    return Statement(id, {"absent": lambda dialect: dialect, "present": lambda _dialect: OPENAPI})
