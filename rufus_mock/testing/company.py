"""A company of a running mock, as a test holds it: alone in its world, with state, journal, faults and clock."""

from functools import cache
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any

import orjson

from ..clock import Clock
from ..fixtures import load_fixtures
from ..identifiers import Identifiers
from ..snapshots import snapshot
from ..specification import Specification
from ..world import World
from .clock import CompanyClock
from .connection import AdminConnection
from .faults import Faults, Quota
from .journal import Request, VerificationFailed
from .keys import Keys


class MockCompany:
    """Handles on one company. All of it goes over HTTP, so the mock may run in another process.

    admin: the admin API of the mock. url: its root. base_url: what to give to the program under test, /v0 included.
    Everything raises AdminError where the mock refuses or does not answer.
    """

    def __init__(self, admin: AdminConnection, id: str, keys: Keys) -> None:
        self.admin = admin
        self.id = id
        self.keys = keys
        self.faults = Faults(self._call)
        self.quota = Quota(self._call)
        self.clock = CompanyClock(self._call)

    @classmethod
    def fresh(cls, admin: AdminConnection, fixture: Any = None) -> "MockCompany":
        """A new company: empty, or with what the first company of a fixture has.

        fixture: the name of a fixture, the Path of a file, or a company as it stands in one (a dict). Raises
        FixtureError for a file that cannot be loaded.
        """
        if isinstance(fixture, Path):
            fixture = _first_company(fixture)
        made = admin.call("POST", "/companies", {} if fixture is None else {"fixture": fixture})
        return cls(admin, made["id"], Keys(made["keys"]))

    @property
    def url(self) -> str:
        """The root of the mock."""
        return self.admin.url

    @property
    def base_url(self) -> str:
        """The URL below which the operations lie, as https://api.runonrufus.com/v0 is for the live API."""
        return self.url + _base_path()

    def reset(self) -> None:
        """Back to how the company began, without faults, with the machine's clock and an empty journal."""
        self._call("POST", "/reset")

    @property
    def requests(self) -> list[Request]:
        """What the company's keys asked for, the oldest first."""
        return [Request.of(entry) for entry in self._call("GET", "/requests")["requests"]]

    def forget(self) -> None:
        """Empty the journal; all else stays."""
        self._call("DELETE", "/requests")

    def verify(self, operation: str | None = None, **expected: Any) -> None:
        """Raises VerificationFailed, an AssertionError, unless requests came as expected; it shows the nearest ones.

        expected: count, at_least (1 where none of the three is given), at_most; body and query (what they had among
        other things; exact=True: nothing else), headers (a list of names that it had, among others), method, path,
        status, valid, key. They are those of schemas/admin/requests/verify.json.

        >>> mock.verify("insertPassings", body={"passings_list": [{"bib": "7"}]}, count=1)
        """
        __tracebackhide__ = True
        if operation is not None:
            expected["operation"] = operation
        answer = self._call("POST", "/requests/verify", expected)
        if not answer["verified"]:
            raise VerificationFailed(expected, answer)

    @property
    def state(self) -> dict[str, Any]:
        """What the company holds, in the fixture format."""
        state: dict[str, Any] = self._call("GET", "/state")
        return state

    @state.setter
    def state(self, state: dict[str, Any]) -> None:
        self._call("PUT", "/state", state)

    def remove(self) -> None:
        """Remove the company from the mock."""
        self._call("DELETE", "")

    def __enter__(self) -> "MockCompany":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.remove()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.base_url!r}, id={self.id!r})"

    def _call(self, method: str, path: str, body: Any = None) -> Any:
        __tracebackhide__ = True
        return self.admin.call(method, f"/companies/{self.id}{path}", body)


def _first_company(path: Path) -> dict[str, Any]:
    """What the first company of a file has, all in one: the mock may run on another machine, without the file."""
    specification = Specification()
    world = World(Clock(), Identifiers(), specification.page_size)
    load_fixtures(world, specification, [path])
    described = orjson.loads(snapshot(islice(world.companies.values(), 1)))
    company: dict[str, Any] = described["companies"][0]
    return company


@cache
def _base_path() -> str:
    return Specification().base_path
