"""A device as the probes see it: its sessions in the order of their creation, and the passings that are known."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any

from .answer import Answer, Row, documented_time, whole


@dataclass
class SessionFacts:
    """A session. created: in milliseconds. rows: all its passings as read, or None if they are not known.

    count: how many passings it has, or None. steady: nobody else adds passings. The numbers and times are read from
    the rows once.
    """

    token: str
    active: bool | None = None
    created: int | None = None
    count: int | None = None
    rows: list[Row] | None = None
    steady: bool = True

    @cached_property
    def numbers(self) -> list[int]:
        """The num_passing of all its passings, ascending; empty if one is missing or there are two of one."""
        found = [whole(row.get("num_passing")) for row in self.rows or []]
        numbers = [number for number in found if number is not None]
        return sorted(numbers) if len(set(numbers)) == len(found) else []

    @cached_property
    def times(self) -> dict[int, int]:
        """The timestamps in milliseconds by num_passing; empty if one is not in the documented form."""
        found = [(whole(row.get("num_passing")), documented_time(row.get("timestamp"))) for row in self.rows or []]
        times = {number: time for number, time in found if number is not None and time is not None}
        return times if len(times) == len(found) else {}


@dataclass
class Subject:
    """A device. sessions: the oldest first. complete: the sessions are all that it has, in an order that is certain."""

    deviceid: str
    sessions: list[SessionFacts] = field(default_factory=list)
    complete: bool = True
    own: bool = False
    listed: Answer | None = None

    @property
    def ranks(self) -> dict[str, int]:
        """The place of each session in the order of creation, by token."""
        return {session.token: rank for rank, session in enumerate(self.sessions)}

    def with_passings(self, least: int = 1) -> SessionFacts | None:
        """The oldest session whose passings are all known and that has at least so many."""
        for session in self.sessions:
            if session.steady and len(session.numbers) >= least:
                return session
        return None


def text(row: Row, name: str) -> str | None:
    """A string of a row; None for anything else."""
    value: Any = row.get(name)
    return value if isinstance(value, str) and value else None


def ordered(values: Sequence[Any]) -> bool:
    """Whether no value is smaller than the one before it."""
    return all(before <= after for before, after in pairwise(values))
