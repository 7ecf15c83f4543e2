"""Generates realistic passings to insert: a chip of 24 hex digits, coordinates, status, timezone."""

from collections.abc import Iterator
from typing import Any

import orjson

from rufus_mock.base.identifiers import epc
from rufus_mock.base.timestamps import render

PAGE = 5000
FIRST = 1_767_225_600_000
"""The time of the first passing, in milliseconds since the epoch."""
INTERVAL = 12
"""Milliseconds between two passings."""


def passings(start: int, count: int) -> list[dict[str, Any]]:
    """`count` passings, the first with num_passing `start`."""
    return [
        {
            "timestamp": render(FIRST + number * INTERVAL),
            "num_passing": number,
            "latitude": f"41.{385_000 + number % 97:06d}",
            "longitude": f"2.{173_000 + number % 89:06d}",
            "status": "Sent",
            "chip": epc(number % 100_000),
            "bib": str(number % 100_000),
            "timezone": "Europe/Madrid",
        }
        for number in range(start, start + count)
    ]


def bodies(token_session: str, count: int) -> Iterator[bytes]:
    """Request bodies that insert `count` passings, one page per request."""
    for start in range(0, count, PAGE):
        yield orjson.dumps({"token_session": token_session, "passings_list": passings(start, PAGE)})


def queries(count: int) -> tuple[list[str], list[str]]:
    """The query strings of all pages of a session of `count` passings, by number and by time."""
    starts = range(0, count, PAGE)
    by_number = [f"first={start}&last={start + PAGE - 1}" for start in starts]
    by_time = [
        f"from={render(FIRST + start * INTERVAL)}&to={render(FIRST + (start + PAGE - 1) * INTERVAL)}"
        for start in starts
    ]
    return by_number, by_time
