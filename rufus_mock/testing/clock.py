"""A company's clock, as a test sees and moves it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from ..timestamps import parse

Call = Callable[..., Any]
"""Calls the admin API below a company: method, path, body."""


class CompanyClock:
    """What creation_date, last_seen and duration come from. It runs with the machine's until a test says otherwise."""

    def __init__(self, call: Call) -> None:
        self._call = call

    @property
    def now(self) -> datetime:
        """What time it is for the company, in UTC."""
        return _moment(self._call("GET", "/clock"))

    @property
    def frozen(self) -> bool:
        """Whether it stands still."""
        frozen: bool = self._call("GET", "/clock")["frozen"]
        return frozen

    def freeze(self, at: datetime | str | None = None) -> datetime:
        """Stop it, now or at a time ("2026-05-01T09:00:00.000Z"; UTC without an offset). Returns the time."""
        return self._set(at, frozen=True)

    def run(self, since: datetime | str | None = None) -> datetime:
        """Let it run on, from where it stands or from a time. Returns the time."""
        return self._set(since, frozen=False)

    def set(self, now: datetime | str) -> datetime:
        """Set it to a time; it stands or runs on as before. Returns the time."""
        return self._set(now)

    def advance(self, by: timedelta | None = None, **units: float) -> datetime:
        """Move it by a timedelta, or as in advance(hours=2, seconds=1); back if negative. Returns the time."""
        by = timedelta(**units) if by is None else by
        return _moment(self._call("POST", "/clock/advance", {"milliseconds": by // timedelta(milliseconds=1)}))

    def reset(self) -> datetime:
        """The machine's time again. Returns it."""
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
