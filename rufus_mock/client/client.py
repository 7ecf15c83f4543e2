"""The client: an operation a method."""

from collections.abc import Iterator, Sequence
from typing import Any, cast

from .calls import Caller
from .types import Continued, Device, EventSummary, Inserted, Passing, PassingInput, Session, SessionSummary


class RufusClient(Caller):
    """All operations of the API, with one key.

    dialect None takes each answer in the dialect it comes in; "pages" or "openapi" refuses the other one.
    session can be any requests.Session: the client leaves timeouts, retries and proxies to it, beyond `timeout`.
    """

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

    def events(self, limit: int | None = None) -> Iterator[EventSummary]:
        """All events of the company, page by page. limit: how many events to ask for in one request.

        The path of this operation is assumed (/events). Raises NotFound or Forbidden where the server does not have it.
        """
        return cast(
            Iterator[EventSummary],
            self._pages(lambda page: self._ask("listEvents", query=_given(page=page, limit=limit))),
        )

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


def _given(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
