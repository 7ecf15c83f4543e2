"""The one way out of the process. Whatever a check does, what must not leave an account alone stops here.

Without `allow_writes` nothing but GET leaves. With it, a write leaves only if all that it names is the run's own or
nobody's (Owned). Nothing goes to another host. Rate and budget hold for all requests together.
"""

import json
import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import unquote, urlsplit

import requests
from requests.adapters import HTTPAdapter

from ...client import TIMEOUT, Reply, specification

ATTEMPTS = 4
LONGEST_WAIT = 120.0
"""Seconds. A server that asks for more patience than this ends the run."""

_IDENTIFIERS = ("deviceid", "token_session")


class Refused(Exception):
    """A request that may not leave. Raised before a byte is sent; a defect of the check that made it."""


class Stopped(BaseException):
    """The run can send nothing more. Not an Exception, as KeyboardInterrupt is none: hypothesis would go on trying."""


class BudgetSpent(Stopped):
    """All requests of --budget are sent."""


class Overloaded(Stopped):
    """The server answers 429 or 503, and asks for a longer wait than a run is worth."""


@dataclass
class Owned:
    """What the run made itself, and identifiers that belong to nobody. Learnt from the answers, so that nothing that
    was made is forgotten, whatever the check that made it does.
    """

    label: str
    devices: dict[str, bool] = field(default_factory=dict)
    """deviceid: is it still bound?"""
    sessions: dict[str, bool] = field(default_factory=dict)
    """token_session: is it still open?"""
    nobodys: set[str] = field(default_factory=set)
    serial_numbers: set[str] = field(default_factory=set)

    def permits(self, operation_id: str, named: Mapping[str, Any]) -> bool:
        """May a write leave that names these things?"""
        if operation_id == "bindDevice":
            alias = named.get("alias", self.label)
            return isinstance(alias, str) and alias.startswith(self.label)
        identifiers = [named[name] for name in _IDENTIFIERS if isinstance(named.get(name), str)]
        return all(
            identifier in self.devices or identifier in self.sessions or identifier in self.nobodys
            for identifier in identifiers
        )

    def learn(self, operation_id: str, named: Mapping[str, Any], reply: Reply) -> None:
        """Remember what an answer says was made or removed."""
        if not 200 <= reply.status < 300:
            return
        body = reply.fields
        given: Mapping[str, Any] = body if isinstance(body, dict) else {}
        deviceid, token_session = given.get("deviceid"), given.get("token_session")
        if operation_id == "bindDevice" and isinstance(deviceid, str):
            self.devices[deviceid] = True
        elif operation_id == "unbindDevice":
            self.devices[named["deviceid"]] = False
        elif operation_id == "insertSession" and isinstance(token_session, str):
            self.sessions[token_session] = True
        elif operation_id == "closeSession":
            self.sessions[named["token_session"]] = False


class Transport(requests.Session):
    """A session of requests that guards the target. rate: requests a second; budget: requests in all."""

    def __init__(
        self,
        base_url: str,
        owned: Owned,
        *,
        allow_writes: bool = False,
        rate: float | None = None,
        budget: int | None = None,
        sleep: Callable[[float], object] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__()
        self.owned = owned
        self.sent = 0
        self.waited = 0.0
        self._base = urlsplit(base_url.rstrip("/"))
        self._allow_writes = allow_writes
        self._interval = 1 / rate if rate else 0.0
        self._budget = budget
        self._closing = False
        self._sleep = sleep
        self._clock = clock
        self._next = 0.0
        self._lock = threading.Lock()
        self._guard = _Guard(self)

    def get_adapter(self, url: str | bytes) -> HTTPAdapter:  # noqa: ARG002
        """The guard, for every URL and whatever was mounted."""
        return self._guard

    def closing(self) -> None:
        """From now on for what must still be removed: the budget no longer counts, and nothing new is made."""
        self._closing = True

    def admit(self, request: requests.PreparedRequest) -> tuple[str | None, dict[str, Any]]:
        """The operation and the things that a request names. Raises Refused."""
        method, url = request.method or "", request.url or ""
        target = urlsplit(url)
        if (target.scheme, target.netloc) != (self._base.scheme, self._base.netloc):
            raise Refused(f"{method} {target.scheme}://{target.netloc}: not the host of --base-url")
        operation_id, named = _named(request, target.path.removeprefix(self._base.path))
        if method != "GET":
            if not self._allow_writes:
                raise Refused(f"{method} {target.path}: without --allow-writes only GET leaves")
            if operation_id is None or not self.owned.permits(operation_id, named):
                raise Refused(f"{method} {target.path}: names what is not the run's own")
            if self._closing and method == "POST":
                raise Refused(f"{method} {target.path}: the run is over and makes nothing new")
            if operation_id == "bindDevice" and isinstance(named.get("serial_number"), str):
                self.owned.serial_numbers.add(named["serial_number"])
        return operation_id, named

    def take_turn(self) -> None:
        """Wait for the rate. Raises BudgetSpent."""
        with self._lock:
            if self._budget is not None and self.sent >= self._budget and not self._closing:
                raise BudgetSpent(f"all {self._budget} requests of the budget are sent")
            self.sent += 1
            now = self._clock()
            wait = max(self._next - now, 0.0)
            self._next = max(self._next, now) + self._interval
        if wait:
            self._sleep(wait)

    def back_off(self, response: requests.Response, attempt: int) -> None:
        """Wait as the server asks, or twice as long as the last time. Raises Overloaded."""
        seconds = _retry_after(response.headers.get("Retry-After"))
        if seconds is None:
            seconds = 2.0**attempt
        if seconds > LONGEST_WAIT:
            raise Overloaded(f"the server answers {response.status_code} and asks for a wait of {seconds:.0f} s")
        if attempt + 1 >= ATTEMPTS:
            raise Overloaded(f"the server answers {response.status_code}, {ATTEMPTS} times in a row")
        self.waited += seconds
        self._sleep(seconds)


class _Guard(HTTPAdapter):
    """All requests pass its send(), redirects and prepared ones too."""

    def __init__(self, transport: Transport) -> None:
        super().__init__()
        self._transport = transport

    def send(  # type: ignore[override]
        self, request: requests.PreparedRequest, timeout: Any = None, **arguments: Any
    ) -> requests.Response:
        operation_id, named = self._transport.admit(request)
        for attempt in range(ATTEMPTS):
            self._transport.take_turn()
            response = super().send(request, timeout=timeout or TIMEOUT, **arguments)
            if response.status_code not in (429, 503):
                break
            response.close()  # nobody reads its body, and its connection would stay open
            self._transport.back_off(response, attempt)
        if operation_id is not None and request.method != "GET":
            reply = Reply(
                request.method or "", request.url or "", None, response.status_code, response.headers, response.content
            )
            self._transport.owned.learn(operation_id, named, reply)
        return response


def _named(request: requests.PreparedRequest, path: str) -> tuple[str | None, dict[str, Any]]:
    """Which operation a request calls, and what its path and its body name."""
    named: dict[str, Any] = {}
    if request.body:
        try:
            body = json.loads(request.body)
        except (ValueError, TypeError, RecursionError):
            body = None
        if isinstance(body, dict):
            named.update(body)
    for operation in specification().operations.values():
        pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", operation.path)
        match = re.fullmatch(pattern, path)
        if match and operation.method == request.method:
            named.update({name: unquote(value) for name, value in match.groupdict().items()})
            return operation.id, named
    return None, named


def _retry_after(value: str | None) -> float | None:
    """Seconds, from a header that holds seconds or a date."""
    if value is None:
        return None
    if value.strip().isdigit():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max((moment - datetime.now(UTC)).total_seconds(), 0.0)
