"""A persistent connection to the admin API of a mock, in this process or another."""

import threading
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any, ClassVar, Protocol
from urllib.parse import urlsplit

import orjson

from ..base.defaults import HOST, PORT

TIMEOUT = 10.0
"""Seconds to wait for a response of the admin API."""


class AdminError(Exception):
    """The mock refused a call or did not answer. status: of the response; None if there was none."""

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class Observer(Protocol):
    """Makes the calls of all connections in place of them, to see or change what tests do with a mock."""

    def call(self, connection: "AdminConnection", method: str, path: str, body: Any) -> Any:
        """Make a call with connection.send, and return its answer."""

    def closing(self, connection: "AdminConnection") -> None:
        """The connection is about to be closed."""


class AdminConnection:
    """Calls the admin API of the mock at `url`. Threads can share a connection; it makes one call at a time.

    token: the --admin-token of the mock. private: whether only the code that opened the connection uses the mock.
    Raises AdminError for a URL that cannot be one of a mock.
    """

    observer: ClassVar[Observer | None] = None

    def __init__(self, url: str, token: str | None = None, *, private: bool = False) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise AdminError(f"{url}: not the URL of a mock; expected one like http://{HOST}:{PORT}")
        self.url = f"{parts.scheme}://{parts.netloc}"
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._connection = kind(parts.hostname, parts.port, timeout=TIMEOUT)
        self._headers = {"Content-Type": "application/json"}
        if token:
            self._headers["Authorization"] = f"Bearer {token}"
        self.private = private
        self._lock = threading.Lock()

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Call /__admin`path` and return the parsed JSON of the response, or None if it is empty. Raises AdminError."""
        __tracebackhide__ = True
        if self.observer is None:
            return self.send(method, path, body)
        return self.observer.call(self, method, path, body)

    def send(self, method: str, path: str, body: Any = None) -> Any:
        """Like call, but no observer sees it."""
        __tracebackhide__ = True
        try:
            content = None if body is None else orjson.dumps(body)
        except orjson.JSONEncodeError as error:
            raise AdminError(f"{method} /__admin{path}: cannot be sent as JSON: {error}") from error
        with self._lock:
            status, answer = self._exchange(method, f"/__admin{path}", content)
        if status >= 400:
            raise AdminError(f"{method} /__admin{path}: {status} {_reason(answer)}", status)
        return orjson.loads(answer) if answer else None

    def close(self) -> None:
        """Close the socket. A later call opens a new one."""
        if self.observer is not None:
            self.observer.closing(self)
        with self._lock:
            self._connection.close()

    def _exchange(self, method: str, path: str, content: bytes | None) -> tuple[int, bytes]:
        kept = self._connection.sock is not None
        try:
            return self._once(method, path, content)
        except (ConnectionError, HTTPException) as error:
            if not kept:
                raise AdminError(f"no mock answers at {self.url}: {error}") from error
        except OSError as error:
            raise AdminError(f"no mock answers at {self.url}: {error}") from error
        # The server may have closed the idle connection, so try once more with a new one.
        try:
            return self._once(method, path, content)
        except (OSError, HTTPException) as error:
            raise AdminError(f"no mock answers at {self.url} any more: {error}") from error

    def _once(self, method: str, path: str, content: bytes | None) -> tuple[int, bytes]:
        try:
            self._connection.request(method, path, content, self._headers)
            answer = self._connection.getresponse()
            return answer.status, answer.read()
        except BaseException:
            self._connection.close()
            raise


def _reason(answer: bytes) -> str:
    """The message in the body of an error response."""
    try:
        body = orjson.loads(answer)
        errors = [f"{e['parameter']}: expected {e['expected']}, found {e['actual']}" for e in body.get("errors", ())]
        return "; ".join([body["description"], *errors])
    except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError):
        return answer[:200].decode(errors="replace")
