"""A typed client for the RUFUS Cloud Public API v0. It works with the live API and with the mock.

    client = RufusClient("https://api.runonrufus.com/v0", api_key)
    for device in client.devices():
        print(device["alias"], device["sessions"])

It may import spec/ for paths, statuses and texts. It must not know whether the server is the mock or the live API.

It is built on requests: pip install "rufus-mock[contract]".
"""

from .calls import KEY_HEADERS, LIVE, TIMEOUT, KeyHeader, exchange, no_answer, specification
from .client import RufusClient
from .errors import (
    ApiError,
    BadRequest,
    DeviceAlreadyBound,
    DeviceNotFound,
    Forbidden,
    LimitExceeded,
    NoAnswer,
    NotFound,
    PassingsNotFound,
    RufusError,
    SessionNotFound,
    SessionNotFoundOrClosed,
    SessionsNotFound,
    TooManyPages,
    UnreadableAnswer,
    reason,
)
from .limits import Deadline, Limits
from .reply import Reply
from .sending import BoundedAdapter, BoundedSession
from .strict_json import parse
from .types import (
    Continued,
    Device,
    DeviceSummary,
    EventSummary,
    Inserted,
    Passing,
    PassingInput,
    Session,
    SessionSummary,
)

__all__ = [
    "KEY_HEADERS",
    "LIVE",
    "TIMEOUT",
    "ApiError",
    "BadRequest",
    "BoundedAdapter",
    "BoundedSession",
    "Continued",
    "Deadline",
    "Device",
    "DeviceAlreadyBound",
    "DeviceNotFound",
    "DeviceSummary",
    "EventSummary",
    "Forbidden",
    "Inserted",
    "KeyHeader",
    "LimitExceeded",
    "Limits",
    "NoAnswer",
    "NotFound",
    "Passing",
    "PassingInput",
    "PassingsNotFound",
    "Reply",
    "RufusClient",
    "RufusError",
    "Session",
    "SessionNotFound",
    "SessionNotFoundOrClosed",
    "SessionSummary",
    "SessionsNotFound",
    "TooManyPages",
    "UnreadableAnswer",
    "exchange",
    "no_answer",
    "parse",
    "reason",
    "specification",
]
