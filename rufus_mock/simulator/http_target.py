"""Sends to a server over HTTP with the client. A request is retried unless the server clearly refuses it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, cast

import requests

from ..client import (
    ApiError,
    BoundedSession,
    DeviceAlreadyBound,
    Limits,
    PassingInput,
    RufusClient,
    RufusError,
    exchange,
    parse,
    reason,
)
from ..client.retry_after import retry_after
from ..race import Device
from .targets import Refused, Unavailable

MARK = "x-mock"
"""A member of `info` in /openapi.json that only the mock has."""

_TIMEOUT = (5.0, 15.0)
_RETRYABLE = frozenset({408, 425, 429})


class HttpTarget:
    """A server that speaks the API. Each device uses its own target and therefore its own connection.

    timeout: seconds to connect, and seconds without a byte of the response.
    """

    def __init__(self, base_url: str, api_key: str, timeout: tuple[float, float] = _TIMEOUT) -> None:
        self._client = RufusClient(base_url, api_key, timeout=timeout)

    def bind(self, device: Device) -> str:
        with _translated_errors():
            try:
                return self._client.bind_device(
                    device.model, device.serial_number, device.type, device.alias, device.firmware
                )
            except DeviceAlreadyBound as error:
                if error.deviceid is None:
                    raise Refused("the device is already bound, but the response has no deviceid") from error
                return error.deviceid

    def open(self, deviceid: str, alias: str) -> str:
        with _translated_errors():
            return self._client.open_session(deviceid, alias)

    def insert(self, token_session: str, passings: Sequence[dict[str, Any]]) -> int:
        with _translated_errors():
            answer = self._client.insert_passings(token_session, cast(Sequence[PassingInput], passings))
            count: object = answer.get("inserted_count")
            return count if isinstance(count, int) else len(passings)

    def close(self, token_session: str) -> None:
        with _translated_errors():
            self._client.close_session(token_session)


def is_mock(base_url: str, limits: Limits | None = None) -> bool:
    """Whether the server's /openapi.json says that it is the mock. Sends no key.

    The URL proves nothing: "localhost" may be a tunnel to the live API. Raises Unavailable if there is no response.
    """
    root = base_url.rstrip("/").removesuffix("/v0")
    limits = limits or Limits()
    try:
        with BoundedSession(limits) as session:
            answer = exchange(session, limits, "GET", root + "/openapi.json", timeout=_TIMEOUT)
    except requests.RequestException as error:
        raise Unavailable(reason(error)) from error
    try:
        document = parse(answer.content)
    except ValueError:
        return False
    info = document.get("info") if isinstance(document, dict) else None
    return answer.status_code == 200 and isinstance(info, dict) and info.get(MARK) == "rufus-mock"


@contextmanager
def _translated_errors() -> Iterator[None]:
    try:
        yield
    except ApiError as error:
        if error.status >= 500 or error.status in _RETRYABLE:
            raise Unavailable(_message(error), retry_after(error.reply.headers)) from error
        raise Refused(_message(error)) from error
    except RufusError as error:
        raise Unavailable(str(error)) from error


def _message(error: ApiError) -> str:
    return f"{error.status} {error.description or 'without a description'}"
