"""Runs a race: one thread per device sends the device's requests at their race times.

A request is repeated until the server acknowledges it. An acknowledged request is repeated only where the race says so.
A passing keeps its num_passing through all retries, so the server can recognise duplicates.
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
"""Seconds to keep retrying a request."""

_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 5.0
_CLOSE_PATIENCE = 5.0
"""Seconds to keep trying to close a session after the race was stopped."""

WAITING, LINKING, SENDING, OFFLINE, DONE, FAILED = "waiting", "linking", "sending", "offline", "done", "failed"


@dataclass
class Count:
    """What one device has done so far. sent: acknowledged passings. again: those that the server already had."""

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
        """Passings that are not acknowledged yet, including those that are not sent yet."""
        return self.total - self.sent - self.refused


class _Stopped(Exception):
    """Raised to leave a device's thread when the race is stopped."""


class _GaveUp(Exception):
    """A request failed until its patience was used up."""


class DeviceThread:
    """Binds one device, opens its session, sends its passings and closes the session."""

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
                self.deviceid = self._retry(lambda: target.bind(self.device))
                deviceid = self.deviceid
                self.token_session = self._retry(lambda: target.open(deviceid, self.device.alias))
            finally:
                self._ready()
            self._send(target, self.token_session)
        except (_GaveUp, Refused) as error:
            self._fail(error)
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
            count.state = self._waiting_state()
            if not self._clock.wait(delivery.at, self._stop):
                return
            count.state = SENDING
            passings = [self.device.as_sent(passing) for passing in delivery.passings]
            try:
                new = self._retry(partial(target.insert, token_session, passings))
            except Refused as error:
                count.refused += len(passings)
                count.error = str(error)
            else:
                count.sent += len(passings)
                count.again += len(passings) - new

    def _waiting_state(self) -> str:
        offline = self.device.offline
        return OFFLINE if offline and offline[0] <= self._clock.now() < offline[1] else WAITING

    def _retry(self, request: Callable[[], Result], closing: bool = False) -> Result:
        """Repeat a request, with growing pauses, until it succeeds.

        Raises Refused, _GaveUp and, unless it closes a session, _Stopped.
        """
        started = time.monotonic()
        pause = _FIRST_PAUSE
        while True:
            self.count.requests += 1
            try:
                return request()
            except Unavailable as error:
                self.count.retries += 1
                self.count.error = str(error)
                # Jitter, so that devices that failed at the same time do not retry at the same time.
                wait = max(error.retry_after or 0, pause * random.uniform(0.5, 1))
                patience = _CLOSE_PATIENCE if closing and self._stop.is_set() else self._patience
                if time.monotonic() + wait > started + patience:
                    raise _GaveUp(f"gave up: {error}") from error
            if self._stop.is_set() and closing:
                time.sleep(wait)
            elif self._stop.wait(wait) and not closing:
                raise _Stopped
            pause = min(pause * 2, _LONGEST_PAUSE)

    def _close(self, target: Target, token_session: str) -> None:
        try:
            self._retry(lambda: target.close(token_session), closing=True)
            self.count.closed = True
        except (_GaveUp, Refused) as error:
            self._fail(error)

    def _fail(self, error: Exception) -> None:
        self.count.state = FAILED
        self.count.error = str(error)


class Run:
    """A running race. The race clock starts when every device has opened its session or has failed to do so.

    patience: seconds to keep retrying a request. keep_open: leave the sessions open after the race.
    """

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
        self._not_ready = len(devices)
        self.devices = [
            DeviceThread(
                device, make_target, clock, self._stop, self._device_ready, patience=patience, keep_open=keep_open
            )
            for device in devices
        ]
        self._started = threading.Event()

    def start(self) -> None:
        """Start the threads of the devices and return."""
        for device in self.devices:
            device.thread.start()

    def stop(self) -> None:
        """Stop sending and close the sessions. Returns immediately; join() waits until it is done."""
        self._stop.set()
        self._started.set()

    def join(self, timeout: float | None = None) -> bool:
        """Wait until all devices are done, for `timeout` seconds at most. Returns whether they are."""
        until = None if timeout is None else time.monotonic() + timeout
        for device in self.devices:
            device.thread.join(None if until is None else max(until - time.monotonic(), 0))
        return not any(device.thread.is_alive() for device in self.devices)

    @property
    def stopped(self) -> bool:
        """Whether stop() was called."""
        return self._stop.is_set()

    @property
    def complete(self) -> bool:
        """Whether the server has acknowledged all passings."""
        return all(device.count.pending == device.count.refused == 0 for device in self.devices)

    def _device_ready(self) -> None:
        with self._lock:
            self._not_ready -= 1
            last = not self._not_ready
        if last:
            self.clock.start()
            self._started.set()
        self._started.wait()
