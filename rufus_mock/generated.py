"""Passings made up from a seed, for fixtures that are large in memory and small on disk."""

import random
from collections.abc import Iterator

from .timestamps import render
from .world.passings import Passing, passing

_MINUTE = 60 * 1000


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
    template = _template(chips, timezone)
    minute, prefix = -1, b""
    for index, (time, bib) in enumerate(zip(times, bibs, strict=True)):
        if time // _MINUTE != minute:
            minute = time // _MINUTE
            prefix = render(minute * _MINUTE)[: len("YYYY-MM-DDTHH:mm:")].encode()
        number, chip = first_num_passing + index, epc(bib).encode() if chips else b""
        moment = (prefix, *divmod(time % _MINUTE, 1000))
        yield number, time, template % (*moment, number, chip, bib)


def _template(chips: bool, timezone: str | None) -> bytes:
    """The fragment of a passing with places for what differs: quicker than to make each passing from its members."""
    time = "0001-01-01T00:00:00.000Z"
    sample = {"timestamp": time, "num_passing": 0, "bib": "bib", "chip": "chip", "status": "Sent", "timezone": timezone}
    places = {
        time: "%b%02d.%03dZ",
        '"num_passing":0': '"num_passing":%d',
        '"chip":"chip"': '"chip":"%b"' if chips else '"chip":null%b',
        '"bib":"bib"': '"bib":"%d"',
    }
    _, _, fragment = passing(sample)
    template = fragment.replace(b"%", b"%%")
    for text, place in places.items():
        # Once: the timezone, which may hold anything, stands after these.
        template = template.replace(text.encode(), place.encode(), 1)
    return template


def epc(bib: int) -> str:
    """An EPC as a race chip carries it: 12 ASCII characters that end in the bib, in 24 hex digits."""
    return f"MC{bib:05d}".rjust(12, "0").encode().hex().upper()
