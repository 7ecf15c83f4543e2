"""Confirms that a device or session is the run's own before the run writes to it, because an answer may name any.

A device must be new, must show the alias or the serial number that it was bound with, and must have no sessions. A
session must be new, belong to the device that it was opened on, and be empty.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ...base.timestamps import parse
from ...client import Reply
from .errors import Unconfirmed
from .exchange import Entry, Exchange
from .ownership import IDENTIFIERS

if TYPE_CHECKING:
    from .connection import Connection

_MOST_PAGES = 20
_SLACK = 60_000
"""Milliseconds by which the times of a session and its device may differ: some servers cut them off."""


class Claims:
    """What the run has confirmed. After the first doubt it writes nothing more, and removes only what is confirmed."""

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection
        self._owned = connection.owned
        self._listed = False
        self._confirmed: set[str] = set()
        self._described: dict[str, Entry] = {}
        self.doubts: dict[str, str] = {}
        """Why a device or session that an answer named is not taken for the run's own."""
        self.absent: set[str] = set()
        """Those among them that do not exist."""

    @property
    def doubt(self) -> str | None:
        """Why the run stopped writing; None if it did not."""
        return next(iter(self.doubts.values()), None)

    def check(self, operation_id: str, named: Mapping[str, Any], closing: bool) -> None:
        """Called before each write that names only what answers named, or nobody's. Raises Unconfirmed."""
        if self.doubt is not None and not closing:
            raise Unconfirmed(self.doubt)
        if operation_id == "bindDevice":
            self._list_devices()
        for name in IDENTIFIERS:
            identifier = named.get(name)
            if isinstance(identifier, str) and identifier in {*self._owned.devices, *self._owned.sessions}:
                self.confirm(identifier)

    def confirm(self, identifier: str) -> None:
        """Confirms a device or session, once. Raises Unconfirmed."""
        if identifier in self._confirmed:
            return
        if identifier not in self.doubts:
            is_device = identifier in self._owned.devices
            found = self._doubt_device(identifier) if is_device else self._doubt_session(identifier)
            if found is None:
                self._confirmed.add(identifier)
                return
            self._note(identifier, "device" if is_device else "session", *found)
        raise Unconfirmed(self.doubts[identifier])

    def observe(self, reply: Reply) -> None:
        """Remembers what an answer shows, until the run first writes: that is not the run's own."""
        if not self._listed:
            fields = reply.fields
            for rows in (fields.get("result"), fields.get("passings")):
                for row in rows if isinstance(rows, list) else [rows]:
                    if isinstance(row, dict):
                        self._owned.before.update(
                            value for name in IDENTIFIERS if isinstance(value := row.get(name), str)
                        )

    def _note(self, identifier: str, kind: str, why: str, exchange: Exchange) -> None:
        operation_id = "bindDevice" if kind == "device" else "insertSession"
        text = f"{kind} {identifier}: named by {operation_id}, but {why}"
        self.doubts[identifier] = text
        if exchange.status == 404:
            self.absent.add(identifier)
        self._connection.writes_off = f"the run stopped writing: {text}"
        self._connection.doubted(operation_id, f"a new {kind}", text, exchange)

    def _list_devices(self) -> None:
        """Before the run binds its first device: which devices are there?"""
        page = 1
        while not self._listed and page <= _MOST_PAGES:
            body = self._connection.ask("listDevices", query={"page": page} if page > 1 else None).body
            pagination = body.entry_if_any("pagination")
            full = len(body.entries_if_any()) >= self._connection.contract.page_size
            if not full and pagination.get("has_more") is not True:
                break
            page += 1
        self._listed = True

    def _doubt_device(self, deviceid: str) -> tuple[str, Exchange] | None:
        """Why a device may not be the run's own, and the answer that shows it."""
        info = self._connection.ask("getDevice", {"deviceid": deviceid})
        if deviceid in self._owned.before:
            return "it was there before the run bound anything", info
        found = info.body.first_entry_if_any()
        sent = self._owned.origins.get(deviceid, {})
        if not any(name in sent and found.get(name) == sent[name] for name in ("alias", "serial_number")):
            return "getDevice shows neither its alias nor its serial number", info
        self._described[deviceid] = found
        sessions = self._connection.ask("getDeviceSessions", {"deviceid": deviceid})
        if sessions.listed():
            return f"it has {len(sessions.listed())} sessions already", sessions
        return None

    def _doubt_session(self, token_session: str) -> tuple[str, Exchange] | None:
        connection, path = self._connection, {"token_session": token_session}
        sent = self._owned.origins.get(token_session, {})
        device = {"deviceid": str(sent.get("deviceid"))}
        info = connection.ask("getSession", path)
        if token_session in self._owned.before:
            return "it was there before the run bound anything", info
        listed = connection.ask("getDeviceSessions", device)
        in_list = _entry_of(token_session, listed.listed())
        described = info.body.first_entry_if_any() if info.status == 200 else {}
        if _all_older([in_list, described], self._described.get(device["deviceid"], {})):
            return "it is older than the device", info
        if not in_list and not (_is_sent(described, sent) and _time(described) is not None):
            active = connection.ask("getActiveSession", device)
            if not _entry_of(token_session, active.listed()):
                return "the device does not have it", listed
        passings = connection.ask("getSessionPassings", path)
        rows = [row for row in passings.listed() if row.get("token_session", token_session) == token_session]
        elsewhere = any(row.get("deviceid", device["deviceid"]) != device["deviceid"] for row in rows)
        # A single read that is wrong should not end the writing: two must say so, or one another device.
        if elsewhere or (rows and any(entry.get("passings") not in (None, 0) for entry in (in_list, described))):
            return "it has passings already", passings
        return None


def _entry_of(token_session: str, entries: list[Entry]) -> Entry:
    return next((entry for entry in entries if entry.get("token_session") == token_session), {})


def _is_sent(described: Entry, sent: Mapping[str, Any]) -> bool:
    """Whether a session has the alias that it was opened with."""
    return "alias" in sent and described.get("alias") == sent["alias"]


def _time(entry: Mapping[str, Any]) -> int | None:
    """When something was created, in milliseconds; None if that cannot be read."""
    try:
        return parse(entry["creation_date"])
    except (KeyError, TypeError, ValueError):
        return None


def _all_older(entries: list[Entry], device: Mapping[str, Any]) -> bool:
    """Whether all entries say that the session was created before the device was bound."""
    created = _time(device)
    times = [time for entry in entries if (time := _time(entry)) is not None]
    return created is not None and bool(times) and all(time < created - _SLACK for time in times)
