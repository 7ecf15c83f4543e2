"""Connects the worker to a WSGI application. A response can be held back without blocking a thread."""

import sched
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from ..web.request.faulted import Delivery
from ..world.holds import Hold
from .worker import Headers, Response


class Gateway:
    """What the worker calls for each request.

    It waits for the response, not for the call to return, so a held response occupies a connection but no thread.
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

    def __call__(self, response: Response, scope: dict[str, Any]) -> None:
        head = _Head()
        body = self._application(self._environ | scope, head)
        if isinstance(body, Delivery):
            self._deliver(body, head, response)
        elif isinstance(body, list):
            response.response_bytes(head.status, head.headers, b"".join(body))
        else:
            response.response_iter(head.status, head.headers, _Chunks(body))

    def release_all(self) -> None:
        """Send all held responses and hold no more from now on. For a server that stops."""
        self._stopping = True
        for hold in list(self._held):
            hold.let_go()
        self._alarm.end()

    def _deliver(self, delivery: Delivery, head: "_Head", response: Response) -> None:
        def send() -> None:
            self._held.discard(hold)
            if delivery.cut:
                # The body is shorter than its Content-Length. It is not sent as an iterator: if an iterator ends too
                # early, granian may close the connection before it has sent anything.
                head.headers.append(("connection", "close"))
            response.response_bytes(head.status, head.headers, delivery.data)

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
    """Calls functions at given times, on one thread that is started when it is first needed."""

    def __init__(self) -> None:
        self._schedule = sched.scheduler(time.monotonic)
        self._changed = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._ended = False

    def at(self, moment: float, call: Callable[[], None]) -> None:
        """Call a function at `moment`, a time of time.monotonic()."""
        self._schedule.enterabs(moment, 0, call)
        self._changed.set()
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="rufus-mock-alarm", daemon=True)
                self._thread.start()

    def end(self) -> None:
        """Discard the remaining calls and end the thread."""
        self._ended = True
        self._changed.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while not self._ended:
            seconds = self._schedule.run(blocking=False)  # until the next call; None if there is none
            self._changed.wait(seconds)
            self._changed.clear()


class _Head:
    """WSGI's start_response: stores the status and the headers."""

    __slots__ = ("headers", "status")

    def __call__(self, status: str, headers: Headers, exc_info: Any = None) -> None:  # noqa: ARG002
        self.status = int(status[:3])
        self.headers = headers


class _Chunks:
    """The iterator that the worker reads a body from."""

    __slots__ = ("__next__", "_body")

    def __init__(self, body: Iterable[bytes]) -> None:
        self._body = body
        iterator: Iterator[bytes] = iter(body)
        self.__next__ = iterator.__next__

    def close(self) -> None:
        close = getattr(self._body, "close", None)
        if close is not None:
            close()
