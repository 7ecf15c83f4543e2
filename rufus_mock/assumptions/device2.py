"""Where a continued read starts, where it continues, and what it answers if there is nothing new."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from ..base.errors import BadRequest
from .reads import Answer, not_found, shown
from .statement import Statement, always


class Candidate(Protocol):
    """A session in which an answer can begin. has_passings: within the bounds of the read."""

    @property
    def has_passings(self) -> bool: ...
    @property
    def active(self) -> bool: ...


Choice = Statement[[Sequence[Any], Callable[[Any], Answer]], Answer]
"""Chooses one of several candidates, the oldest first, and answers with what follows from it."""


def _oldest_with_passings(candidates: Sequence[Candidate], then: Callable[[Any], Answer]) -> Answer:
    return then(next((each for each in candidates if each.has_passings), candidates[-1]))


def _oldest(candidates: Sequence[Candidate], then: Callable[[Any], Answer]) -> Answer:
    return then(candidates[0])


def _newest(candidates: Sequence[Candidate], then: Callable[[Any], Answer]) -> Answer:
    return then(candidates[-1])


def _active(candidates: Sequence[Candidate], then: Callable[[Any], Answer]) -> Answer:
    # A device has one active session at most, so it does not matter whether the newest one is active.
    return then(next((each for each in candidates[:-1] if each.active), candidates[-1]))


START = Statement(
    "device2.start", {"oldest-with-passings": _oldest_with_passings, "newest": _newest, "active": _active}
)
"""The candidates are all sessions of the device."""

JUMP = Statement("device2.jump", {"next-with-passings": _oldest_with_passings, "next": _oldest, "newest": _newest})
"""The candidates are the newer sessions."""

NOTHING_NEW = Statement("device2.nothing-new", {"200": shown, "404": not_found})

NO_SESSIONS = Statement("device2.no-sessions", {"200": shown, "404": not_found})

RESUMED_FROM = Statement[[], int | None]("device2.resumed-from", {"0": always(0), "null": always(None)})

LAST_WITHOUT_TOKEN = Statement[[int], int | type[BadRequest] | None](
    "device2.last-without-token",
    {"400": lambda _last: BadRequest, "ignored": lambda _last: None, "applied": lambda last: last},
)
"""What `last` is in the rest of the read, or the error that it is."""

FIELDS = Statement[[], frozenset[str]](
    "device2.fields",
    {
        "all": always(frozenset()),
        "as-on-the-page": always(
            frozenset({"token_session", "status", "participant_id", "timezone", "gender", "deviceid"})
        ),
    },
)
"""The fields of a passing that are left out."""
