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
from .errors import NoAnswer, PassingsNotFound, RufusError, UnreadableAnswer, error_of, reason
from .reply import Reply

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
        self._session = session or requests.Session()

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
            response = self._session.request(
                operation.method,
                url,
                params={name: str(value) for name, value in (query or {}).items()},
                data=content,
                headers=headers,
                timeout=self._timeout,
                # Following a redirect would send the key to another server.
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise NoAnswer(f"{operation.method} {url}: no response: {reason(error)}") from error
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
            expected = f"the dialect {self.dialect!r}" if dialect else "a JSON object"
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

    def _list(self, operation_id: str, path: Mapping[str, str]) -> list[Any]:
        result = self._field(operation_id, "result", path=path)
        if not isinstance(result, list):
            raise RufusError(f"{operation_id}: the result is not a list")
        return result

    def _one(self, operation_id: str, path: Mapping[str, str]) -> Any:
        result = self._list(operation_id, path)
        if len(result) != 1:
            raise RufusError(f"{operation_id}: the result has {len(result)} entries, expected 1")
        return result[0]

    def _pages(self, get_page: Callable[[int], dict[str, Any]]) -> Iterator[Any]:
        """The entries of all pages. A short page does not prove the end, because pages hold *at most* 5000."""
        previous: list[Any] = []
        page = 1
        while True:
            try:
                body = get_page(page)
            except PassingsNotFound:
                return
            pagination = body.get("pagination")
            # In the dialect openapi a list need not have a result, only its pagination.
            entries = body.get("result", None if pagination is None else [])
            if not isinstance(entries, list):
                raise RufusError("the result is not a list")
            # A server without paging returns the same page again.
            if not entries or entries == previous:
                return
            yield from entries
            if (pagination or {}).get("has_more") is False:
                return
            previous, page = entries, page + 1


def _content(body: Any) -> bytes | None:
    """A body as it is sent: bytes unchanged, anything else as JSON."""
    if body is None or isinstance(body, bytes):
        return body
    return json.dumps(body, separators=(",", ":")).encode()
