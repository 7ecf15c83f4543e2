"""A connection that is reset."""

from collections.abc import Mapping
from typing import Any

from .kind import ChangedAnswer, Kind


class Reset(Kind):
    """The connection is reset, before anything is sent or after the headers and half of the body."""

    name = "reset"
    member = "reset"
    excludes = frozenset({"slow"})

    def __init__(self, described: Mapping[str, Any]) -> None:
        self._moment: str = described["reset"]

    def apply(self, answer: ChangedAnswer) -> None:
        answer.reset = self._moment
