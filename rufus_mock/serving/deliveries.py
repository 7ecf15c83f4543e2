"""Sends the answers that faults have changed: late, slowly, in part, or with a reset of the connection."""

import threading
import time
from collections.abc import Callable, Generator, Iterable
from contextlib import AbstractContextManager, ExitStack, nullcontext
from functools import partial
from typing import Any

from ..web.faults.delivery import Delivery, Trickle
from ..world.holds import Hold
from .alarm import Alarm
from .connections import reset_when_closed
from .worker import Headers, Response

_FLUSHED = 0.1
"""Seconds in which the beginning of an answer reaches the client before the connection ends."""

_NOTHING: Any = iter(())
"""Chunks that end at once. This is not a generator: Python could switch to another thread while it starts one, and the
kernel sends what is written to a corked connection after 200 ms.
"""

_Chunks = Generator[bytes, None, None]


class Deliveries:
    """The changed answers of one server.

    The worker waits for the answer, not for the call to return, so an answer that is held back occupies a connection
    but no thread. A trickling answer and one that resets its connection have a thread of their own. port: where the
    server listens.
    """

    def __init__(self, port: int) -> None:
        self._port = port
        self._alarm = Alarm()
        self._held: set[Hold] = set()
        self._stopping = False

    def send(
        self, delivery: Delivery, status: int, headers: Headers, response: Response, scope: dict[str, Any]
    ) -> None:
        """Send an answer when its hold ends. scope: the members of the WSGI environment that describe the request."""
        if delivery.cut:
            headers = [*headers, ("connection", "close")]  # the body is shorter than its Content-Length
        if delivery.reset is not None:
            send = partial(_in_a_thread, self._reset, delivery, status, headers, response, scope)
        elif delivery.trickle is not None:
            send = partial(_in_a_thread, self._trickle, delivery, delivery.trickle, status, headers, response)
        else:
            send = partial(response.response_bytes, status, headers, delivery.data)
        if delivery.hold is None:
            send()
        else:
            self._send_later(delivery.hold, send)

    def release_all(self) -> None:
        """Send everything that is held back, and hold nothing back from now on. For a server that stops."""
        self._stopping = True
        for hold in list(self._held):
            hold.release()
        self._alarm.end()

    def _send_later(self, hold: Hold, send: Callable[[], None]) -> None:
        def released() -> None:
            self._held.discard(hold)
            send()

        self._hold(hold)
        hold.when_over(released)
        if hold.seconds is not None and not self._stopping:
            self._alarm.at(time.monotonic() + hold.seconds, hold.release)

    def _hold(self, hold: Hold) -> None:
        self._held.add(hold)
        if self._stopping:
            hold.release()

    def _trickle(self, delivery: Delivery, trickle: Trickle, status: int, headers: Headers, response: Response) -> None:
        self._hold(trickle.hold)
        pieces = trickle.pieces(delivery.data)
        try:
            response.response_iter(status, headers, _flushed(pieces) if delivery.cut else pieces)
        finally:
            self._held.discard(trickle.hold)

    def _reset(
        self, delivery: Delivery, status: int, headers: Headers, response: Response, scope: dict[str, Any]
    ) -> None:
        """Make granian close the connection: it does if a body ends before its Content-Length.

        Over HTTP/2, granian ends only the stream, with an error.
        """
        unsent = delivery.reset == "before_headers"
        resetting: AbstractContextManager[None] = nullcontext()
        if scope["SERVER_PROTOCOL"] != "HTTP/2":
            resetting = reset_when_closed(self._port, scope["REMOTE_ADDR"], unsent=unsent)
        headers = [(name, value) for name, value in headers if name.lower() != "content-length"]
        headers.append(("content-length", str(len(delivery.data) + 1)))
        with ExitStack() as stack:

            def half() -> _Chunks:
                yield from _flushed([delivery.data[: len(delivery.data) // 2]])
                stack.enter_context(resetting)

            if unsent:
                stack.enter_context(resetting)
            response.response_iter(status, headers, _NOTHING if unsent else half())


def _flushed(pieces: Iterable[bytes]) -> _Chunks:
    """The pieces, and a pause: if the chunks of a body end too early, granian may not have sent all of them."""
    yield from pieces
    time.sleep(_FLUSHED)


def _in_a_thread(function: Callable[..., None], *arguments: Any) -> None:
    threading.Thread(target=function, args=arguments, name="rufus-mock-fault", daemon=True).start()
