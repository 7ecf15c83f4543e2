"""What comes back from GET /devices, and what it tells of the server: its dialect, its clock."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import Any

from ..dialects import OPENAPI, PAGES
from .findings import NOTE, OK, WRONG

CLOCK_TOLERANCE = 5
"""Seconds that two clocks may differ: passings of devices that disagree by more come in a wrong order."""

_SHOWN = 60


@dataclass(frozen=True)
class Reply:
    """One answer, and when it came, halfway between question and answer."""

    status: int
    headers: Any
    content: bytes
    moment: float

    @cached_property
    def json(self) -> Any:
        try:
            return json.loads(self.content)
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
    def said(self) -> str:
        """Status and the beginning of the description, for a person."""
        return shortened(f"{self.status} {self.body.get('description') or ''}".strip())

    def same(self, other: "Reply") -> bool:
        return (self.status, self.content) == (other.status, other.content)


def shortened(text: str) -> str:
    """The beginning of a text."""
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def dialect(reply: Reply) -> tuple[str, str]:
    """Which dialect does it speak?"""
    if reply.dialect == OPENAPI:
        return OK, 'openapi: bodies are wrapped, {"body": …}'
    return OK, "pages: flat bodies, as on the help pages"


def clock(replies: Sequence[Reply]) -> tuple[str, str]:
    """Does its clock agree with this machine's?"""
    offsets = []
    for reply in replies:
        try:
            # The header has whole seconds, cut off: on average the clock is half a second further.
            served = parsedate_to_datetime(reply.headers["Date"]).timestamp() + 0.5
        except (KeyError, ValueError, TypeError):
            continue
        offsets.append(served - reply.moment)
    if not offsets:
        return NOTE, "the server says no time (it sends no Date header)"
    offset = min(offsets, key=abs)
    if abs(offset) <= CLOCK_TOLERANCE:
        return OK, f"the server's and this machine's agree within {max(abs(offset), 1):.0f} s"
    apart = f"{abs(offset):.0f} s {'ahead of' if offset > 0 else 'behind'}"
    hours = " A whole number of hours: a wrong time zone?" if abs(offset) > 1800 and _whole_hours(offset) else ""
    ours = time.strftime("%H:%M:%S", time.gmtime())
    return WRONG, (
        f"the server is {apart} this machine.{hours} One of the two is off; compare this machine's UTC, {ours}, with a "
        "clock you trust, and switch its time synchronisation on"
    )


def _whole_hours(offset: float) -> bool:
    return abs(offset / 3600 - round(offset / 3600)) * 3600 <= CLOCK_TOLERANCE
