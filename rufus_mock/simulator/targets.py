"""Where devices send to: a world in this process, or (http_target.py) a server."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

from .. import errors
from ..race import Device
from ..world import Company
from ..world.passings import passing

Answer = TypeVar("Answer")


class Unavailable(Exception):
    """No answer that can be trusted: what was asked may be done or not, and can be asked again.

    Carries retry_after, in seconds, if the server said so.
    """

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Refused(Exception):
    """The server understood and said no. To ask again would change nothing."""


class Target(Protocol):
    """What a device asks for. All raise Unavailable and Refused."""

    def bind(self, device: Device) -> str:
        """The deviceid, also of a device that is bound already."""

    def open(self, deviceid: str, alias: str) -> str:
        """The token_session."""

    def insert(self, token_session: str, passings: Sequence[dict[str, Any]]) -> int:
        """How many of them are new."""

    def close(self, token_session: str) -> None:
        """Close the session."""


MakeTarget = Callable[[], Target]


class WorldTarget:
    """A company of a world in this process."""

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
        return self._asked(lambda: self._company.sessions.open(deviceid, alias).token_session)

    def insert(self, token_session: str, passings: Sequence[dict[str, Any]]) -> int:
        return self._asked(lambda: self._company.passings.insert(token_session, [passing(entry) for entry in passings]))

    def close(self, token_session: str) -> None:
        self._asked(lambda: self._company.sessions.close(token_session))

    def _asked(self, ask: Callable[[], Answer]) -> Answer:
        try:
            return ask()
        except errors.ApiError as error:
            raise Refused(type(error).__name__) from error
