"""Consecutive rows of a sorted table: how they become blocks, and what blocks contain."""

from array import array
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TypeVar

from .block import Block

Row = TypeVar("Row")


def merged(
    block: Block[Row],
    position: int,
    columns: Sequence[Sequence[int]],
    rows: Sequence[Row],
    owner: object,
    size: int,
) -> list[Block[Row]]:
    """A block with rows inserted at a position, as blocks of `size` rows. columns: those of their keys."""
    keys = [
        column[:position] + array("q", values) + column[position:]
        for column, values in zip(block.columns, columns, strict=True)
    ]
    all_rows = [*block.rows[:position], *rows, *block.rows[position:]]
    return [Block([column[cut] for column in keys], all_rows[cut], owner) for cut in _cuts(len(all_rows), size)]


def part(block: Block[Row], start: int, stop: int, owner: object) -> list[Block[Row]]:
    """The rows of a block from start to stop as a block of their own; none if there are no rows."""
    if start == stop:
        return []
    if stop - start == len(block):
        return [block]
    return [Block([column[start:stop] for column in block.columns], block.rows[start:stop], owner)]


def lazy_blocks(
    columns: Sequence[Sequence[int]], create: Callable[[], Sequence[Row]], owner: object, size: int
) -> Iterator[Block[Row]]:
    """Blocks of `size` rows that a function creates when one of a block's rows is first read."""

    def rows(cut: slice) -> list[Row]:
        return list(create()[cut])

    for cut in _cuts(len(columns[0]), size):
        yield Block([array("q", column[cut]) for column in columns], partial(rows, cut), owner)


def keyed(blocks: Sequence[Block[Row]]) -> list[tuple[tuple[int, ...], Row]]:
    """All rows of some blocks, each with its key."""
    return [(block.key(index), row) for block in blocks for index, row in enumerate(block.rows)]


def _cuts(length: int, size: int) -> Iterator[slice]:
    return (slice(start, start + size) for start in range(0, length, size))
