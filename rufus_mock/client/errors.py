"""The exceptions of the client."""

from collections.abc import Mapping
from typing import Any

from ..spec.operations import Operation
from .reply import Reply
from .sending import LimitReached


class RufusError(Exception):
    """The base class of the client's exceptions."""


class NoAnswer(RufusError):
    """There was no complete response: DNS, the connection or TLS failed, it ended early, or it was not HTTP.

    sent, received: how many bytes of the request were sent, and how many of a response arrived, if that is known. See
    also __cause__, the exception of requests.
    """

    def __init__(self, message: str, sent: int = 0, received: int = 0) -> None:
        super().__init__(message)
        self.sent = sent
        self.received = received


class LimitExceeded(NoAnswer):
    """The response took too long or was too large, or the run has reached its deadline: see Limits."""


class TooManyPages(RufusError):
    """A list did not end within the number of pages that Limits allows."""


class UnreadableAnswer(RufusError):
    """The response is not one of the API: HTML, invalid JSON, or the wrong dialect. reply: the response."""

    def __init__(self, message: str, reply: Reply) -> None:
        super().__init__(message)
        self.reply = reply


class ApiError(RufusError):
    """The API responded with an error. status, description, body and reply hold the response."""

    def __init__(self, reply: Reply) -> None:
        self.reply = reply
        self.status = reply.status
        self.body: Mapping[str, Any] = reply.fields
        description = self.body.get("description")
        self.description: str | None = description if isinstance(description, str) else None
        super().__init__(f"{reply.method} {reply.url}: {self.status} {self.description or 'without a description'}")


class BadRequest(ApiError):
    """400: a required parameter is missing or wrong."""


class Forbidden(ApiError):
    """403: the key is unknown or does not permit this operation."""


class NotFound(ApiError):
    """404: the base class of the errors for what does not exist."""


class DeviceNotFound(NotFound):
    """The company has no such device."""


class SessionNotFound(NotFound):
    """The company has no such session."""


class SessionsNotFound(NotFound):
    """The device has no sessions, or no active session."""


class SessionNotFoundOrClosed(NotFound):
    """The session that passings were sent to is unknown or closed."""


class PassingsNotFound(NotFound):
    """No passings in this range, or on this page."""


class DeviceAlreadyBound(ApiError):
    """409: the company already has a device with this model and serial number. deviceid: its deviceid, if sent."""

    @property
    def deviceid(self) -> str | None:
        deviceid = self.body.get("deviceid")
        return deviceid if isinstance(deviceid, str) else None


_BY_NAME: dict[str, type[ApiError]] = {
    kind.__name__: kind
    for kind in (
        DeviceNotFound,
        SessionNotFound,
        SessionsNotFound,
        SessionNotFoundOrClosed,
        PassingsNotFound,
        DeviceAlreadyBound,
    )
}
_BY_STATUS: dict[int, type[ApiError]] = {400: BadRequest, 403: Forbidden, 404: NotFound, 409: DeviceAlreadyBound}


def error_of(operation: Operation, reply: Reply) -> ApiError:
    """The exception for an error response: by the operation's documented errors, otherwise by the status."""
    text = reply.fields.get("description")
    for answer in operation.errors.values():
        if (answer.status, answer.text) == (reply.status, text) and answer.name in _BY_NAME:
            return _BY_NAME[answer.name](reply)
    return _BY_STATUS.get(reply.status, ApiError)(reply)


def reason(error: BaseException) -> str:
    """The innermost cause of an exception of requests, on one line; for a limit, which one was reached."""
    if isinstance(error, LimitReached):
        return str(error)
    seen: list[BaseException] = [error]
    while True:
        last = seen[-1]
        inner = getattr(last, "reason", None) or last.__cause__ or last.__context__
        if inner is None and last.args and isinstance(last.args[0], BaseException):
            inner = last.args[0]
        if not isinstance(inner, BaseException) or inner in seen:
            break
        seen.append(inner)
    deepest = seen[-1]
    text = getattr(deepest, "strerror", None) or str(deepest) or type(deepest).__name__
    return " ".join(str(text).split())
