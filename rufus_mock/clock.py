"""What time it is. The world asks one Clock object, so that a test can put another in its place."""

import time


class Clock:
    """The machine's clock."""

    def now(self) -> int:
        """Milliseconds since the epoch."""
        return time.time_ns() // 1_000_000


class FrozenClock(Clock):
    """A clock that stands still at `milliseconds` until it is set."""

    def __init__(self, milliseconds: int) -> None:
        self.milliseconds = milliseconds

    def now(self) -> int:
        return self.milliseconds
