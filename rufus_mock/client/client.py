"""The client, with one method per operation."""

from collections.abc import Iterator, Sequence
from typing import Any, cast

from .calls import Caller
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


class RufusClient(Caller):
    """Calls the operations of the API with one key.

    base_url: up to and including /v0. dialect: None accepts both dialects; "pages" or "openapi" accepts only that one.
    key_header: the header that carries the key, "api_key" or "x-api-key". timeout: seconds to connect and seconds
    without a byte, as in requests. limits: how long an exchange may take, how large a response may be, how many pages
    are read. session: the requests.Session to send with, for retries, proxies and certificates; mount a BoundedAdapter
    in it, or only the bodies are limited. All methods raise RufusError: ApiError for an error response,
    UnreadableAnswer for a response that is not the API's, NoAnswer if there is no complete response, LimitExceeded and
    TooManyPages if a limit is exceeded.
    """

    def bind_device(
        self,
        model: str,
        serial_number: str,
        type: str | None = None,
        alias: str | None = None,
        firmware: str | None = None,
    ) -> str:
        """Bind a device and return its deviceid. Raises DeviceAlreadyBound, which has the deviceid of the device."""
        body = _without_none(model=model, serial_number=serial_number, type=type, alias=alias, firmware=firmware)
        return self._text("bindDevice", "deviceid", body=body)

    def unbind_device(self, deviceid: str) -> None:
        """Unbind a device and delete its sessions and passings. Raises DeviceNotFound."""
        self._call("unbindDevice", path={"deviceid": deviceid})

    def devices(self, limit: int | None = None) -> Iterator[DeviceSummary]:
        """All devices of the company, requested page by page. limit: devices per page."""
        return cast(
            Iterator[DeviceSummary],
            self._pages(
                "listDevices", lambda page: self._call("listDevices", query=_without_none(page=page, limit=limit))
            ),
        )

    def device(self, deviceid: str) -> Device:
        """The information about one device. Raises DeviceNotFound."""
        return cast(Device, self._object("getDevice", {"deviceid": deviceid}))

    def events(self, limit: int | None = None) -> Iterator[EventSummary]:
        """All events of the company, page by page. limit: how many events to ask for in one request.

        The path of this operation is assumed (/events). Raises NotFound or Forbidden where the server does not have it.
        """
        return cast(
            Iterator[EventSummary],
            self._pages(
                "listEvents", lambda page: self._call("listEvents", query=_without_none(page=page, limit=limit))
            ),
        )

    def open_session(self, deviceid: str, alias: str | None = None) -> str:
        """Open a session and return its token_session. Closes the device's active session. Raises DeviceNotFound."""
        body = _without_none(deviceid=deviceid, alias=alias)
        return self._text("insertSession", "token_session", body=body)

    def close_session(self, token_session: str) -> None:
        """Close a session. Raises SessionNotFound."""
        self._call("closeSession", path={"token_session": token_session})

    def device_sessions(self, deviceid: str) -> list[SessionSummary]:
        """All sessions of a device. Raises SessionsNotFound if there are none."""
        return cast(list[SessionSummary], self._list("getDeviceSessions", {"deviceid": deviceid}))

    def active_session(self, deviceid: str) -> Session:
        """The active session of a device. Raises SessionsNotFound if there is none."""
        return cast(Session, self._one("getActiveSession", {"deviceid": deviceid}))

    def session(self, token_session: str) -> Session:
        """The information about one session. Raises SessionNotFound."""
        return cast(Session, self._one("getSession", {"token_session": token_session}))

    def insert_passings(self, token_session: str, passings: Sequence[PassingInput]) -> Inserted:
        """Insert passings into an active session. Raises SessionNotFoundOrClosed."""
        body = {"token_session": token_session, "passings_list": list(passings)}
        return cast(Inserted, self._call("insertPassings", body=body))

    def session_passings(
        self, token_session: str, first: int | None = None, last: int | None = None
    ) -> Iterator[Passing]:
        """The passings of a session from num_passing `first` to `last`, both included, requested page by page.

        Raises SessionNotFound.
        """
        return cast(
            Iterator[Passing],
            self._pages(
                "getSessionPassings",
                lambda page: self._call(
                    "getSessionPassings",
                    path={"token_session": token_session},
                    query=_without_none(first=first, last=last, page=page),
                ),
            ),
        )

    def device_passings(self, deviceid: str, since: str | None = None, until: str | None = None) -> Iterator[Passing]:
        """The passings of a device from `since` to `until`, both included, across sessions, requested page by page.

        The times have the form YYYY-MM-DDTHH:mm:ss.sssZ; the API calls them `from` and `to`. Raises DeviceNotFound.
        """
        return cast(
            Iterator[Passing],
            self._pages(
                "getDevicePassings",
                lambda page: self._call(
                    "getDevicePassings",
                    path={"deviceid": deviceid},
                    query={**_without_none(to=until, page=page), **({} if since is None else {"from": since})},
                ),
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
        """The passings after num_passing `last` of a session, or the first ones of the device's next session.

        since and until are as in device_passings. Raises DeviceNotFound.
        """
        query = _without_none(token_session=token_session, last=last, to=until, page=page)
        if since is not None:
            query["from"] = since
        return cast(Continued, self._call("continueDevicePassings", path={"deviceid": deviceid}, query=query))


def _without_none(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
