"""How long a server asks its clients to wait."""

import time
from collections.abc import Callable, Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime


def retry_after(headers: Mapping[str, str], now: Callable[[], float] = time.time) -> float | None:
    """The header Retry-After in seconds, which it states as a number or as a date; None if it says neither."""
    text = headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
        if moment.tzinfo is None:  # "-0000": UTC, from a server that does not know its time zone
            moment = moment.replace(tzinfo=UTC)
        return max(moment.timestamp() - now(), 0.0)
    except (ValueError, OverflowError):  # not a date, or a year or an offset of twenty digits
        return None
