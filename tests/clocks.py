"""A clock for tests of the world."""

from rufus_mock.base.clock import Clock


class FrozenClock(Clock):
    """A clock that stays at `milliseconds` until a test sets it."""

    def __init__(self, milliseconds: int) -> None:
        self.milliseconds = milliseconds

    def now(self) -> int:
        return self.milliseconds
