"""Times in the form that the vendor's pages show."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_text(milliseconds: int) -> str:
    """YYYY-MM-DDTHH:mm:ss.sssZ of milliseconds since the epoch."""
    moment = _EPOCH + timedelta(milliseconds=milliseconds)
    return moment.isoformat(timespec="milliseconds")[:-6] + "Z"


def to_milliseconds(text: str) -> int:
    """Milliseconds since the epoch. Raises ValueError if the text is no time."""
    return (datetime.fromisoformat(text) - _EPOCH) // timedelta(milliseconds=1)
