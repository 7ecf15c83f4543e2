"""Between granian and a WSGI application: calls it, and can answer later without keeping a thread."""

import heapq
import itertools
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from .http.faulted import Delivery
from .world.holds import Hold

Headers = list[tuple[str, str]]


class Gateway:
    """What granian calls for each request, on one of its threads.

    granian waits for the answer, not for the call to end: an answer that is kept back costs a connection, no thread.
    The environment holds nothing of the process's: HTTP_PROXY in it is no header.
    """

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self._application = application
        self._alarm = Alarm()
        self._held: set[Hold] = set()
        self._stopping = False
        self._environ = {
            "GATEWAY_INTERFACE": "CGI/1.1",
            "SCRIPT_NAME": "",
            "SERVER_SOFTWARE": "Granian",
            "wsgi.errors": sys.stderr,
            "wsgi.input_terminated": True,
            "wsgi.multiprocess": False,
            "wsgi.multithread": True,
            "wsgi.run_once": False,
            "wsgi.version": (1, 0),
        }

    def __call__(self, protocol: Any, scope: dict[str, Any]) -> None:
        head = _Head()
        body = self._application(self._environ | scope, head)
        if isinstance(body, Delivery):
            self._deliver(body, head, protocol)
        elif isinstance(body, list):
            protocol.response_bytes(head.status, head.headers, b"".join(body))
        else:
            protocol.response_iter(head.status, head.headers, _Chunks(body))

    def let_go(self) -> None:
        """Send all answers that are kept back, and keep none back from now on: the server stops."""
        self._stopping = True
        for hold in list(self._held):
            hold.let_go()
        self._alarm.end()

    def _deliver(self, delivery: Delivery, head: "_Head", protocol: Any) -> None:
        def send() -> None:
            self._held.discard(hold)
            if delivery.cut:
                # It ends before its Content-Length. Not as an iterator: when that ends too early, granian may close
                # the connection before anything has been sent.
                head.headers.append(("connection", "close"))
            protocol.response_bytes(head.status, head.headers, delivery.data)

        hold = delivery.hold
        if hold is None:
            send()
            return
        self._held.add(hold)
        hold.when_over(send)
        if self._stopping:
            hold.let_go()
        elif hold.seconds is not None:
            self._alarm.at(time.monotonic() + hold.seconds, hold.let_go)


class Alarm:
    """Calls things at their time, from one thread that begins with the first of them."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._calls: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = itertools.count()
        self._thread: threading.Thread | None = None
        self._ended = False

    def at(self, moment: float, call: Callable[[], None]) -> None:
        """Call this at a moment of time.monotonic()."""
        with self._changed:
            heapq.heappush(self._calls, (moment, next(self._numbers), call))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="rufus-mock-alarm", daemon=True)
                self._thread.start()
            self._changed.notify()

    def end(self) -> None:
        """Call nothing more, and end the thread."""
        with self._changed:
            self._ended = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._ended and (not self._calls or self._calls[0][0] > time.monotonic()):
                    self._changed.wait(self._calls[0][0] - time.monotonic() if self._calls else None)
                if self._ended:
                    return
                call = heapq.heappop(self._calls)[2]
            call()


class _Head:
    """WSGI's start_response: keeps what it is given."""

    __slots__ = ("headers", "status")

    def __call__(self, status: str, headers: Headers, exc_info: Any = None) -> None:  # noqa: ARG002
        self.status = int(status[:3])
        self.headers = headers


class _Chunks:
    """An iterator for granian, which calls close() at the end."""

    __slots__ = ("__next__", "_body")

    def __init__(self, body: Iterable[bytes]) -> None:
        self._body = body
        iterator: Iterator[bytes] = iter(body)
        self.__next__ = iterator.__next__

    def close(self) -> None:
        close = getattr(self._body, "close", None)
        if close is not None:
            close()
