"""What happens to passings that are inserted, and what an insert gets."""

import re
from datetime import UTC, tzinfo
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from ..base.errors import (
    ApiError,
    PassingsAlreadyInserted,
    SessionNotFoundOrClosed,
    SessionNotFoundOrClosedWithoutToken,
)
from ..base.timestamps import rounded
from ..spec.dialects import Schema
from .constraints import limited, maybe_empty, not_empty, unchanged
from .statement import Statement, always

STATUS = Statement("insert.status", {"201": always(201), "200": always(200)})


def _stored(stored: int, sent: int) -> int:  # noqa: ARG001
    return stored


def _sent(stored: int, sent: int) -> int:  # noqa: ARG001
    return sent


INSERTED_COUNT = Statement("insert.inserted-count", {"stored": _stored, "sent": _sent})

CLOSED_SESSION = Statement("insert.closed-session", {"404": always(404), "400": always(400), "409": always(409)})

CLOSED_TOKEN = Statement[[], type[SessionNotFoundOrClosed]](
    "insert.closed-token",
    {"echoed": always(SessionNotFoundOrClosed), "absent": always(SessionNotFoundOrClosedWithoutToken)},
)


class Repeat(NamedTuple):
    """What happens to a passing whose num_passing the session has already.

    stored: whether it is stored. replaces: whether it then replaces the earlier ones. refusal: the error that refuses
    the whole insert.
    """

    stored: bool = False
    replaces: bool = False
    refusal: type[ApiError] | None = None


DUPLICATES = Statement(
    "insert.duplicates",
    {
        "first-stays": always(Repeat()),
        "last-wins": always(Repeat(stored=True, replaces=True)),
        "both-kept": always(Repeat(stored=True)),
        "409": always(Repeat(refusal=PassingsAlreadyInserted)),
    },
    changes_state=True,
)

# How an entry is read decides how it is stored, so these are asked about the entries that are stored.

NO_COORDINATES = Statement[[], str | None](
    "insert.no-coordinates", {"zero": always("0.0"), "null": always(None)}, changes_state=True
)

_DECIMAL = re.compile(r"([+-]?)(\d*)\.?(\d*)", re.ASCII)


def as_sent(text: str) -> str:
    """The same text."""
    return text


def _normalised(text: str) -> str:
    """The shortest decimal with a digit after the point; the same text if it is no decimal."""
    match = _DECIMAL.fullmatch(text)
    if match is None or not match[2] + match[3]:
        return text
    number = f"{match[2].lstrip('0') or '0'}.{match[3].rstrip('0') or '0'}"
    return f"-{number}" if match[1] == "-" and number != "0.0" else number


COORDINATE_TEXT = Statement(
    "insert.coordinate-text", {"as-sent": as_sent, "normalised": _normalised}, changes_state=True
)


def _text(number: float) -> str | float:
    return format(Decimal(repr(number)), "f")


def _float_text(number: float) -> str | float:
    text = format(Decimal(repr(number)), "f")
    return text if "." in text else f"{text}.0"


def _number(number: float) -> str | float:
    return number


COORDINATE_NUMBER = Statement(
    "insert.coordinate-number", {"text": _text, "float-text": _float_text, "number": _number}, changes_state=True
)

KEEPS_OTHER_TIMES = Statement(
    "insert.other-times", {"documented-form": always(False), "as-sent": always(True)}, changes_state=True
)


def _truncated(text: str, truncated: int) -> int:  # noqa: ARG001
    return truncated


BELOW_MILLISECOND = Statement(
    "insert.below-millisecond", {"truncated": _truncated, "rounded": rounded}, changes_state=True
)


class LocalTime(NamedTuple):
    """What a time without an offset means: the zone it is a time of, and whether it is read as it was sent."""

    zone: tzinfo
    as_sent: bool = False


@lru_cache(maxsize=256)
def _zone(name: str) -> tzinfo:
    from zoneinfo import ZoneInfo  # only this variant needs it

    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown; not a name; the name of a folder, or too long
        return UTC


def _in_utc(timezone: str | None) -> LocalTime | None:  # noqa: ARG001
    return LocalTime(UTC)


def _in_its_timezone(timezone: str | None) -> LocalTime | None:
    return LocalTime(UTC if timezone is None else _zone(timezone))


def _in_utc_as_sent(timezone: str | None) -> LocalTime | None:  # noqa: ARG001
    return LocalTime(UTC, as_sent=True)


def _refused(value: object) -> None:
    """The insert is a 400."""


def _always_differ(value: object) -> bool:  # noqa: ARG001
    """One of the variants is a 400."""
    return True


TIME_WITHOUT_OFFSET = Statement[[str | None], LocalTime | None](
    "insert.time-without-offset",
    {"utc": _in_utc, "passing-timezone": _in_its_timezone, "as-sent": _in_utc_as_sent, "400": _refused},
    differs=_always_differ,
    changes_state=True,
)


class Chip(NamedTuple):
    """The chip of a passing that was sent with the field chips."""

    value: Any


def _chips(sent: dict[str, Any]) -> Chip | None:
    return Chip(sent.get("chip", sent["chips"]))


def _chip(sent: dict[str, Any]) -> Chip | None:
    return Chip(sent.get("chip"))


CHIPS = Statement[[dict[str, Any]], Chip | None](
    "insert.chips",
    {"as-chip": _chips, "ignored": _chip, "400": _refused},
    differs=_always_differ,
    changes_state=True,
)
EMPTY_LIST = Statement[[Schema], Schema]("insert.empty-list", {"400": not_empty, "stored": maybe_empty}, tried=True)
"""The schema of an insert."""

MAX_ENTRIES = Statement[[Schema], Schema]("insert.max-entries", {"none": unchanged, "5000": limited}, tried=True)
"""The schema of an insert."""

BAD_ENTRY = Statement(
    "insert.bad-entry", {"all-refused": always(False), "others-stored": always(True)}, changes_state=True, tried=True
)
"""Whether invalid entries are left out of an insert that also has valid ones."""
