"""The errors that the API answers with. The world and the views raise them, `http.answers` renders them.

A class holds no status and no text: both stand in `schemas/`, in the schemas whose `x-error`, or else `title`, is the
class's name. The keyword arguments are the fields that the body may echo; the schema says which of them it does.
"""

from typing import Any


class ApiError(Exception):
    """Base of all errors that have a body in the contract."""

    def __init__(self, **fields: Any) -> None:
        super().__init__(fields)
        self.fields = fields


class DeviceNotFound(ApiError):
    """The company has bound no such device. Carries deviceid."""


class DeviceAlreadyBound(ApiError):
    """The company has bound this serial number and model before. Carries the deviceid that it has."""


class SessionNotFound(ApiError):
    """The company has no such session. Carries token_session."""


class SessionNotFoundOrClosed(ApiError):
    """Passings were sent to a session that is unknown or closed. Carries token_session."""


class SessionsNotFound(ApiError):
    """The device is unknown, has no sessions, or none that is active. Carries deviceid."""


class PassingsNotFound(ApiError):
    """The range or the page holds no passings. Carries deviceid or token_session."""


class BadRequest(ApiError):
    """A parameter is missing or wrong. Carries errors: a list of Problem.as_dict()."""


class MissingApiKey(ApiError):
    """No key arrived in either header. Carries errors."""


class UnknownApiKey(ApiError):
    """The key belongs to no company."""


class WrongAccessType(ApiError):
    """The key may not call this operation."""


class PathNotFound(ApiError):
    """No operation has this path."""


class MethodNotAllowed(ApiError):
    """The path knows other methods. Carries allowed: a list of methods."""


class ContentTooLarge(ApiError):
    """The body is larger than the server takes. Carries limit, in bytes."""


class InternalError(ApiError):
    """A defect of the mock."""


class CompanyNotFound(ApiError):
    """No company has this id. Carries id."""


class FaultNotFound(ApiError):
    """The company has no such fault. Carries id."""


class MissingAdminToken(ApiError):
    """The admin API wants its token, and this request brought none, or another."""


class CrossOrigin(ApiError):
    """A page of another origin called the admin API."""


class HostNotAllowed(ApiError):
    """The admin API was called by a host that public DNS can name. Carries host, the Host header."""


class TooManyRequests(ApiError):
    """A company's quota is used up. Carries retry_after, in seconds."""


class Withheld(ApiError):
    """An answer was never to come, and the fault that kept it back has ended."""
