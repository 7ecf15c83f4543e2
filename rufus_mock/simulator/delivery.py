"""The devices of a race at work: a thread each, that sends what its device sends when its device sends it.

What was acknowledged is never sent again but where the race says so; what was not acknowledged is sent until it is. A
num_passing stays with its passing through all of this, so that the server can tell what it has.
"""

import random
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from ..race import Device
from .race_clock import RaceClock
from .targets import MakeTarget, Refused, Target, Unavailable

Result = TypeVar("Result")

PATIENCE = 120.0
"""Seconds for which a request is tried."""

_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 5.0
_CLOSING = 5.0
"""Seconds for which the close of a session is tried once the race was stopped."""

WAITING, LINKING, SENDING, OFFLINE, DONE, FAILED = "waiting", "linking", "sending", "offline", "done", "failed"


@dataclass
class Count:
    """What one device has done. sent: passings acknowledged; again: those of them that the server had already."""

    total: int
    sent: int = 0
    again: int = 0
    requests: int = 0
    retries: int = 0
    refused: int = 0
    state: str = WAITING
    error: str = ""
    closed: bool = False

    @property
    def pending(self) -> int:
        """Passings that are not acknowledged, among them those to come."""
        return self.total - self.sent - self.refused


class _Stopped(Exception):
    """The race was stopped."""


class _GaveUp(Exception):
    """A request failed for as long as patience lasts."""


class DeviceThread:
    """One device: binds, opens its session, sends, closes."""

    def __init__(
        self,
        device: Device,
        make_target: MakeTarget,
        clock: RaceClock,
        stop: threading.Event,
        ready: Callable[[], None],
        *,
        patience: float,
        keep_open: bool,
    ) -> None:
        self.device = device
        self.count = Count(sum(len(delivery.passings) for delivery in device.deliveries))
        self.deviceid: str | None = None
        self.token_session: str | None = None
        self._make_target = make_target
        self._clock = clock
        self._stop = stop
        self._ready = ready
        self._patience = patience
        self._keep_open = keep_open
        self.thread = threading.Thread(target=self._run, name=device.point, daemon=True)

    def _run(self) -> None:
        target = self._make_target()
        self.count.state = LINKING
        try:
            try:
                self.deviceid = self._insisting(lambda: target.bind(self.device))
                deviceid = self.deviceid
                self.token_session = self._insisting(lambda: target.open(deviceid, self.device.alias))
            finally:
                self._ready()
            self._send(target, self.token_session)
        except (_GaveUp, Refused) as error:
            self._failed(error)
        except _Stopped:
            pass
        finally:
            if self.token_session is not None and not self._keep_open:
                self._close(target, self.token_session)
        if self.count.state != FAILED:
            self.count.state = DONE

    def _send(self, target: Target, token_session: str) -> None:
        count = self.count
        for delivery in self.device.deliveries:
            count.state = self._doing()
            if not self._clock.wait(delivery.at, self._stop):
                return
            count.state = SENDING
            passings = [self.device.as_sent(passing) for passing in delivery.passings]
            try:
                new = self._insisting(partial(target.insert, token_session, passings))
            except Refused as error:
                count.refused += len(passings)
                count.error = str(error)
            else:
                count.sent += len(passings)
                count.again += len(passings) - new

    def _doing(self) -> str:
        offline = self.device.offline
        return OFFLINE if offline and offline[0] <= self._clock.now() < offline[1] else WAITING

    def _insisting(self, ask: Callable[[], Result], closing: bool = False) -> Result:
        """Ask until there is an answer, with pauses that grow. Raises Refused; _GaveUp; _Stopped, if not closing."""
        begun = time.monotonic()
        pause = _FIRST_PAUSE
        while True:
            self.count.requests += 1
            try:
                return ask()
            except Unavailable as error:
                self.count.retries += 1
                self.count.error = str(error)
                # Spread out, so that devices which failed together do not come back together.
                wait = max(error.retry_after or 0, pause * random.uniform(0.5, 1))
                patience = _CLOSING if closing and self._stop.is_set() else self._patience
                if time.monotonic() + wait > begun + patience:
                    raise _GaveUp(f"gave up: {error}") from error
            if self._stop.is_set() and closing:
                time.sleep(wait)
            elif self._stop.wait(wait) and not closing:
                raise _Stopped
            pause = min(pause * 2, _LONGEST_PAUSE)

    def _close(self, target: Target, token_session: str) -> None:
        try:
            self._insisting(lambda: target.close(token_session), closing=True)
            self.count.closed = True
        except (_GaveUp, Refused) as error:
            self._failed(error)

    def _failed(self, error: Exception) -> None:
        self.count.state = FAILED
        self.count.error = str(error)


class Run:
    """A race under way. The race begins once each device has its session, or has failed to get one."""

    def __init__(
        self,
        devices: Sequence[Device],
        make_target: MakeTarget,
        clock: RaceClock,
        *,
        patience: float = PATIENCE,
        keep_open: bool = False,
    ) -> None:
        self.clock = clock
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._missing = len(devices)
        self.devices = [
            DeviceThread(
                device, make_target, clock, self._stop, self._one_ready, patience=patience, keep_open=keep_open
            )
            for device in devices
        ]
        self._begun = threading.Event()

    def start(self) -> None:
        """Begin, on threads of its own."""
        for device in self.devices:
            device.thread.start()

    def stop(self) -> None:
        """Send no more, and close the sessions. Returns at once; join() waits for it."""
        self._stop.set()
        self._begun.set()

    def join(self, timeout: float | None = None) -> bool:
        """Wait for the end; whether it has come."""
        until = None if timeout is None else time.monotonic() + timeout
        for device in self.devices:
            device.thread.join(None if until is None else max(until - time.monotonic(), 0))
        return not any(device.thread.is_alive() for device in self.devices)

    @property
    def stopped(self) -> bool:
        """Whether it was stopped before its end."""
        return self._stop.is_set()

    @property
    def complete(self) -> bool:
        """Whether all passings were acknowledged."""
        return all(device.count.pending == device.count.refused == 0 for device in self.devices)

    def _one_ready(self) -> None:
        with self._lock:
            self._missing -= 1
            last = not self._missing
        if last:
            self.clock.begin()
            self._begun.set()
        self._begun.wait()
