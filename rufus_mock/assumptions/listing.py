"""What the lists of devices and of events have in common."""

from collections.abc import Sequence
from typing import TypeVar

from ..spec.dialects import OPENAPI, PAGES
from .statement import Statement

Entry = TypeVar("Entry")


def as_stored(entries: Sequence[Entry], start: int, stop: int) -> Sequence[Entry]:
    """The part of a list from start to stop, in the order of the list."""
    return entries[start:stop]


Fields = Statement[[str], str]
"""Decides which dialect's fields a list has, given that of the server. Only the dialect "openapi" has pagination."""


def pagination_in_pages(id: str) -> Fields:
    """A statement about pagination in the dialect "pages"."""
    return Statement(id, {"absent": lambda dialect: dialect, "present": lambda _dialect: OPENAPI})


def pagination_in_openapi(id: str) -> Fields:
    """A statement about pagination in the dialect "openapi"."""
    return Statement(id, {"present": lambda dialect: dialect, "absent": lambda _dialect: PAGES})
