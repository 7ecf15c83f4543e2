"""The targets that devices send to: a world in this process, or a server (http_target.py)."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

from ..base import errors
from ..race import Device
from ..world import Company

Result = TypeVar("Result")


class Unavailable(Exception):
    """There was no trustworthy response: the request may or may not have taken effect, and can be repeated.

    retry_after: the server's Retry-After in seconds, if it sent one.
    """

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Refused(Exception):
    """The server refused the request. Repeating it would not help."""


class Target(Protocol):
    """The calls that a device makes. Each raises Unavailable or Refused if it fails."""

    def bind(self, device: Device) -> str:
        """Bind the device, or find it if it is already bound. Returns its deviceid."""

    def open(self, deviceid: str, alias: str) -> str:
        """Open a session. Returns its token_session."""

    def insert(self, token_session: str, passings: Sequence[dict[str, Any]]) -> int:
        """Insert passings. Returns how many of them are new."""

    def close(self, token_session: str) -> None:
        """Close the session."""


MakeTarget = Callable[[], Target]


class WorldTarget:
    """A company in a world in this process. It is always available, so it only raises Refused."""

    def __init__(self, company: Company) -> None:
        self._company = company

    def bind(self, device: Device) -> str:
        try:
            return self._company.devices.bind(
                device.model, device.serial_number, device.type, device.alias, device.firmware
            ).deviceid
        except errors.DeviceAlreadyBound as error:
            return str(error.fields["deviceid"])

    def open(self, deviceid: str, alias: str) -> str:
        return self._call(lambda: self._company.sessions.open(deviceid, alias).token_session)

    def insert(self, token_session: str, passings: Sequence[dict[str, Any]]) -> int:
        read = self._company.passings.read
        return self._call(lambda: self._company.passings.insert(token_session, list(map(read, passings))).new)

    def close(self, token_session: str) -> None:
        self._call(lambda: self._company.sessions.close(token_session))

    def _call(self, action: Callable[[], Result]) -> Result:
        try:
            return action()
        except errors.ApiError as error:
            raise Refused(type(error).__name__) from error
