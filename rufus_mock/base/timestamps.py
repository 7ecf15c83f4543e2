"""Times as the API writes them. In the code, a time is an int: milliseconds since 1970-01-01T00:00:00Z."""

import re
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache

FORM = "YYYY-MM-DDTHH:mm:ss.sssZ"
FORMS = f"{FORM}, another RFC 3339 time with an offset, or YYYY-MM-DD HH:mm:ss.sss without an offset (read as UTC)"
"""The accepted forms, as schemas/timestamp-input.json describes them."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NAIVE_EPOCH = datetime(1970, 1, 1)
_MILLISECOND = timedelta(milliseconds=1)
_MILLISECONDS = {f".{number:03}Z": number for number in range(1000)}
_SECOND = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}", re.ASCII)
_RFC3339 = re.compile(r"(\d{4}-\d{2}-\d{2})[Tt](\d{2}:\d{2}:)(\d{2})(\.\d+)?([Zz]|[+-]\d{2}:\d{2})", re.ASCII)
_WITHOUT_OFFSET = re.compile(r"(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:)([0-5]\d)(\.\d{1,9})?()", re.ASCII)
_ROUNDS_UP = re.compile(r":[0-5]\d\.\d{3}[5-9]", re.ASCII)
"""The first digit below a millisecond. A leap second (:60) has none, because parse ignores its fraction."""


def parse(text: str) -> int:
    """Milliseconds since the epoch of a time in one of the FORMS; further digits are ignored.

    A time without an offset is UTC (assumed). A leap second (:60) is the first millisecond of the next minute, as in
    POSIX time. Raises ValueError for any other form and for a time outside the UTC years 0001 to 9999.
    """
    match = _RFC3339.fullmatch(text) or _WITHOUT_OFFSET.fullmatch(text)
    if match is None:
        raise ValueError(f"not a time: {text!r}; write {FORMS}")
    date, hour_minute, second, fraction, offset = match.groups()
    leap = second == "60"
    normal = f"{date}T{hour_minute}{'59' if leap else second}{'' if leap else fraction or ''}{offset.upper() or 'Z'}"
    try:
        milliseconds = (datetime.fromisoformat(normal) - _EPOCH) // _MILLISECOND
    except ValueError:
        raise ValueError(f"no such date or time: {text!r}") from None
    if leap:
        milliseconds += 1000
    if not EARLIEST <= milliseconds <= LATEST:
        raise ValueError(f"out of the range {render(EARLIEST)} to {render(LATEST)}: {text!r}")
    return milliseconds


def rounded(text: str, milliseconds: int) -> int:
    """What parse returns for a text, rounded instead, half up. A time in the last millisecond of the range stays."""
    return min(milliseconds + (_ROUNDS_UP.search(text) is not None), LATEST)


def has_offset(text: str) -> bool:
    """Whether a time that parse accepts says how far it is from UTC: it ends with Z or an offset such as +02:00."""
    return text[-1] in "Zz" or text[-6] in "+-"


def in_zone(milliseconds: int, zone: tzinfo) -> int:
    """A time that was read as UTC, read as the local time of a zone instead.

    Of two times with the same local time, it is the first. Raises ValueError for a time outside the range of parse.
    """
    local = (_NAIVE_EPOCH + timedelta(milliseconds=milliseconds)).replace(tzinfo=zone)
    moved = milliseconds - (local.utcoffset() or timedelta()) // _MILLISECOND
    if not EARLIEST <= moved <= LATEST:
        raise ValueError(f"out of the range {BOUNDS} in its timezone: {render(milliseconds)!r}")
    return moved


def parse_documented(text: str) -> int | None:
    """Like parse, but faster and only for the documented form; None for any other text."""
    milliseconds = _MILLISECONDS.get(text[19:])
    if milliseconds is None:
        return None
    try:
        return _second(text[:19]) + milliseconds
    except ValueError:
        return None


@lru_cache(maxsize=1024)
def _second(text: str) -> int:
    """The time of a whole second. It is cached because many passings of a race share a second."""
    if _SECOND.fullmatch(text) is None:
        raise ValueError(f"not a whole second: {text!r}")
    return round(datetime.fromisoformat(text + "Z").timestamp() * 1000)


@lru_cache(maxsize=1024)
def render(milliseconds: int) -> str:
    """The documented form of a time. It is cached because responses often repeat the same times."""
    moment = _NAIVE_EPOCH + timedelta(milliseconds=milliseconds)
    return moment.isoformat(timespec="milliseconds") + "Z"


EARLIEST = (datetime.min.replace(tzinfo=UTC) - _EPOCH) // _MILLISECOND
LATEST = (datetime.max.replace(tzinfo=UTC) - _EPOCH) // _MILLISECOND
BOUNDS = f"{render(EARLIEST)} to {render(LATEST)}"
"""The range of times that the documented form can express, for error messages."""

_YEAR = 365 * 24 * 60 * 60 * 1000

EARLIEST_START = EARLIEST + _YEAR
LATEST_START = LATEST - _YEAR
START_BOUNDS = f"{render(EARLIEST_START)} to {render(LATEST_START)}"
"""A clock or race that starts in this range has at least one year before and after it for the times that follow."""


def check_start(milliseconds: int) -> int:
    """Returns the same time. Raises ValueError if no clock or race may start then."""
    if not EARLIEST_START <= milliseconds <= LATEST_START:
        raise ValueError(f"out of the range {START_BOUNDS}")
    return milliseconds
