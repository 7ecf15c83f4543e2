"""Which passings of a session or a device a page shows, and in which order."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from ..assumptions import Assumptions
from ..assumptions.reads import (
    EQUAL_TIMES,
    FIRST,
    FROM,
    FULL_PAGES,
    LAST,
    NOTHING_ON_DEVICE,
    PAGINATION,
    PAST_THE_END,
    TIME_ORDER,
    TO,
    Answer,
    Bound,
    Bounded,
)
from ..base.errors import ApiError, PassingsNotFound
from ..spec.dialects import OPENAPI
from .state import State
from .store import Run, Window

Nothing = type[ApiError]
"""The error that a read without passings is."""

Rows = tuple[Sequence[object], Callable[[], list[Run]]]
"""Which passings are listed, and a function that reads them."""


@dataclass(slots=True)
class Shown:
    """What an answer shows of the passings that a query selects. Two are equal if and only if their answers are.

    rows: which passings. told: their total, if the answer contains it. read: reads the passings.
    """

    rows: Sequence[object]
    told: int | None
    total: int = field(compare=False)
    has_more: bool = field(compare=False)
    read: Callable[[], list[Run]] = field(compare=False)


class Pages:
    """Pages of passings, and what a read answers that finds none. Hold the lock of the company's state."""

    def __init__(self, state: State, page_size: int) -> None:
        self._state = state
        self._page_size = page_size

    def of_session(self, token_session: str, first: int | None, last: int | None, page: int) -> Shown | Nothing:
        """A page of a session. Without any passing in the range it is an error, as documented."""

        def within(low: int | None, high: int | None) -> Answer:
            selection = self._state.store.by_number(token_session, low, high)
            if not selection.total:
                return PassingsNotFound
            return self._page(
                selection.total,
                page,
                lambda start, stop: (selection.rows(start, stop), partial(selection.read, start, stop)),
            )

        answer: Shown | Nothing = self._bounded(
            FIRST, first, lambda low: self._bounded(LAST, last, partial(within, low))
        )
        return answer

    def of_device(self, deviceid: str, since: int | None, until: int | None, page: int) -> Shown | Nothing:
        """A page of a device across its sessions."""

        def within(low: int | None, high: int | None) -> Answer:
            window = self._state.store.by_time(deviceid, low, high)
            if not window.total:
                return self._assumptions[NOTHING_ON_DEVICE](partial(self._empty, 0))
            return self._page(window.total, page, lambda start, stop: self._listed(window, start, stop))

        answer: Shown | Nothing = self._bounded(FROM, since, lambda low: self._bounded(TO, until, partial(within, low)))
        return answer

    @property
    def _assumptions(self) -> Assumptions:
        return self._state.assumptions

    def _bounded(self, statement: Bound, bound: int | None, then: Bounded) -> Answer:
        """Answers with the inclusive bound that a statement makes of `bound`, if there is one."""
        return then(None) if bound is None else self._assumptions[statement](bound, then)

    def _page(self, total: int, page: int, rows: Callable[[int, int], Rows]) -> Answer:
        """One page of `total` passings. rows: lists those in [start, stop)."""

        def between(start: int, stop: int) -> Answer:
            if start >= total:
                return self._assumptions[PAST_THE_END](partial(self._empty, total))
            return self._shown(total, stop < total, *rows(start, min(stop, total)))

        size = self._page_size
        if total <= size:
            return between((page - 1) * size, page * size)
        return self._assumptions[FULL_PAGES](page, size, between)

    def _listed(self, window: Window, start: int, stop: int) -> Answer:
        """The passings of a device that stand in [start, stop) of a window."""
        page = DevicePage(self._assumptions, window, start, stop)
        return page.by_time() if window.in_one_order else self._assumptions[TIME_ORDER](page)

    def _empty(self, total: int) -> Shown:
        return self._shown(total, False, (), list)

    def _shown(self, total: int, has_more: bool, rows: Sequence[object], read: Callable[[], list[Run]]) -> Shown:
        told = total if self._assumptions.decision(PAGINATION)(self._assumptions.dialect) == OPENAPI else None
        return Shown(rows, told, total, has_more, read)


class DevicePage:
    """The passings of a device that stand in [low, high) of a window, in each of the orders that they can be in."""

    def __init__(self, assumptions: Assumptions, window: Window, low: int, high: int) -> None:
        self._assumptions = assumptions
        self._window = window
        self._low = low
        self._high = high

    def by_time(self) -> Rows:
        """By time. The order of those at the same time depends on no bound, so it is asked for when they are read."""
        return self._window.positions(self._low, self._high), lambda: self._window.read(self._in_order())

    def by_session(self) -> Rows:
        """Session by session, the oldest first, and in each by num_passing."""
        positions = self._window.by_session(self._low, self._high)
        return positions, lambda: self._window.read(positions)

    def orders_differ(self) -> bool:
        """Whether the two orders show other passings, or the same ones in another order."""
        ordered, indexed = self._in_order(), self._window.positions(self._low, self._high)
        if ordered == indexed or ordered == list(indexed):
            return not self._window.stays(self._low, self._high)
        return ordered != self._window.by_session(self._low, self._high)

    def _in_order(self) -> Sequence[int]:
        """Where the passings are in the index, by time."""
        tied = self._window.tied(self._low, self._high)
        indexed = self._window.positions(self._low, self._high)
        if not tied:
            return indexed
        before = indexed.start - tied[0].position
        return self._assumptions[EQUAL_TIMES](tied, before, before + len(indexed))
