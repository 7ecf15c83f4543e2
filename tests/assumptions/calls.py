"""Calls a mock that follows certain variants."""

from typing import Any

from rufus_mock.assumptions.chosen import parsed
from rufus_mock.spec.dialects import OPENAPI, PAGES
from rufus_mock.world import Company
from tests.assumptions.twin import NOON, Subject

HOUR = 60 * 60 * 1000
UNKNOWN = "E" * 64


class Mock:
    """A mock whose clock stands at NOON. Calling it sends a request and returns the status and the body.

    chosen: variants of assumptions, such as "devices.identity=serial".
    """

    def __init__(self, *chosen: str, dialect: str = PAGES) -> None:
        self._subject = Subject(dialect, parsed(chosen))
        self._wrapped = dialect == OPENAPI

    def __call__(self, method: str, path: str, body: Any = None, key: str | None = "read_write") -> tuple[int, Any]:
        """key: read, write, read_write, unknown, or None."""
        sent = self._subject.keys[key]
        headers = {"api_key": sent} if sent else {}
        response = self._subject.client.open(f"/v0{path}", method=method, json=body, headers=headers)
        answered: Any = response.json
        return response.status_code, answered["body"] if self._wrapped else answered

    def put(self, path: str, body: Any) -> int:
        """PUT to the admin API. Returns the status."""
        return self._subject.client.put(path, json=body).status_code

    @property
    def company(self) -> Company:
        return self._subject.company

    @property
    def listed(self) -> set[str]:
        """The assumptions that the journal lists for the last request."""
        return self._subject.listed()

    def at(self, time: int) -> None:
        """Set the clock to a time after NOON, in milliseconds."""
        self._subject.clock.time = NOON + time

    def bind(self, model: str = "A", serial_number: str = "1", **fields: Any) -> str:
        _, body = self("POST", "/devices", {"model": model, "serial_number": serial_number, **fields})
        return body["deviceid"]  # type: ignore[no-any-return]

    def open(self, deviceid: str, **fields: Any) -> str:
        _, body = self("POST", "/sessions", {"deviceid": deviceid, **fields})
        return body["token_session"]  # type: ignore[no-any-return]

    def insert(self, token_session: str, *passings: tuple[int, str]) -> tuple[int, Any]:
        sent = [{"bib": "7", "num_passing": number, "timestamp": time} for number, time in passings]
        return self("POST", "/passings", {"token_session": token_session, "passings_list": sent})

    def session(self, token_session: str) -> dict[str, Any]:
        return self("GET", f"/sessions/{token_session}")[1]["result"][0]  # type: ignore[no-any-return]
