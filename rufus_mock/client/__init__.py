"""A typed client for the RUFUS Cloud Public API v0. It works with the live API and with the mock.

    client = RufusClient("https://api.runonrufus.com/v0", api_key)
    for device in client.devices():
        print(device["alias"], device["sessions"])

It may import spec/ for paths, statuses and texts. It must not know whether the server is the mock or the live API.

It is built on requests: pip install "rufus-mock[contract]".
"""

from .calls import KEY_HEADERS, LIVE, TIMEOUT, KeyHeader, specification
from .client import RufusClient
from .errors import (
    ApiError,
    BadRequest,
    DeviceAlreadyBound,
    DeviceNotFound,
    Forbidden,
    NoAnswer,
    NotFound,
    PassingsNotFound,
    RufusError,
    SessionNotFound,
    SessionNotFoundOrClosed,
    SessionsNotFound,
    UnreadableAnswer,
    reason,
)
from .reply import Reply
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
    "Continued",
    "Device",
    "DeviceAlreadyBound",
    "DeviceNotFound",
    "DeviceSummary",
    "EventSummary",
    "Forbidden",
    "Inserted",
    "KeyHeader",
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
    "UnreadableAnswer",
    "reason",
    "specification",
]
