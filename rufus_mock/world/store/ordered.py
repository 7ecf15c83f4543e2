"""A sorted in-memory table for a large number of rows that arrive in any order."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import reduce
from itertools import accumulate
from typing import Generic

from .block import Block, Row, Span
from .runs import keyed, lazy_blocks, merged, part

Rows = Sequence[Row] | Callable[[], Sequence[Row]]
"""Rows, or a function that creates them. The function is called once per block, so it should cache its result."""

BLOCK = 4096
"""Maximum number of rows in a block; a larger block is split in two. An insertion only moves rows within one block."""


class OrderedRows(Generic[Row]):
    """A sorted table. A key is a tuple of `width` 64-bit integers. Rows with the same key are in order of arrival.

    The keys are stored as columns of machine integers in blocks. A row takes 8 bytes per key column and 8 for the row
    itself, whereas a sorted list of tuples takes more than 100. Adding a row costs at most one block and reading a page
    costs only the page, no matter how many rows there are. A copy shares the blocks; a shared block is copied before it
    is changed.
    """

    __slots__ = ("_blocks", "_firsts", "_last", "_length", "_owner", "_spanned", "_starts", "_width")

    def __init__(self, width: int) -> None:
        self._width = width
        self._blocks: list[Block[Row]] = []
        self._firsts: list[tuple[int, ...]] = []
        self._last: tuple[int, ...] = ()
        self._length = 0
        self._owner = object()
        self._starts: list[int] | None = None
        self._spanned: tuple[int, Span] | None = None

    def copy(self) -> "OrderedRows[Row]":
        """A copy that can be changed independently."""
        other: OrderedRows[Row] = OrderedRows(self._width)
        other._blocks = self._blocks.copy()
        other._firsts = self._firsts.copy()
        other._last = self._last
        other._length = self._length
        self._owner = object()
        return other

    def __len__(self) -> int:
        return self._length

    def add(self, key: tuple[int, ...], row: Row) -> bool:
        """Insert a row. Returns False and changes nothing if the key exists already."""
        if key > self._last:
            self._append(key, row)
            return True
        index = max(bisect_right(self._firsts, key) - 1, 0)
        block = self._blocks[index]
        position = block.position(key)
        if position < len(block) and block.key(position) == key:
            return False
        self._insert(index, position, key, row)
        return True

    def add_again(self, key: tuple[int, ...], row: Row) -> None:
        """Insert a row after those that have the same key."""
        if key >= self._last:
            self._append(key, row)
            return
        index = max(bisect_right(self._firsts, key) - 1, 0)
        self._insert(index, self._blocks[index].position((*key[:-1], key[-1] + 1)), key, row)

    def remove(self, key: tuple[int, ...], row: Row) -> None:
        """Remove the first of the rows that have this key and are equal to `row`. Raises ValueError if none is."""
        start = self.rank(key)
        start += self.rows(start, self.rank((*key[:-1], key[-1] + 1))).index(row)
        index = 0
        while start >= len(self._blocks[index]):
            start -= len(self._blocks[index])
            index += 1
        block = self._own(index)
        for column in block.columns:
            del column[start]
        del block.rows[start]
        block.forget_span()
        self._starts = self._spanned = None
        if len(block):
            self._firsts[index] = block.key(0)
        else:
            del self._blocks[index], self._firsts[index]
        self._last = self._blocks[-1].key(len(self._blocks[-1]) - 1) if self._blocks else ()
        self._length -= 1

    def add_run(self, columns: Sequence[Sequence[int]], rows: Rows[Row]) -> bool:
        """Insert consecutive rows at once. columns: the columns of their keys, in ascending order of the keys.

        Returns False and changes nothing if an existing row belongs between them. If `rows` is a function, it is called
        when one of the rows is first read.
        """
        first, last = (tuple(column[at] for column in columns) for at in (0, -1))
        index = max(bisect_right(self._firsts, first) - 1, 0)
        block = self._blocks[index] if self._blocks else self._block([array("q") for _ in columns], [])
        position = block.position(first)
        later = [block.key(position)] if position < len(block) else self._firsts[index + 1 : index + 2]
        if later:
            if later[0] <= last:
                return False
            self._spanned = None
        if callable(rows):
            before, after = part(block, 0, position, self._owner), part(block, position, len(block), self._owner)
            blocks = [*before, *lazy_blocks(columns, rows, self._owner, BLOCK), *after]
        else:
            blocks = merged(block, position, columns, rows, self._owner, BLOCK)
        self._blocks[index : index + 1] = blocks
        self._starts = None
        self._firsts[index : index + 1] = [block.key(0) for block in blocks]
        self._last = max(self._last, last)
        self._length += len(columns[0])
        return True

    def rank(self, prefix: tuple[int, ...]) -> int:
        """The number of rows with a key less than `prefix`. A prefix sorts before all keys that start with it."""
        index = bisect_left(self._firsts, prefix) - 1
        if index < 0:
            return 0
        return self._offsets()[index] + self._blocks[index].position(prefix)

    def rows(self, start: int, stop: int) -> list[Row]:
        """The rows from position `start` to `stop`, without the one at `stop`."""
        found: list[Row] = []
        for block, low, high in self._slices(start, stop):
            found += block.rows[low:high]
        return found

    def column(self, number: int, start: int, stop: int) -> "array[int]":
        """One column of the keys of the rows from position `start` to `stop`, without the one at `stop`."""
        found = array("q")
        for block, low, high in self._slices(start, stop):
            found += block.columns[number][low:high]
        return found

    def stays(self, start: int, stop: int, low: int, high: int) -> bool:
        """Whether the rows from `start` to `stop` stay the same if those from `low` to `high` are sorted otherwise.

        That is, by the rest of their keys, and those with the same rest as they are. There must be such rows. Takes the
        time to compare the blocks, or none if all rows of the table are in this order.
        """
        if self.ascending:
            return True
        lowest, highest, ascending = self._span(start, stop)
        if not ascending:
            return False
        before, low_before = (self._count_less((*rest, 0), low, start) for rest in (highest, lowest))
        after, low_after = (self._count_less(rest, stop, high) for rest in (highest, lowest))
        return before == low_before and after == low_after and before + after == start - low

    @property
    def ascending(self) -> bool:
        """Whether the rows are in the order of the rest of their keys. Examines only what was added since last time."""
        spanned, span = self._spanned or (0, None)
        if spanned < self._length and (span is None or span.ascending):
            added = self._span(spanned, self._length)
            span = added if span is None else span.joined(added)
            self._spanned = self._length, span
        return span is None or span.ascending

    def has_same_rows_as(self, other: "OrderedRows[Row]") -> bool:
        """Whether both tables have the same keys and rows. Blocks that they share are not compared."""
        if len(self) != len(other):
            return False
        mine, theirs = self._blocks.copy(), other._blocks.copy()
        for end in (0, -1):
            while mine and theirs and mine[end] is theirs[end]:
                del mine[end], theirs[end]
        return keyed(mine) == keyed(theirs)

    def _span(self, start: int, stop: int) -> Span:
        return reduce(Span.joined, (block.span(*part) for block, *part in self._slices(start, stop)))

    def _count_less(self, rest: tuple[int, ...], start: int, stop: int) -> int:
        return sum(block.count_less(rest, *part) for block, *part in self._slices(start, stop))

    def _offsets(self) -> list[int]:
        """The position of the first row of each block."""
        if self._starts is None:
            self._starts = list(accumulate(map(len, self._blocks[:-1]), initial=0))
        return self._starts

    def _slices(self, start: int, stop: int) -> Iterator[tuple[Block[Row], int, int]]:
        if start >= min(stop, self._length):
            return
        offsets = self._offsets()
        for index in range(bisect_right(offsets, start) - 1, len(offsets)):
            before = offsets[index]
            if before >= stop:
                return
            block = self._blocks[index]
            yield block, max(start - before, 0), min(stop - before, len(block))

    def _append(self, key: tuple[int, ...], row: Row) -> None:
        block = self._blocks[-1] if self._blocks else None
        if block is None or len(block.columns[0]) >= BLOCK:
            self._blocks.append(block := self._block([array("q") for _ in range(self._width)], []))
            self._firsts.append(key)
            self._starts = None
        elif block.owner is not self._owner:
            block = self._own(len(self._blocks) - 1)
        for column, value in zip(block.columns, key, strict=True):
            column.append(value)
        block.rows.append(row)
        self._last = key
        self._length += 1

    def _insert(self, index: int, position: int, key: tuple[int, ...], row: Row) -> None:
        """Insert a row into a block that has rows."""
        block = self._own(index)
        for column, value in zip(block.columns, key, strict=True):
            column.insert(position, value)
        block.rows.insert(position, row)
        block.forget_span()
        self._starts = self._spanned = None
        if position == 0:
            self._firsts[index] = key
        if len(block) > BLOCK:
            self._split(index)
        self._length += 1

    def _own(self, index: int) -> Block[Row]:
        block = self._blocks[index]
        if block.owner is not self._owner:
            block = self._block([column[:] for column in block.columns], block.rows.copy())
            self._blocks[index] = block
        return block

    def _block(self, columns: list["array[int]"], rows: list[Row] | Callable[[], list[Row]]) -> Block[Row]:
        return Block(columns, rows, self._owner)

    def _split(self, index: int) -> None:
        block = self._blocks[index]
        half = len(block) // 2
        upper = self._block([column[half:] for column in block.columns], block.rows[half:])
        for column in block.columns:
            del column[half:]
        del block.rows[half:]
        block.forget_span()
        self._starts = None
        self._blocks.insert(index + 1, upper)
        self._firsts.insert(index + 1, upper.key(0))
