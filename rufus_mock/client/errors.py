"""The exceptions of the client."""

from collections.abc import Mapping
from typing import Any

from ..spec.operations import Operation
from .reply import Reply


class RufusError(Exception):
    """The base class of the client's exceptions."""


class NoAnswer(RufusError):
    """There was no response: DNS, the connection or TLS failed, or the request timed out. See __cause__."""


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
        self.description: str | None = self.body.get("description")
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
        return self.body.get("deviceid")


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
    """The innermost cause of an exception of requests, on one line."""
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
