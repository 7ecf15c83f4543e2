"""Passings made up from a seed, for fixtures that are large in memory and small on disk."""

import random
from collections.abc import Iterator

from .timestamps import render
from .world.passings import Passing, passing


def generated(
    count: int,
    seed: int,
    first: int,
    last: int,
    first_num_passing: int = 1,
    chips: bool = True,
    timezone: str | None = None,
) -> Iterator[Passing]:
    """`count` runners, each once, in the order of time: the first at `first`, the last at `last` (milliseconds).

    With chips, each runner's chip is an EPC of 96 bits that spells the bib, as readers send it; without, bibs only.
    The same arguments give the same passings in every version of Python.
    """
    source = random.Random(seed)
    # randrange and shuffle may change between versions of Python; random() may not.
    between = sorted(first + int(source.random() * (last - first + 1)) for _ in range(count - 2))
    times = [first, *between, last][:count]
    bibs = sorted(range(1, count + 1), key=lambda _: source.random())
    for index, (time, bib) in enumerate(zip(times, bibs, strict=True)):
        yield passing(
            {
                "timestamp": render(time),
                "num_passing": first_num_passing + index,
                "bib": str(bib),
                "chip": epc(bib) if chips else None,
                "status": "Sent",
                "timezone": timezone,
            }
        )


def epc(bib: int) -> str:
    """An EPC as a race chip carries it: 12 ASCII characters that end in the bib, in 24 hex digits."""
    return f"MC{bib:05d}".rjust(12, "0").encode().hex().upper()
