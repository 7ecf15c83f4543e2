"""Which passings a read selects, in which order, and what it answers if there are none.

Most functions get the rest of the read as a function and return the answer, so that variants differ exactly if their
answers do.
"""

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any, Protocol

from ..base.errors import ApiError, DeviceNotFound, PassingsNotFound
from .listing import pagination_in_openapi
from .statement import Statement, always

Answer = Any
"""What an answer shows, or the class of the error that it is."""

Bounded = Callable[[Any], Answer]
"""Answers with the passings from, or up to, an inclusive bound."""


class Listed(Protocol):
    """A passing in the index of its device. ordinal: the position of its session. position: its own, in the index."""

    @property
    def time(self) -> int: ...
    @property
    def ordinal(self) -> int: ...
    @property
    def number(self) -> int: ...
    @property
    def position(self) -> int: ...


class DevicePage(Protocol):
    """A page of passings of a device, which can be listed in two orders."""

    def by_time(self) -> Answer: ...
    def by_session(self) -> Answer: ...
    def orders_differ(self) -> bool: ...


def not_found(_shown: Callable[[], Answer]) -> Answer:
    """Answers a read that finds nothing with an error, whatever it would show."""
    return PassingsNotFound


def shown(shown: Callable[[], Answer]) -> Answer:
    """Answers a read that finds nothing like any other."""
    return shown()


def _inclusive(bound: int, then: Bounded) -> Answer:
    return then(bound)


def _from_the_next(bound: int, then: Bounded) -> Answer:
    return then(bound + 1)


def _to_the_one_before(bound: int, then: Bounded) -> Answer:
    return then(bound - 1)


Bound = Statement[[int, Bounded], Answer]
"""Answers with a bound that was given, as an inclusive one."""

FIRST = Statement("reads.first", {"inclusive": _inclusive, "exclusive": _from_the_next})
LAST = Statement("reads.last", {"inclusive": _inclusive, "exclusive": _to_the_one_before})
FROM = Statement("reads.from", {"inclusive": _inclusive, "exclusive": _from_the_next})
TO = Statement("reads.to", {"inclusive": _inclusive, "exclusive": _to_the_one_before})

PAST_THE_END = Statement("reads.past-the-end", {"404": not_found, "200": shown})

NOTHING_ON_DEVICE = Statement("reads.nothing-on-device", {"404": not_found, "200": shown})

TIME_ORDER = Statement[[DevicePage], Answer](
    "reads.time-order",
    {"by-time": lambda page: page.by_time(), "by-session": lambda page: page.by_session()},
    differs=lambda page: page.orders_differ(),
)


def _sorted_by(*fields: str) -> Callable[[Sequence[Listed], int, int], list[int]]:
    key = attrgetter("time", *fields)
    return lambda tied, low, high: [each.position for each in sorted(tied, key=key)[low:high]]


def _newer_session_first(tied: Sequence[Listed], low: int, high: int) -> list[int]:
    ordered = sorted(tied, key=lambda each: (each.time, -each.ordinal, each.number))
    return [each.position for each in ordered[low:high]]


EQUAL_TIMES = Statement[[Sequence[Listed], int, int], list[int]](
    "reads.equal-times",
    {
        "older-session-first": _sorted_by("ordinal", "number"),
        "newer-session-first": _newer_session_first,
        "by-number": _sorted_by("number", "ordinal"),
    },
)
"""The positions of the passings that stand in [low, high) once these are listed in their order."""


def _full(page: int, size: int, then: Callable[[int, int], Answer]) -> Answer:
    return then((page - 1) * size, page * size)


def _first_is_short(page: int, size: int, then: Callable[[int, int], Answer]) -> Answer:
    short = max(size - 1, 1)
    return then(0, short) if page == 1 else then(short + (page - 2) * size, short + (page - 1) * size)


FULL_PAGES = Statement("reads.full-pages", {"always": _full, "not-always": _first_is_short})

UPSIDE_DOWN = Statement[[], bool]("reads.upside-down", {"404": always(False), "400": always(True)})
"""Whether the range is refused."""

PAGINATION = pagination_in_openapi("reads.pagination")

UNKNOWN_DEVICE = Statement[[], type[ApiError]](
    "reads.unknown-device", {"device-not-found": always(DeviceNotFound), "passings-not-found": always(PassingsNotFound)}
)
"""The error of a read of the passings of an unknown device."""
