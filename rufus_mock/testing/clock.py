"""The handle for a company's clock."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from ..base.timestamps import parse

Call = Callable[..., Any]
"""Calls the admin API of one company. Arguments: method, path below the company, body."""


class CompanyClock:
    """The source of creation_date, last_seen and duration. It follows the machine's clock until a test changes it."""

    def __init__(self, call: Call) -> None:
        self._call = call

    @property
    def now(self) -> datetime:
        """The company's current time, in UTC."""
        return _moment(self._call("GET", "/clock"))

    @property
    def frozen(self) -> bool:
        """Whether the clock is stopped."""
        frozen: bool = self._call("GET", "/clock")["frozen"]
        return frozen

    def freeze(self, at: datetime | str | None = None) -> datetime:
        """Stop the clock, at its current time or at a time such as "2026-05-01T09:00:00.000Z".

        A text without an offset is read as UTC. Returns the company's time, as all methods do. Raises ValueError for a
        datetime without an offset.
        """
        return self._set(at, frozen=True)

    def run(self, since: datetime | str | None = None) -> datetime:
        """Let the clock run, from its current time or from another time."""
        return self._set(since, frozen=False)

    def set(self, now: datetime | str) -> datetime:
        """Set the clock. A stopped clock stays stopped, a running one keeps running."""
        return self._set(now)

    def advance(self, by: timedelta | None = None, **units: float) -> datetime:
        """Move the clock by a timedelta or its arguments: advance(hours=2, seconds=1). Negative values move it back."""
        by = timedelta(**units) if by is None else by
        return _moment(self._call("POST", "/clock/advance", {"milliseconds": by // timedelta(milliseconds=1)}))

    def reset(self) -> datetime:
        """Follow the machine's clock again."""
        return _moment(self._call("DELETE", "/clock"))

    def _set(self, now: datetime | str | None, **members: bool) -> datetime:
        __tracebackhide__ = True
        body: dict[str, Any] = {**members}
        if isinstance(now, datetime):
            if now.tzinfo is None:
                raise ValueError(f"a time without an offset: {now!r}; give it one, as tzinfo=UTC")
            body["now"] = now.astimezone(UTC).isoformat(timespec="milliseconds")
        elif now is not None:
            body["now"] = now
        return _moment(self._call("PUT", "/clock", body))


def _moment(answer: dict[str, Any]) -> datetime:
    return datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=parse(answer["now"]))
