"""A reply to GET /devices, and what it reveals about the server: its dialect and its clock."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import Any

from ..client import parse
from ..spec.dialects import OPENAPI, PAGES
from .findings import NOTE, OK, WRONG

CLOCK_TOLERANCE = 5
"""Seconds that two clocks may differ. With a larger difference, passings of two devices get into the wrong order."""

_SHOWN = 60


@dataclass(frozen=True)
class Reply:
    """One reply. moment: halfway between sending the request and receiving the reply, in seconds since the epoch."""

    status: int
    headers: Any
    content: bytes
    moment: float

    @cached_property
    def json(self) -> Any:
        try:
            return parse(self.content)
        except ValueError:
            return None

    @property
    def dialect(self) -> str:
        return OPENAPI if isinstance(self.json, dict) and self.json.keys() == {"body"} else PAGES

    @property
    def body(self) -> dict[str, Any]:
        body = self.json["body"] if self.dialect == OPENAPI else self.json
        return body if isinstance(body, dict) else {}

    @property
    def summary(self) -> str:
        """The status and the start of the description."""
        return shortened(f"{self.status} {self.body.get('description') or ''}".strip())

    def same(self, other: "Reply") -> bool:
        return (self.status, self.content) == (other.status, other.content)


def shortened(text: str) -> str:
    """The start of a text."""
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def dialect(reply: Reply) -> tuple[str, str]:
    """Which dialect does the server use?"""
    if reply.dialect == OPENAPI:
        return OK, 'openapi: wrapped bodies, {"body": …}'
    return OK, "pages: flat bodies, as on the help pages"


def clock(replies: Sequence[Reply]) -> tuple[str, str]:
    """Does the server's clock agree with this machine's?"""
    offsets = []
    for reply in replies:
        try:
            # The header is truncated to whole seconds, so on average the clock is half a second ahead of it.
            served = parsedate_to_datetime(reply.headers["Date"]).timestamp() + 0.5
        except (KeyError, ValueError, TypeError, OverflowError):
            continue
        offsets.append(served - reply.moment)
    if not offsets:
        return NOTE, "unknown: the server sends no valid Date header"
    offset = min(offsets, key=abs)
    if abs(offset) <= CLOCK_TOLERANCE:
        return OK, f"the clocks of the server and of this machine agree within {max(abs(offset), 1):.0f} s"
    apart = f"{abs(offset):.0f} s {'ahead of' if offset > 0 else 'behind'}"
    hours = (
        " A whole number of hours suggests a wrong time zone." if abs(offset) > 1800 and _whole_hours(offset) else ""
    )
    ours = time.strftime("%H:%M:%S", time.gmtime())
    return WRONG, (
        f"the server is {apart} this machine.{hours} One of the two is wrong: compare this machine's UTC time, {ours}, "
        "with a clock you trust, and turn on its time synchronisation"
    )


def _whole_hours(offset: float) -> bool:
    return abs(offset / 3600 - round(offset / 3600)) * 3600 <= CLOCK_TOLERANCE
