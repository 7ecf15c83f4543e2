"""Sends requests and reads responses: what all operations of the client have in common."""

import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from types import TracebackType
from typing import Any, Literal, Self
from urllib.parse import quote

import requests

from ..spec.contract import Contract
from ..spec.dialects import DIALECTS
from .errors import (
    LimitExceeded,
    NoAnswer,
    PassingsNotFound,
    RufusError,
    TooManyPages,
    UnreadableAnswer,
    error_of,
    reason,
)
from .limits import Exceeded, Limits, Meter
from .reply import Reply
from .sending import BoundedSession, LimitReached, read

LIVE = "https://api.runonrufus.com/v0"
KEY_HEADERS = ("api_key", "x-api-key")
TIMEOUT = (5.0, 30.0)
"""Seconds to connect, and seconds without a byte of the response."""

KeyHeader = Literal["api_key", "x-api-key"]


@cache
def specification() -> Contract:
    """The contract, loaded at the first call and then shared."""
    return Contract()


class Caller:
    """The base of RufusClient: calls any operation with one key. Raises ValueError for an unknown dialect or header."""

    def __init__(
        self,
        base_url: str = LIVE,
        api_key: str | None = None,
        *,
        dialect: str | None = None,
        key_header: KeyHeader = "api_key",
        timeout: float | tuple[float, float] = TIMEOUT,
        session: requests.Session | None = None,
        limits: Limits | None = None,
    ) -> None:
        if dialect is not None and dialect not in DIALECTS:
            raise ValueError(f"dialect: must be {' or '.join(DIALECTS)}, or None, not {dialect!r}")
        if key_header not in KEY_HEADERS:
            raise ValueError(f"key_header: must be {' or '.join(KEY_HEADERS)}, not {key_header!r}")
        self.base_url = base_url.rstrip("/")
        self.dialect = dialect
        self.key_header = key_header
        self._api_key = api_key
        self._timeout = timeout
        self._limits = limits or Limits()
        self._session = session or BoundedSession(self._limits)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.base_url!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def send(
        self,
        operation_id: str,
        *,
        path: Mapping[str, str] | None = None,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
    ) -> Reply:
        """Call an operation with any parameters, valid or not, and return the response unchanged. Raises NoAnswer.

        operation_id: its operationId in the OpenAPI document. body: bytes are sent as they are, anything else as JSON.
        """
        operation = specification().operations[operation_id]
        url = self.base_url + operation.path.format_map({k: quote(v, safe="") for k, v in (path or {}).items()})
        headers = {"Accept": "application/json"}
        if self._api_key is not None:
            headers[self.key_header] = self._api_key
        content = _content(body)
        if content is not None:
            headers["Content-Type"] = "application/json"
        try:
            response = exchange(
                self._session,
                self._limits,
                operation.method,
                url,
                params={name: str(value) for name, value in (query or {}).items()},
                data=content,
                headers=headers,
                timeout=self._timeout,
            )
        except requests.RequestException as error:
            raise no_answer(f"{operation.method} {url}", error) from error
        sent = content.decode(errors="replace") if content is not None else None
        return Reply(
            operation.method,
            response.request.url or url,
            sent,
            response.status_code,
            response.headers,
            response.content,
        )

    def _call(self, operation_id: str, **parameters: Any) -> dict[str, Any]:
        """The body of a successful response. Raises ApiError, UnreadableAnswer, NoAnswer."""
        reply = self.send(operation_id, **parameters)
        dialect = reply.dialect
        if reply.status >= 400 and dialect is None:
            raise error_of(specification().operations[operation_id], reply)
        if dialect is None or (self.dialect is not None and dialect != self.dialect):
            why = f" ({reply.json_error})" if reply.json_error else ""
            expected = f"the dialect {self.dialect!r}" if dialect else f"a JSON object{why}"
            raise UnreadableAnswer(
                f"{reply.method} {reply.url}: {reply.status}, expected {expected}, found {reply.content[:80]!r}", reply
            )
        if reply.status >= 300:
            raise error_of(specification().operations[operation_id], reply)
        if not isinstance(reply.body, dict):
            raise UnreadableAnswer(f"{reply.method} {reply.url}: the body is not an object", reply)
        return reply.body

    def _field(self, operation_id: str, name: str, **parameters: Any) -> Any:
        body = self._call(operation_id, **parameters)
        try:
            return body[name]
        except KeyError:
            raise RufusError(f"{operation_id}: the response has no {name}") from None

    def _text(self, operation_id: str, name: str, **parameters: Any) -> str:
        value = self._field(operation_id, name, **parameters)
        if not isinstance(value, str):
            raise RufusError(f"{operation_id}: {name} is not a text")
        return value

    def _object(self, operation_id: str, path: Mapping[str, str]) -> Any:
        result = self._field(operation_id, "result", path=path)
        if not isinstance(result, dict):
            raise RufusError(f"{operation_id}: the result is not an object")
        return result

    def _list(self, operation_id: str, path: Mapping[str, str]) -> list[Any]:
        return _objects(self._field(operation_id, "result", path=path), operation_id)

    def _one(self, operation_id: str, path: Mapping[str, str]) -> Any:
        result = self._list(operation_id, path)
        if len(result) != 1:
            raise RufusError(f"{operation_id}: the result has {len(result)} entries, expected 1")
        return result[0]

    def _pages(self, operation_id: str, get_page: Callable[[int], dict[str, Any]]) -> Iterator[Any]:
        """The entries of all pages. A short page does not prove the end, because pages hold *at most* 5000."""
        previous: list[Any] = []
        for page in range(1, self._limits.pages + 1):
            try:
                body = get_page(page)
            except PassingsNotFound:
                return
            pagination = body.get("pagination")
            # In the dialect openapi a list need not have a result, only its pagination.
            entries = _objects(body.get("result", None if pagination is None else []), operation_id)
            # A server without paging returns the same page again.
            if not entries or entries == previous:
                return
            yield from entries
            if isinstance(pagination, dict) and pagination.get("has_more") is False:
                return
            previous = entries
        raise TooManyPages(f"{operation_id}: the list does not end within {self._limits.pages} pages")


def exchange(session: requests.Session, limits: Limits, method: str, url: str, **parameters: Any) -> requests.Response:
    """Send one request and read its answer within the limits. Raises exceptions of requests.

    A BoundedSession keeps all limits. In another session, only the body is limited.
    """
    meter = Meter(limits)
    try:
        # Following a redirect would send the key to another server.
        response = session.request(method, url, stream=True, allow_redirects=False, **parameters)
        read(response, meter)
    except Exceeded as error:
        raise LimitReached(str(error)) from error
    except requests.RequestException:
        raise
    except ValueError as error:  # requests parses the Location of a redirect although it is not followed
        raise requests.ConnectionError(error) from error
    return response


def no_answer(request: str, error: requests.RequestException) -> NoAnswer:
    """The exception for a request that got no complete answer. request: its method and URL."""
    kind = LimitExceeded if isinstance(error, LimitReached) else NoAnswer
    sent, received = getattr(error, "sent", 0), getattr(error, "received", 0)
    return kind(f"{request}: no response: {reason(error)}", sent, received)


def _objects(result: Any, operation_id: str) -> list[Any]:
    """A result that must be a list of objects. Raises RufusError."""
    if not isinstance(result, list):
        raise RufusError(f"{operation_id}: the result is not a list")
    if not all(isinstance(entry, dict) for entry in result):
        raise RufusError(f"{operation_id}: an entry of the result is not an object")
    return result


def _content(body: Any) -> bytes | None:
    """A body as it is sent: bytes unchanged, anything else as JSON."""
    if body is None or isinstance(body, bytes):
        return body
    return json.dumps(body, separators=(",", ":")).encode()
