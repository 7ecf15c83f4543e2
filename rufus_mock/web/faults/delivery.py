"""How an answer goes out that a fault has changed: late, slowly, in part, or not at all."""

import time
from collections.abc import Generator, Iterable, Iterator
from typing import Any, cast

from flask import Response

from ...world.faults import Faults, Strike
from ...world.holds import Hold
from .kinds.kind import ChangedAnswer

_PIECES_PER_SECOND = 10


class Delivery:
    """A WSGI body for which a server needs more than its bytes.

    hold: how long to wait before anything goes out. cut: the body ends before its Content-Length. reset: see
    ChangedAnswer. The server in serving/ does what these say. Any other server waits while it iterates, and cannot
    reset the connection.
    """

    def __init__(self, data: bytes, hold: Hold | None, cut: bool, reset: str | None, trickle: "Trickle | None") -> None:
        self.data = data
        self.hold = hold
        self.cut = cut
        self.reset = reset
        self.trickle = trickle

    def __iter__(self) -> Iterator[bytes]:
        if self.hold is not None:
            self.hold.wait()
        if self.reset is not None:
            raise ConnectionResetError("a fault resets this connection")
        if self.trickle is None:
            yield self.data
        else:
            yield from self.trickle.pieces(self.data)


class Trickle:
    """The speed of a body in bytes per second. When the hold ends, because the fault is removed, the rest goes out."""

    def __init__(self, bytes_per_second: int, hold: Hold) -> None:
        self._bytes_per_second = bytes_per_second
        self.hold = hold

    def pieces(self, data: bytes) -> Generator[bytes, None, None]:
        """The pieces of a body. Blocks until the next one is due."""
        size = max(1, self._bytes_per_second // _PIECES_PER_SECOND)
        began = time.monotonic()
        sent = 0
        try:
            while sent < len(data):
                due = began + sent / self._bytes_per_second
                if self.hold.ends_within(due - time.monotonic()):
                    size = len(data)
                yield data[sent : sent + size]
                sent += size
        finally:
            self.hold.release()


class Delivered(Response):
    """A response with a Delivery as its body.

    delay: the seconds before it goes out; arrives: whether the client ever gets a status.
    """

    hold: Hold | None = None
    cut = False
    reset: str | None = None
    trickle: Trickle | None = None
    delay: float = 0
    arrives = True

    @classmethod
    def of(cls, answer: ChangedAnswer, strike: Strike, faults: Faults) -> "Delivered":
        """The response of an answer, which goes out as the answer says."""
        made = cast(Delivered, cls.force_type(answer.response))
        if answer.delay is None:
            made.hold = faults.hold(strike.fault, None)
        elif answer.delay:
            made.delay = answer.delay / 1000
            made.hold = faults.hold(strike.fault, made.delay)
        if answer.cut:
            made.cut = True
            made.headers["Content-Length"] = str(len(made.get_data()))
        if answer.bytes_per_second is not None:
            made.trickle = Trickle(answer.bytes_per_second, faults.hold(strike.fault, None))
        made.reset = answer.reset
        made.arrives = answer.delay is not None and answer.reset != "before_headers"
        return made

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        data = b"".join(super().__call__(environ, start_response))
        return Delivery(data[: len(data) // 2] if self.cut else data, self.hold, self.cut, self.reset, self.trickle)
