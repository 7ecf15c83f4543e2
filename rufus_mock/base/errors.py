"""The errors of the API. The world and the views raise them, and web/request/answers.py renders them.

The classes define no statuses or texts. These are in `schemas/`, in the schema whose `x-error`, or else `title`, is the
name of the class. The keyword arguments are the fields that the body can repeat; the schema says which it does.
"""

from typing import Any, Self


class ApiError(Exception):
    """Base of all errors that have a body in the contract. status replaces the one in the contract, if it is set."""

    status: int | None = None

    def __init__(self, **fields: Any) -> None:
        super().__init__(fields)
        self.fields = fields

    def with_status(self, status: int) -> Self:
        """This error, answered with another status."""
        self.status = status
        return self


class DeviceNotFound(ApiError):
    """The company has no such device. Carries deviceid."""


class DeviceAlreadyBound(ApiError):
    """The company has already bound this serial number and model. Carries the deviceid of that device."""


class DeviceAlreadyBoundReworded(ApiError):
    """The same with another text. Carries the deviceid of that device."""


class DevicesNotFound(ApiError):
    """The company has no devices, or none on this page."""


class SessionNotFound(ApiError):
    """The company has no such session. Carries token_session."""


class SessionAlreadyClosed(ApiError):
    """A closed session was closed again. Carries token_session."""


class SessionNotFoundOrClosed(ApiError):
    """Passings were sent to a session that is unknown or closed. Carries token_session."""


class SessionNotFoundOrClosedWithoutToken(SessionNotFoundOrClosed):
    """The same, answered without the token_session."""


class PassingsAlreadyInserted(ApiError):
    """An insert repeats a num_passing. Carries token_session."""


class SessionsNotFound(ApiError):
    """The device is unknown, has no sessions, or has no active session. Carries deviceid."""


class PassingsNotFound(ApiError):
    """The range or page contains no passings. Carries deviceid or token_session."""


class EventsNotFound(ApiError):
    """The company has no events, or none on this page."""


class BadRequest(ApiError):
    """A parameter is missing or invalid. Carries errors: a list of Problem.as_dict()."""


class MissingApiKey(ApiError):
    """Neither header contains a key. Carries errors."""


class UnknownApiKey(ApiError):
    """The key belongs to no company."""


class WrongAccessType(ApiError):
    """The key may not call this operation."""


class OtherCompany(ApiError):
    """The device or session belongs to another company. Only a variant of an assumption has this error."""


class MissingAuthenticationToken(ApiError):
    """No operation has this path or method, in the words of an API gateway. Only a variant has this error."""


class UnsupportedMediaType(ApiError):
    """The Content-Type is not JSON. Only a variant of an assumption has this error."""


class PathNotFound(ApiError):
    """No operation has this path."""


class MethodNotAllowed(ApiError):
    """The path exists, but not with this method. Carries allowed: a list of methods."""


class ContentTooLarge(ApiError):
    """The body is larger than the server accepts. Carries limit, in bytes."""


class InternalError(ApiError):
    """A defect of the mock."""


class CompanyNotFound(ApiError):
    """No company has this id. Carries id."""


class FaultNotFound(ApiError):
    """The company has no such fault. Carries id."""


class MissingAdminToken(ApiError):
    """The admin API requires its token, and this request has none or a wrong one."""


class CrossOrigin(ApiError):
    """A page of another origin called the admin API."""


class HostNotAllowed(ApiError):
    """The admin API was called by a host name that public DNS can resolve. Carries host, the Host header."""


class TooManyRequests(ApiError):
    """A company's quota is used up. Carries retry_after, in seconds."""


class Withheld(ApiError):
    """A fault withheld the answer forever, and that fault has ended."""
