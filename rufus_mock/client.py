"""A typed client of the RUFUS Cloud Public API v0, over requests. Works on the live API and on the mock.

    client = RufusClient("https://api.runonrufus.com/v0", api_key)
    for device in client.devices():
        print(device["alias"], device["last_seen"])

It needs requests: pip install "rufus-mock[contract]".
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from types import TracebackType
from typing import Any, Literal, NotRequired, TypedDict, cast
from urllib.parse import quote

import requests

from .specification import DIALECTS, OPENAPI, PAGES, Answer, Operation, Specification

LIVE = "https://api.runonrufus.com/v0"
KEY_HEADERS = ("api_key", "x-api-key")
TIMEOUT = (5.0, 30.0)
"""Seconds to connect, and seconds without a byte of the answer."""

KeyHeader = Literal["api_key", "x-api-key"]


class Device(TypedDict):
    """schemas/device.json"""

    deviceid: str
    type: str | None
    model: str
    alias: str | None
    firmware: str | None
    serial_number: str
    creation_date: str
    sessions: int
    passings: int
    last_seen: str | None
    device_status: NotRequired[str | None]
    battery_percentage: NotRequired[int | None]
    charging: NotRequired[bool | None]
    last_telemetry_at: NotRequired[str | None]


class SessionSummary(TypedDict):
    """schemas/session-summary.json"""

    token_session: str
    alias: str | None
    creation_date: str
    active: bool
    passings: int


class Session(SessionSummary):
    """schemas/session.json. duration is a time, first and last those of the earliest and the latest passing."""

    duration: str
    first: str | None
    last: str | None


class PassingInput(TypedDict):
    """schemas/passing-input.json"""

    bib: str
    num_passing: int
    timestamp: str
    latitude: NotRequired[str | float | None]
    longitude: NotRequired[str | float | None]
    status: NotRequired[str | None]
    participant_id: NotRequired[str | None]
    chip: NotRequired[str | None]
    chips: NotRequired[str | None]
    timezone: NotRequired[str | None]
    gender: NotRequired[str | None]


class Passing(TypedDict):
    """schemas/passing.json"""

    token_session: str
    timestamp: str
    num_passing: int
    latitude: str
    longitude: str
    status: str | None
    participant_id: str | None
    chip: str | None
    bib: str
    timezone: str | None
    gender: str | None
    deviceid: str


class Inserted(TypedDict):
    """schemas/answers/passings-inserted.json"""

    description: str
    token_session: str
    inserted_count: int
    duplicate_count: NotRequired[int]


class Continued(TypedDict):
    """schemas/answers/passings-continued.json. A live passing may lack what its page does not show."""

    description: str
    deviceid: str
    session_used: str | None
    session_label: str | None
    resumed_from: int
    passings: list[Passing]


class RufusError(Exception):
    """Base of all that the client raises."""


class NoAnswer(RufusError):
    """No answer came: the name, the route, TLS, or the time. The cause is in __cause__."""


class UnreadableAnswer(RufusError):
    """An answer came that is not the API's: HTML, broken JSON, another dialect than was given. Carries reply."""

    def __init__(self, message: str, reply: "Reply") -> None:
        super().__init__(message)
        self.reply = reply


class ApiError(RufusError):
    """The API said no. status, description and the whole body say why."""

    def __init__(self, reply: "Reply") -> None:
        self.reply = reply
        self.status = reply.status
        self.body: Mapping[str, Any] = reply.body if isinstance(reply.body, dict) else {}
        self.description: str | None = self.body.get("description")
        super().__init__(f"{reply.method} {reply.url}: {self.status} {self.description or 'without a description'}")


class BadRequest(ApiError):
    """400: a required parameter is missing or wrong."""


class Forbidden(ApiError):
    """403: the key is unknown, or may not do this."""


class NotFound(ApiError):
    """404."""


class DeviceNotFound(NotFound):
    """The company has no such device."""


class SessionNotFound(NotFound):
    """The company has no such session."""


class SessionsNotFound(NotFound):
    """The device has no sessions, or none that is active."""


class SessionNotFoundOrClosed(NotFound):
    """Passings were sent to a session that is unknown or closed."""


class PassingsNotFound(NotFound):
    """No passings in this range, or on this page."""


class DeviceAlreadyBound(ApiError):
    """409: this serial number and model are bound. deviceid is the one they have."""

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


@dataclass(frozen=True)
class Reply:
    """An answer as it came, and what it answers."""

    method: str
    url: str
    sent: str | None = field(repr=False)
    status: int
    headers: Mapping[str, str] = field(repr=False)
    content: bytes = field(repr=False)

    @property
    def content_type(self) -> str:
        """The media type, without its parameters."""
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()

    @cached_property
    def json(self) -> Any:
        """The whole JSON, envelope and all. Raises ValueError."""
        return json.loads(self.content)

    @property
    def dialect(self) -> str | None:
        """The dialect that the JSON speaks; None for what is no object."""
        try:
            whole = self.json
        except (ValueError, RecursionError):
            return None
        if not isinstance(whole, dict):
            return None
        return OPENAPI if whole.keys() == {"body"} else PAGES

    @property
    def body(self) -> Any:
        """The JSON without the envelope that its dialect has. Raises ValueError."""
        return self.json["body"] if self.dialect == OPENAPI else self.json

    @property
    def fields(self) -> Mapping[str, Any]:
        """The members of the body; none where it is no object, or no JSON at all."""
        body = self.body if self.dialect else None
        return body if isinstance(body, dict) else {}


class RufusClient:
    """All operations of the API, with one key.

    dialect None takes each answer in the dialect it comes in; "pages" or "openapi" refuses the other one.
    session can be any requests.Session: the client leaves timeouts, retries and proxies to it, beyond `timeout`.
    """

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
            raise ValueError(f"dialect is one of {', '.join(DIALECTS)}, or None: {dialect!r}")
        if key_header not in KEY_HEADERS:
            raise ValueError(f"key_header is one of {', '.join(KEY_HEADERS)}: {key_header!r}")
        self.base_url = base_url.rstrip("/")
        self.dialect = dialect
        self.key_header = key_header
        self._api_key = api_key
        self._timeout = timeout
        self._session = session or requests.Session()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.base_url!r})"

    def __enter__(self) -> "RufusClient":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def bind_device(
        self,
        model: str,
        serial_number: str,
        type: str | None = None,
        alias: str | None = None,
        firmware: str | None = None,
    ) -> str:
        """Bind a device; its deviceid. Raises DeviceAlreadyBound, which carries the deviceid of before."""
        body = _given(model=model, serial_number=serial_number, type=type, alias=alias, firmware=firmware)
        return cast(str, self._field("bindDevice", "deviceid", body=body))

    def unbind_device(self, deviceid: str) -> None:
        """Unbind a device; its sessions and passings go with it. Raises DeviceNotFound."""
        self._ask("unbindDevice", path={"deviceid": deviceid})

    def devices(self, limit: int | None = None) -> Iterator[Device]:
        """All devices of the company; limit is how many a request asks for."""
        return cast(
            Iterator[Device],
            self._pages(lambda page: self._ask("listDevices", query=_given(page=page, limit=limit))),
        )

    def device(self, deviceid: str) -> Device:
        """One device. Raises DeviceNotFound."""
        return cast(Device, self._field("getDevice", "result", path={"deviceid": deviceid}))

    def open_session(self, deviceid: str, alias: str | None = None) -> str:
        """Open a session, which closes the device's active one; its token_session. Raises DeviceNotFound."""
        return cast(str, self._field("insertSession", "token_session", body=_given(deviceid=deviceid, alias=alias)))

    def close_session(self, token_session: str) -> None:
        """Close a session. Raises SessionNotFound."""
        self._ask("closeSession", path={"token_session": token_session})

    def device_sessions(self, deviceid: str) -> list[SessionSummary]:
        """A device's sessions. Raises SessionsNotFound without any."""
        return cast(list[SessionSummary], self._list("getDeviceSessions", {"deviceid": deviceid}))

    def active_session(self, deviceid: str) -> Session:
        """A device's active session. Raises SessionsNotFound without one."""
        return cast(Session, self._one("getActiveSession", {"deviceid": deviceid}))

    def session(self, token_session: str) -> Session:
        """One session. Raises SessionNotFound."""
        return cast(Session, self._one("getSession", {"token_session": token_session}))

    def insert_passings(self, token_session: str, passings: Sequence[PassingInput]) -> Inserted:
        """Insert passings into an active session. Raises SessionNotFoundOrClosed."""
        body = {"token_session": token_session, "passings_list": list(passings)}
        return cast(Inserted, self._ask("insertPassings", body=body))

    def session_passings(
        self, token_session: str, first: int | None = None, last: int | None = None
    ) -> Iterator[Passing]:
        """The passings of a session from num_passing `first` to `last`, page by page. Raises SessionNotFound."""
        return cast(
            Iterator[Passing],
            self._pages(
                lambda page: self._ask(
                    "getSessionPassings",
                    path={"token_session": token_session},
                    query=_given(first=first, last=last, page=page),
                )
            ),
        )

    def device_passings(self, deviceid: str, since: str | None = None, until: str | None = None) -> Iterator[Passing]:
        """The passings of all sessions of a device in a span of time, page by page. Raises DeviceNotFound.

        since and until are the parameters from and to: YYYY-MM-DDTHH:mm:ss.sssZ.
        """
        return cast(
            Iterator[Passing],
            self._pages(
                lambda page: self._ask(
                    "getDevicePassings",
                    path={"deviceid": deviceid},
                    query={**_given(to=until, page=page), **({} if since is None else {"from": since})},
                )
            ),
        )

    def continue_device_passings(
        self,
        deviceid: str,
        token_session: str | None = None,
        last: int | None = None,
        *,
        since: str | None = None,
        until: str | None = None,
        page: int | None = None,
    ) -> Continued:
        """What came after num_passing `last` of a session, or the beginning of the next. Raises DeviceNotFound."""
        query = _given(token_session=token_session, last=last, to=until, page=page)
        if since is not None:
            query["from"] = since
        return cast(Continued, self._ask("continueDevicePassings", path={"deviceid": deviceid}, query=query))

    def send(
        self,
        operation_id: str,
        *,
        path: Mapping[str, str] | None = None,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
    ) -> Reply:
        """Call an operation with any parameters, right or wrong; the answer as it comes. Raises NoAnswer."""
        operation = specification().operations[operation_id]
        url = self.base_url + operation.path.format_map({k: quote(v, safe="") for k, v in (path or {}).items()})
        headers = {"Accept": "application/json"}
        if self._api_key is not None:
            headers[self.key_header] = self._api_key
        content = None
        if body is not None:
            content = body if isinstance(body, bytes) else json.dumps(body, separators=(",", ":")).encode()
            headers["Content-Type"] = "application/json"
        try:
            response = self._session.request(
                operation.method,
                url,
                params={name: str(value) for name, value in (query or {}).items()},
                data=content,
                headers=headers,
                timeout=self._timeout,
                # A redirect would take the key along to wherever it leads.
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise NoAnswer(f"{operation.method} {url}: no answer: {reason(error)}") from error
        sent = content.decode(errors="replace") if content is not None else None
        return Reply(
            operation.method,
            response.request.url or url,
            sent,
            response.status_code,
            response.headers,
            response.content,
        )

    def _ask(self, operation_id: str, **parameters: Any) -> dict[str, Any]:
        """The body of a success. Raises ApiError, UnreadableAnswer, NoAnswer."""
        reply = self.send(operation_id, **parameters)
        dialect = reply.dialect
        if dialect is None or (self.dialect is not None and dialect != self.dialect):
            if reply.status >= 400 and dialect is None:
                raise _BY_STATUS.get(reply.status, ApiError)(_without_body(reply))
            wanted = f"in the dialect {self.dialect!r}" if dialect else "JSON"
            raise UnreadableAnswer(
                f"{reply.method} {reply.url}: {reply.status}, and not {wanted}: {reply.content[:80]!r}", reply
            )
        if reply.status >= 300:
            raise _error(specification().operations[operation_id], reply)
        if not isinstance(reply.body, dict):
            raise UnreadableAnswer(f"{reply.method} {reply.url}: the body is no object", reply)
        return reply.body

    def _field(self, operation_id: str, name: str, **parameters: Any) -> Any:
        body = self._ask(operation_id, **parameters)
        try:
            return body[name]
        except KeyError:
            raise RufusError(f"{operation_id}: the answer has no {name}") from None

    def _list(self, operation_id: str, path: Mapping[str, str]) -> list[Any]:
        result = self._field(operation_id, "result", path=path)
        if not isinstance(result, list):
            raise RufusError(f"{operation_id}: the result is no list")
        return result

    def _one(self, operation_id: str, path: Mapping[str, str]) -> Any:
        result = self._list(operation_id, path)
        if len(result) != 1:
            raise RufusError(f"{operation_id}: the result is a list of {len(result)}, not of one")
        return result[0]

    def _pages(self, ask: Callable[[int], dict[str, Any]]) -> Iterator[Any]:
        """The entries of all pages. A short page is no proof of the end: pages hold *at most* 5000."""
        before: list[Any] = []
        page = 1
        while True:
            try:
                body = ask(page)
            except PassingsNotFound:
                return
            entries = body.get("result")
            if not isinstance(entries, list):
                raise RufusError("the result is no list")
            # A server that knows no pages gives the same one again.
            if not entries or entries == before:
                return
            yield from entries
            if (body.get("pagination") or {}).get("has_more") is False:
                return
            before, page = entries, page + 1


@cache
def specification() -> Specification:
    """The contract, read once."""
    return Specification()


def reason(error: BaseException) -> str:
    """The innermost cause of an error of requests, in one line."""
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


def _error(operation: Operation, reply: Reply) -> ApiError:
    text = reply.body.get("description") if isinstance(reply.body, dict) else None
    for answer in operation.errors.values():
        if _is(answer, reply.status, text):
            return _BY_NAME.get(answer.name, _BY_STATUS.get(reply.status, ApiError))(reply)
    return _BY_STATUS.get(reply.status, ApiError)(reply)


def _is(answer: Answer, status: int, text: str | None) -> bool:
    return answer.status == status and answer.text == text


def _without_body(reply: Reply) -> Reply:
    return Reply(reply.method, reply.url, reply.sent, reply.status, reply.headers, b"null")


def _given(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
