"""Connects granian to a WSGI application. A response can be held back without blocking a thread."""

import heapq
import itertools
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from ..web.request.faulted import Delivery
from ..world.holds import Hold

Headers = list[tuple[str, str]]


class Gateway:
    """The callable that granian calls for each request, on one of its threads.

    granian waits for the response, not for the call to return, so a held response occupies a connection but no thread.
    The WSGI environment contains no variables of the process, so an HTTP_PROXY in it is always a request header.
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

    def release_all(self) -> None:
        """Send all held responses and hold no more from now on. For a server that stops."""
        self._stopping = True
        for hold in list(self._held):
            hold.release()
        self._alarm.end()

    def _deliver(self, delivery: Delivery, head: "_Head", protocol: Any) -> None:
        def send() -> None:
            self._held.discard(hold)
            if delivery.cut:
                # The body is shorter than its Content-Length. It is not sent as an iterator: if an iterator ends too
                # early, granian may close the connection before it has sent anything.
                head.headers.append(("connection", "close"))
            protocol.response_bytes(head.status, head.headers, delivery.data)

        hold = delivery.hold
        if hold is None:
            send()
            return
        self._held.add(hold)
        hold.when_over(send)
        if self._stopping:
            hold.release()
        elif hold.seconds is not None:
            self._alarm.at(time.monotonic() + hold.seconds, hold.release)


class Alarm:
    """Calls functions at given times, on one thread that is started when it is first needed."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._calls: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = itertools.count()
        self._thread: threading.Thread | None = None
        self._ended = False

    def at(self, moment: float, call: Callable[[], None]) -> None:
        """Call a function at `moment`, a time of time.monotonic()."""
        with self._changed:
            heapq.heappush(self._calls, (moment, next(self._numbers), call))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="rufus-mock-alarm", daemon=True)
                self._thread.start()
            self._changed.notify()

    def end(self) -> None:
        """Discard the remaining calls and end the thread."""
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
    """WSGI's start_response: stores the status and the headers."""

    __slots__ = ("headers", "status")

    def __call__(self, status: str, headers: Headers, exc_info: Any = None) -> None:  # noqa: ARG002
        self.status = int(status[:3])
        self.headers = headers


class _Chunks:
    """The iterator that granian reads a body from. granian calls close() at the end."""

    __slots__ = ("__next__", "_body")

    def __init__(self, body: Iterable[bytes]) -> None:
        self._body = body
        iterator: Iterator[bytes] = iter(body)
        self.__next__ = iterator.__next__

    def close(self) -> None:
        close = getattr(self._body, "close", None)
        if close is not None:
            close()
