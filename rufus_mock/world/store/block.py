"""A part of a sorted table: the keys of some rows as columns of machine integers, and the rows."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from operator import le
from typing import Generic, NamedTuple, TypeVar

Row = TypeVar("Row")


class Span(NamedTuple):
    """Consecutive rows by the rest of their keys, which is the key without its first column.

    lowest and highest: the lowest and the highest rest. ascending: whether the rows are in the order of their rests.
    """

    lowest: tuple[int, ...]
    highest: tuple[int, ...]
    ascending: bool

    def joined(self, following: "Span") -> "Span":
        """The span of these rows and those that follow them."""
        return Span(
            min(self.lowest, following.lowest),
            max(self.highest, following.highest),
            self.ascending and following.ascending and self.highest <= following.lowest,
        )


class Block(Generic[Row]):
    """Rows in the order of their keys. owner: the table that may change them.

    A function instead of the rows creates them when they are first read.
    """

    __slots__ = ("_rows", "_span", "columns", "owner")

    def __init__(self, columns: list["array[int]"], rows: list[Row] | Callable[[], list[Row]], owner: object) -> None:
        self.columns = columns
        self.owner = owner
        self._rows = rows
        self._span: tuple[int, Span] | None = None

    @property
    def rows(self) -> list[Row]:
        if not isinstance(self._rows, list):
            self._rows = self._rows()
        return self._rows

    def __len__(self) -> int:
        return len(self.columns[0])

    def key(self, index: int) -> tuple[int, ...]:
        return tuple(column[index] for column in self.columns)

    def position(self, prefix: tuple[int, ...]) -> int:
        """The index of the first row whose key is not less than `prefix`."""
        low, high = 0, len(self)
        for column, value in zip(self.columns, prefix, strict=False):
            low, high = bisect_left(column, value, low, high), bisect_right(column, value, low, high)
            if low == high:
                break
        return low

    def span(self, low: int, high: int) -> Span:
        """The span of the rows from `low` to `high`, of which there is at least one."""
        whole = self._whole_span()
        if high - low == len(self):
            return whole
        if whole.ascending:
            return Span(self.key(low)[1:], self.key(high - 1)[1:], True)
        return _span(self.columns, low, high)

    def count_less(self, rest: tuple[int, ...], low: int, high: int) -> int:
        """How many of the rows from `low` to `high` have a rest less than this one."""
        lowest, highest, _ = self.span(low, high)
        if highest < rest:
            return high - low
        return 0 if lowest >= rest else sum(each < rest for each in _rests(self.columns, low, high))

    def forget_span(self) -> None:
        """To be called after any change but an addition at the end, which needs none."""
        self._span = None

    def _whole_span(self) -> Span:
        """The span of all rows. It is kept, and only the rows that were added at the end since are examined."""
        size = len(self)
        spanned, span = self._span or (0, None)
        if span is None or spanned < size:
            added = _span(self.columns, spanned, size)
            span = added if span is None else span.joined(added)
            self._span = size, span
        return span


def _rests(columns: Sequence["array[int]"], low: int, high: int) -> list[tuple[int, ...]]:
    return list(zip(*(column[low:high] for column in columns[1:]), strict=True))


def _span(columns: Sequence["array[int]"], low: int, high: int) -> Span:
    rests = _rests(columns, low, high)
    if all(map(le, rests, rests[1:])):
        return Span(rests[0], rests[-1], True)
    return Span(min(rests), max(rests), False)
