"""Every request of a run passes here, so that no check can do harm, whatever it does.

Without `allow_writes` only GET requests are sent. With it, a write is sent only if everything that it names belongs to
the run or to nobody (Owned). No request goes to another host. Rate and budget apply to all requests together.
"""

import json
import re
import threading
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote, urlsplit

import requests
from requests.adapters import HTTPAdapter

from ...client import TIMEOUT, BoundedAdapter, BoundedSession, Limits, Reply, specification
from ...client.retry_after import retry_after
from ...client.sending import LimitReached
from .claims import Claims
from .errors import BudgetSpent, DeadlineReached, Overloaded, Refused
from .ownership import Owned

ATTEMPTS = 4
_A_WEEK = 7 * 24 * 3600
LONGEST_WAIT = 120.0
"""Seconds. The run ends if the server asks for a longer wait."""

CLEAN_UP = 300.0
"""Seconds that clean-up may take, whatever the deadline of the run."""


class Transport(BoundedSession):
    """A session that protects the target, and the run from the target. rate: requests a second; budget: in all.

    limits: of each exchange; their deadline is that of the run. It ends the run, but not its clean-up.
    """

    def __init__(
        self,
        base_url: str,
        owned: Owned,
        *,
        allow_writes: bool = False,
        rate: float | None = None,
        budget: int | None = None,
        limits: Limits | None = None,
        sleep: Callable[[float], object] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__()
        self.limits = limits or Limits()
        self.owned = owned
        self.sent = 0
        self._base = urlsplit(base_url.rstrip("/"))
        self._allow_writes = allow_writes
        self._interval = 1 / rate if rate else 0.0
        self._budget = budget
        self._closing = False
        self.claims: Claims | None = None
        """Confirms what writes name, if it is set."""
        self._sleep = sleep
        self._clock = clock
        self._next = 0.0
        self._lock = threading.Lock()
        self._guard = _Guard(self)
        self._settings: dict[str, Any] = {}

    def merge_environment_settings(self, url: str | bytes | None, *given: Any) -> Any:
        """Reads proxies and certificates from the environment once, because all requests go to one host.

        requests reads the whole environment for each request, which takes a tenth of the request's time.
        """
        key = repr(given)
        if key not in self._settings:
            self._settings[key] = super().merge_environment_settings(url, *given)
        return dict(self._settings[key])

    def get_adapter(self, url: str | bytes) -> HTTPAdapter:  # noqa: ARG002
        """Returns the guard for every URL, whatever was mounted."""
        return self._guard

    def closing(self) -> None:
        """Switches to clean-up: budget and deadline no longer count, and a request that makes something is refused."""
        self._closing = True
        self.limits.deadline.restart(CLEAN_UP)

    @property
    def is_closing(self) -> bool:
        """Whether only clean-up requests may be sent."""
        return self._closing

    def admit(self, request: requests.PreparedRequest) -> tuple[str | None, dict[str, Any]]:
        """Returns the operation and what the request names. Raises Refused or Unconfirmed if it must not be sent."""
        method, url = request.method or "", request.url or ""
        target = urlsplit(url)
        if (target.scheme, target.netloc) != (self._base.scheme, self._base.netloc):
            raise Refused(f"{method} {target.scheme}://{target.netloc}: not the host of --base-url")
        operation_id, named = _named(request, target.path.removeprefix(self._base.path))
        if method != "GET":
            if not self._allow_writes:
                raise Refused(f"{method} {target.path}: without --allow-writes only GET requests are sent")
            if operation_id is None or not self.owned.permits(operation_id, named):
                raise Refused(f"{method} {target.path}: names something that is not the run's own")
            if self._closing and method == "POST":
                raise Refused(f"{method} {target.path}: the run is over and makes nothing new")
            if self.claims is not None:
                self.claims.check(operation_id, named, self._closing)
            if operation_id == "bindDevice" and isinstance(named.get("serial_number"), str):
                self.owned.serial_numbers.add(named["serial_number"])
        return operation_id, named

    def take_turn(self) -> None:
        """Waits as long as the rate demands. Raises BudgetSpent, DeadlineReached."""
        with self._lock:
            if self._budget is not None and self.sent >= self._budget and not self._closing:
                raise BudgetSpent(f"all {self._budget} requests of the budget are sent")
            self.sent += 1
            now = self._clock()
            wait = max(self._next - now, 0.0)
            self._next = max(self._next, now) + self._interval
        self.pause(wait)

    def pause(self, seconds: float) -> None:
        """Send nothing for a while. Raises DeadlineReached if the run may not take that long."""
        deadline = self.limits.deadline
        if deadline.left <= seconds:
            raise DeadlineReached(f"the run has reached its deadline of {deadline.seconds:g} s")
        if seconds:
            self._sleep(seconds)

    def back_off(self, response: requests.Response, attempt: int) -> None:
        """Waits as long as the server asks, or else twice as long as the last time. Raises Overloaded."""
        seconds = retry_after(response.headers)
        if seconds is None:
            seconds = 2.0**attempt
        if seconds > LONGEST_WAIT:
            wait = f"{seconds:.0f} s" if seconds < _A_WEEK else "more than a week"
            raise Overloaded(f"the server answers {response.status_code} and asks for a wait of {wait}")
        if attempt + 1 >= ATTEMPTS:
            raise Overloaded(f"the server answers {response.status_code}, {ATTEMPTS} times in a row")
        self.pause(seconds)


class _Guard(BoundedAdapter):
    """Every request passes its send(), also redirects and prepared requests."""

    def __init__(self, transport: Transport) -> None:
        super().__init__(transport.limits)
        self._transport = transport

    def send(  # type: ignore[override]
        self, request: requests.PreparedRequest, timeout: Any = None, **arguments: Any
    ) -> requests.Response:
        operation_id, named = self._transport.admit(request)
        for attempt in range(ATTEMPTS):
            self._transport.take_turn()
            try:
                response = super().send(request, timeout=timeout or TIMEOUT, **arguments)
            except LimitReached as error:
                if self._transport.limits.deadline.over:
                    raise DeadlineReached(str(error)) from error
                raise
            if response.status_code not in (429, 503):
                break
            self._transport.back_off(response, attempt)
        if operation_id is not None:
            reply = Reply(
                request.method or "", request.url or "", None, response.status_code, response.headers, response.content
            )
            if request.method != "GET":
                self._transport.owned.learn(operation_id, named, reply)
            elif self._transport.claims is not None and not self._transport.is_closing:
                self._transport.claims.observe(reply)
        return response


def _named(request: requests.PreparedRequest, path: str) -> tuple[str | None, dict[str, Any]]:
    """The operation that a request calls, and what its path and body name."""
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
