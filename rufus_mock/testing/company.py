"""The handle for one company of a running mock: its keys, state, journal, faults, quota and clock."""

from collections.abc import Mapping
from functools import cache
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any

import orjson

from ..base.clock import Clock
from ..base.identifiers import Identifiers
from ..fixtures.loader import load_fixtures
from ..fixtures.snapshots import snapshot
from ..spec.contract import Contract
from ..world import World
from .clock import CompanyClock
from .connection import AdminConnection
from .faults import Faults, Quota
from .journal import Request, VerificationFailed
from .keys import Keys


class MockCompany:
    """Controls one company of a mock over HTTP. The mock may run in another process.

    admin: the connection to the mock's admin API. url: the root of the mock. base_url: the URL for the program under
    test, including /v0. Everything raises AdminError if the mock refuses a call or does not answer.
    """

    def __init__(self, admin: AdminConnection, id: str, keys: Keys) -> None:
        self.admin = admin
        self.id = id
        self.keys = keys
        self.faults = Faults(self._call)
        self.quota = Quota(self._call)
        self.clock = CompanyClock(self._call)

    @classmethod
    def fresh(
        cls, admin: AdminConnection, fixture: Any = None, assume: Mapping[str, str] | None = None
    ) -> "MockCompany":
        """Create a company: empty, or with the contents of a fixture's first company.

        fixture: the name of a fixture, the Path of a fixture file, or a dict: a whole fixture, such as the state of
        another company, or one company in the fixture format.
        assume: the variants of assumed statements that it follows, by id. Raises FixtureError for a file that cannot
        be loaded.
        """
        if isinstance(fixture, Path):
            fixture = _first_company(fixture)
        described = {"fixture": fixture, "assumptions": dict(assume) if assume else None}
        made = admin.call("POST", "/companies", {name: value for name, value in described.items() if value is not None})
        return cls(admin, made["id"], Keys(made["keys"]))

    @property
    def url(self) -> str:
        """The root of the mock."""
        return self.admin.url

    @property
    def base_url(self) -> str:
        """The base URL of the operations, like https://api.runonrufus.com/v0 for the live API."""
        return self.url + _base_path()

    def reset(self) -> None:
        """Restore the company's initial state, remove its faults and quota, reset its clock and empty its journal."""
        self._call("POST", "/reset")

    @property
    def requests(self) -> list[Request]:
        """The requests that were sent with the company's keys, oldest first."""
        return [Request.of(entry) for entry in self._call("GET", "/requests")["requests"]]

    def forget(self) -> None:
        """Empty the journal and change nothing else."""
        self._call("DELETE", "/requests")

    def verify(self, operation: str | None = None, **expected: Any) -> None:
        """Assert that the company received the expected requests.

        expected: method, path, status, valid, key; body and query, which may have more members than given here unless
        exact=True; headers, a list of header names; count, at_least or at_most (at_least=1 by default). See
        schemas/admin/requests/verify.json. Raises VerificationFailed, an AssertionError that shows the
        nearest requests.

        >>> mock.verify("insertPassings", body={"passings_list": [{"bib": "7"}]}, count=1)
        """
        __tracebackhide__ = True
        if operation is not None:
            expected["operation"] = operation
        answer = self._call("POST", "/requests/verify", expected)
        if not answer["verified"]:
            raise VerificationFailed(expected, answer)

    @property
    def assumptions(self) -> dict[str, str]:
        """The variant of each assumed statement that the company follows, by id. Assigning some chooses these variants.

        The others get the variants that the mock was started with. Raises AdminError, which suggests the closest ids
        or variants.

        >>> mock.assumptions = {"insert.duplicates": "last-wins"}
        """
        variants: dict[str, str] = self._call("GET", "/assumptions")["assumptions"]
        return variants

    @assumptions.setter
    def assumptions(self, variants: Mapping[str, str]) -> None:
        self._call("PUT", "/assumptions", dict(variants))

    @property
    def used_assumptions(self) -> list[dict[str, Any]]:
        """The assumptions of which another variant would have changed an answer to this company, or the state after it.

        Each has id, statement, variant, others (the other variants), requests (their number) and operations.
        """
        used: list[dict[str, Any]] = self._call("GET", "/assumptions/used")["used"]
        return used

    @property
    def state(self) -> dict[str, Any]:
        """The company's devices, sessions and passings, in the fixture format. Assigning a state replaces them."""
        state: dict[str, Any] = self._call("GET", "/state")
        return state

    @state.setter
    def state(self, state: dict[str, Any]) -> None:
        self._call("PUT", "/state", state)

    def remove(self) -> None:
        """Remove the company from the mock, with everything in it."""
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
    """A snapshot with the first company of a fixture file, because the mock may run on a machine without the file."""
    contract = Contract()
    world = World(Clock(), Identifiers(), contract.page_size)
    load_fixtures(world, contract, [path])
    content: dict[str, Any] = orjson.loads(snapshot(islice(world.companies.values(), 1)))
    return content


@cache
def _base_path() -> str:
    return Contract().base_path
