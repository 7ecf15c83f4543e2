"""Passings made up from a seed, for fixtures that are large in memory and small on disk."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from .timestamps import render
from .world.passings import Fragment, passing

_MINUTE = 60 * 1000
_SECONDS = [f"{second:02}" for second in range(60)]
_MILLISECONDS = [f"{millisecond:03}" for millisecond in range(1000)]


@dataclass(frozen=True)
class Generated:
    """Passings by column, in the order of num_passing and of time. The fragments are made when they are first read."""

    numbers: range
    times: list[int]
    fragments: Callable[[], list[Fragment]]


def generated(
    count: int,
    seed: int,
    first: int,
    last: int,
    first_num_passing: int = 1,
    chips: bool = True,
    timezone: str | None = None,
) -> Generated:
    """`count` runners, each once, in the order of time: the first at `first`, the last at `last` (milliseconds).

    With chips, each runner's chip is an EPC of 96 bits that spells the bib, as readers send it; without, bibs only.
    The same arguments give the same passings in every version of Python.
    """
    source = random.Random(seed)
    # randrange and shuffle may change between versions of Python; random() may not.
    between = sorted(first + int(source.random() * (last - first + 1)) for _ in range(count - 2))
    numbers, times = range(first_num_passing, first_num_passing + count), [first, *between, last][:count]

    state = source.getstate()

    @cache
    def fragments() -> list[Fragment]:
        source = random.Random()  # of its own: two threads may read at once, and what both make must be the same
        source.setstate(state)
        bibs = sorted(range(1, count + 1), key=lambda _: source.random())
        shown = [f'"{epc(bib)}"' for bib in bibs] if chips else ["null"] * count
        return list(_fragments(numbers, times, shown, bibs, timezone))

    return Generated(numbers, times, fragments)


def _fragments(
    numbers: range, times: list[int], chips: list[str], bibs: list[int], timezone: str | None
) -> Iterator[Fragment]:
    before_time, before_number, before_chip, before_bib, after = _pieces(timezone)
    minute, prefix = -1, ""
    for number, time, chip, bib in zip(numbers, times, chips, bibs, strict=True):
        if time // _MINUTE != minute:
            minute = time // _MINUTE
            prefix = before_time + render(minute * _MINUTE)[: len("YYYY-MM-DDTHH:mm:")]
        second, millisecond = _SECONDS[time % _MINUTE // 1000], _MILLISECONDS[time % 1000]
        text = f'{prefix}{second}.{millisecond}Z{before_number}{number}{before_chip}{chip}{before_bib}"{bib}"{after}'
        yield text.encode()


def _pieces(timezone: str | None) -> list[str]:
    """What stands in a fragment around what differs: quicker than to make each passing from its members."""
    time = "0001-01-01T00:00:00.000Z"
    sample = {"timestamp": time, "num_passing": 0, "bib": "BIB", "chip": "CHIP", "status": "Sent", "timezone": timezone}
    _, _, fragment = passing(sample)
    pieces, rest = [], fragment.decode()
    for mark in (time, "0", '"CHIP"', '"BIB"'):
        # The timezone, which may hold anything, stands after these.
        piece, rest = rest.split(mark, 1)
        pieces.append(piece)
    return [*pieces, rest]


def epc(bib: int) -> str:
    """An EPC as a race chip carries it: 12 ASCII characters that end in the bib, in 24 hex digits."""
    return f"MC{bib:05}".rjust(12, "0").encode().hex().upper()
