"""The kit's guarded connection, which also sends requests that are no operation and notices every 429."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import requests

from ...client import TIMEOUT, Reply, exchange, reason
from ...client.retry_after import retry_after
from ...contract.session.connection import OWN_KEY, Connection, check_identifiers
from ...contract.session.errors import Unanswered
from ...contract.session.transport import Transport
from .answer import Answer

_STATUSES = range(100, 600)


class Throttled(Exception):
    """A 429. retry_after: the seconds that it asks to wait, or None."""

    def __init__(self, retry_after: float | None) -> None:
        super().__init__(retry_after)
        self.retry_after = retry_after


class WatchingTransport(Transport):
    """The kit's transport. It also notes each 429, and during a burst it raises Throttled and sends nothing again."""

    bursting = False

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.throttled: list[Throttled] = []

    def back_off(self, response: requests.Response, attempt: int) -> None:
        if response.status_code == requests.codes.too_many_requests:
            throttled = Throttled(retry_after(response.headers))
            self.throttled.append(throttled)
            if self.bursting:
                raise throttled
        super().back_off(response, attempt)


class Target(Connection):
    """The API that is measured."""

    transport_class = WatchingTransport
    transport: WatchingTransport

    @property
    def rate(self) -> float | None:
        """The allowed requests per second; None for no limit."""
        return self.options.rate

    @property
    def requests_left(self) -> float:
        """How many requests the budget allows."""
        budget = self.options.budget
        return float("inf") if budget is None else budget - self.transport.sent

    def call(
        self,
        operation_id: str,
        path: Mapping[str, str] | None = None,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        **options: Any,
    ) -> Answer:
        """Send a request to an operation. Raises Unanswered, or TargetLost if that happens too often."""
        operation = self.contract.operations[operation_id]
        return self.send(operation.method, operation.path, path, query, body, **options)

    def send(
        self,
        method: str,
        template: str,
        path: Mapping[str, str] | None = None,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        *,
        key: str | None = OWN_KEY,
        whose: str = "own",
        content_type: str = "application/json",
    ) -> Answer:
        """Send any request. body: bytes are sent as they are. whose: what a proof says about the key."""
        check_identifiers(path or {})
        identifiers = {**(path or {}), **(body if isinstance(body, dict) else {})}
        if key == OWN_KEY:
            key = self.keys.reader if method == "GET" else self.writer
            key = key or self.writer
        headers = {"Accept": "application/json", **({self.header: key} if key else {})}
        content = body if body is None or isinstance(body, bytes) else as_json(body)
        if content is not None:
            headers["Content-Type"] = content_type
        url = self.options.base_url.rstrip("/") + template.format_map(
            {name: quote(value, safe="") for name, value in (path or {}).items()}
        )
        reply = self._exchange(method, url, dict(query or {}), content, headers)
        texts = (value for value in identifiers.values() if isinstance(value, str) and len(value) >= 16)
        return Answer(method, template, dict(query or {}), reply, whose, tuple(texts))

    def _exchange(
        self, method: str, url: str, query: Mapping[str, Any], content: bytes | None, headers: Mapping[str, str]
    ) -> Reply:
        try:
            response = exchange(
                self.transport,
                self.transport.limits,
                method,
                url,
                params={name: str(value) for name, value in query.items()},
                data=content,
                headers=dict(headers),
                timeout=TIMEOUT,
            )
        except requests.RequestException as error:
            self.lost(f"{method} {url}: {reason(error)}")
            raise Unanswered("the request got no answer") from error
        if response.status_code not in _STATUSES:
            self.lost(f"{method} {url}: the status {response.status_code}, which HTTP does not have")
            raise Unanswered("the answer has no status of HTTP")
        self.answered()
        return Reply(
            method, response.request.url or url, None, response.status_code, response.headers, response.content
        )


def as_json(body: Any) -> bytes:
    """A body as it is sent."""
    return json.dumps(body, separators=(",", ":")).encode()
