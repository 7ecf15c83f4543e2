"""A session of requests whose exchanges are bounded: by one deadline from the first byte to the last, and by size.

The timeout of requests limits only the wait for the next byte, and its answers may have any size.
"""

import io
import threading
from collections.abc import Callable, Iterator
from http.client import HTTPException
from typing import Any

import requests
import urllib3
from requests.adapters import HTTPAdapter

from .limits import Exceeded, Limits, Meter

_PART = 64 * 1024


class LimitReached(requests.RequestException):
    """The server exceeded a limit. The message says which."""


class BoundedAdapter(HTTPAdapter):
    """An adapter of requests that enforces limits and reads every answer to its end, also with stream=True.

    It can be mounted in any session. Raises LimitReached, and other exceptions of requests. Their `sent` and `received`
    are the numbers of bytes that had been sent and had arrived.
    """

    def __init__(self, limits: Limits | None = None, **settings: Any) -> None:
        self._limits = limits or Limits()
        self._exchange = threading.local()
        super().__init__(**settings)

    def send(self, request: requests.PreparedRequest, *arguments: Any, **settings: Any) -> requests.Response:
        meter = self._exchange.meter = Meter(self._limits)
        settings["stream"] = True
        try:
            response = super().send(request, *arguments, **settings)
            read(response, meter)
        except Exceeded as error:
            raise _marked(LimitReached(str(error)), request, meter) from error
        except requests.RequestException as error:
            raise _marked(error, request, meter)  # noqa: B904
        except (urllib3.exceptions.HTTPError, HTTPException, ValueError) as error:
            raise _marked(requests.ConnectionError(error), request, meter) from error
        return response

    def get_connection_with_tls_context(self, *arguments: Any, **settings: Any) -> Any:
        pool: Any = super().get_connection_with_tls_context(*arguments, **settings)
        if not issubclass(pool.ConnectionCls, _Bounded):
            bounded = type(pool.ConnectionCls.__name__, (_Bounded, pool.ConnectionCls), {"meter": self._meter})
            pool.ConnectionCls = bounded
        return pool

    def _meter(self) -> Meter:
        meter: Meter = self._exchange.meter
        return meter


class BoundedSession(requests.Session):
    """A session whose requests all pass a BoundedAdapter."""

    def __init__(self, limits: Limits | None = None) -> None:
        super().__init__()
        for scheme in ("http://", "https://"):
            self.mount(scheme, BoundedAdapter(limits))

    def resolve_redirects(self, *arguments: Any, yield_requests: bool = False, **settings: Any) -> Iterator[Any]:
        """Follows redirects. If they are not followed, requests would still parse Location, which may be anything."""
        if yield_requests:
            return iter(())
        followed: Iterator[Any] = super().resolve_redirects(*arguments, **settings)
        return followed


def read(response: requests.Response, meter: Meter) -> bytes:
    """The body of an answer, decompressed. Raises Exceeded and exceptions of requests."""
    parts, size = [], 0
    try:
        for part in response.iter_content(_PART):
            parts.append(part)
            size += len(part)
            meter.check_size(size)
            assert meter.left
    except BaseException:
        response.close()
        raise
    response._content = b"".join(parts)
    return response._content


def _marked(error: requests.RequestException, request: Any, meter: Meter) -> requests.RequestException:
    """The exception with what is known about its exchange."""
    error.request = error.request or request
    error.sent, error.received = meter.sent, meter.received  # type: ignore[attr-defined]
    return error


class _Bounded(urllib3.connection.HTTPConnection):
    """A connection that measures each exchange. The class of the pool's connections is mixed in."""

    meter: Callable[[], Meter]

    def connect(self) -> None:
        self.timeout = _shorter(self.timeout, type(self).meter().left)
        super().connect()
        self.sock = _Socket(self.sock, type(self).meter)

    def getresponse(self) -> Any:
        meter = type(self).meter()
        meter.in_head = True
        try:
            return super().getresponse()
        finally:
            meter.in_head = False


class _Socket:
    """A socket whose reads and writes end at the deadline of the exchange."""

    def __init__(self, sock: Any, meter: Callable[[], Meter]) -> None:
        self._sock = sock
        self._meter = meter
        self._timeout: float | None = sock.gettimeout()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)

    def settimeout(self, seconds: float | None) -> None:
        self._timeout = seconds
        self._sock.settimeout(seconds)

    def makefile(self, *_: Any, **__: Any) -> io.BufferedReader:
        return io.BufferedReader(_Incoming(self._sock.makefile("rb", buffering=0), self))

    def sendall(self, data: Any, *_: Any) -> None:
        rest = memoryview(data).cast("B")
        while rest:
            count = self.bounded(self._sock.send, rest)
            self._meter().sent += count
            rest = rest[count:]

    def receive(self, file: io.RawIOBase, buffer: Any) -> int | None:
        count: int | None = self.bounded(file.readinto, buffer)
        self._meter().receive(count or 0)
        return count

    def bounded(self, transfer: Callable[[Any], Any], data: Any) -> Any:
        """Transfer some bytes, and wait no longer than the exchange may take."""
        meter = self._meter()
        self._sock.settimeout(_shorter(self._timeout, meter.left))
        try:
            return transfer(data)
        except TimeoutError:
            assert meter.left  # raises if this was not the timeout for a single byte
            raise


class _Incoming(io.RawIOBase):
    """What arrives on a socket."""

    def __init__(self, file: io.RawIOBase, sock: _Socket) -> None:
        self._file = file
        self._socket = sock

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        return self._socket.receive(self._file, buffer)

    def close(self) -> None:
        self._file.close()
        super().close()


def _shorter(timeout: Any, left: float) -> float | None:
    """The shorter of a timeout in seconds, or None, and the time that is left."""
    if not isinstance(timeout, int | float):
        return None if left == float("inf") else left
    return min(timeout, left)


__all__ = ["BoundedAdapter", "BoundedSession", "LimitReached", "read"]
