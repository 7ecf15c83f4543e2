"""Finds out by trial which assumptions matter for a request: it is repeated under every other variant, each time from
the state before it, and the answers and the states after it are compared."""

from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from rufus_mock.assumptions.registry import STATEMENTS
from rufus_mock.base.clock import Clock
from rufus_mock.base.identifiers import Identifiers
from rufus_mock.fixtures.snapshots import snapshot
from rufus_mock.web.app import Config, create_app
from rufus_mock.web.request.api import Api
from rufus_mock.world import Company, World

NOON = 1_700_000_000_000
PAGE_SIZE = 2
ID, OTHER_ID = "00000001", "00000002"


def _copied(identifiers: Identifiers) -> Identifiers:
    """Identifiers that continue with the same sequence. deepcopy would copy each number of the generator."""
    other = Identifiers(0)
    assert identifiers._source is not None
    assert other._source is not None
    other._source.setstate(identifiers._source.getstate())
    return other


class StillClock(Clock):
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.time = NOON

    def now(self) -> int:
        return self.time


@dataclass
class Request:
    """One request. key: of the company, of another one, unknown, or none."""

    method: str
    path: str
    query: dict[str, Any] = field(default_factory=dict)
    body: Any = None
    key: str | None = "read_write"
    content_type: str = "application/json"


class Subject:
    """A mock with two companies, and a twin in which each request is repeated under other variants."""

    def __init__(self, dialect: str, chosen: dict[str, str] | None = None) -> None:
        self.clock = StillClock()
        self.dialect = dialect
        self.app = self._app(chosen)
        self.world: World = Api.of(self.app).world
        self.client = self.app.test_client()
        self.keys: dict[str | None, str] = {None: "", "unknown": "ror-" + "f" * 20}
        for id, prefix in ((ID, ""), (OTHER_ID, "other ")):
            _, keys = self.world.create(id, seed=int(id))
            self.keys |= {prefix + purpose: key.api_key for purpose, key in keys.items()}
        self.others: dict[tuple[str, str], Any] = {}
        """The answer to the last request under each other variant, by id and variant, as far as it was tried."""
        self._twin = self._app(chosen)
        self._twin_client = self._twin.test_client()

    def _app(self, chosen: dict[str, str] | None) -> Flask:
        app = create_app(Config(("empty",), dialect=self.dialect, seed=1, assumptions=chosen or {}), self.clock)
        Api.of(app).world.page_size = PAGE_SIZE
        return app

    @property
    def company(self) -> Company:
        return self.world.get(ID)

    def listed(self) -> set[str]:
        """The assumptions that the journal lists for the last request."""
        readings = [self.world.journal.read(), *(each.journal.read() for each in self.world.companies.values())]
        entries = [entry for reading in readings for entry in reading.entries]
        return set(max(entries, key=lambda entry: entry.number).mattered())

    def send(self, request: Request) -> tuple[Any, set[str]]:
        """Send a request. Returns its answer, and the ids of the assumptions that mattered according to the twin."""
        self.others.clear()
        before = [(each.copy(), _copied(each.state.identifiers)) for each in self.world.companies.values()]
        answer = _answer(self.client, request, self.keys)
        after = self._state(self.world)
        mattered = set()
        for id, statement in STATEMENTS.items():
            for variant in statement.variants:
                if variant == self.company.assumptions.variant(id) or not self._applies(id):
                    continue
                if (answer, after) != self._counterfactual(before, request, id, variant):
                    mattered.add(id)
                    break
        return answer, mattered

    def _applies(self, id: str) -> bool:
        return self.dialect in Api.of(self.app).contract.assumptions[id].dialects

    def _counterfactual(self, before: Any, request: Request, id: str, variant: str) -> tuple[Any, Any]:
        world = Api.of(self._twin).world
        companies = world.restore([company for company, _ in before])
        for company, (_, identifiers) in zip(companies, before, strict=True):
            company.state.identifiers = _copied(identifiers)
            company.assumptions = company.assumptions.with_chosen({id: variant})
        world.assumptions = self.world.assumptions.with_chosen({id: variant})
        answer = self.others[id, variant] = _answer(self._twin_client, request, self.keys)
        for company in companies:
            company.assumptions = self.world.get(company.id).assumptions
        return answer, self._state(world)

    @staticmethod
    def _state(world: World) -> bytes:
        return snapshot(world.companies.values())


def _answer(client: FlaskClient, request: Request, keys: dict[str | None, str]) -> Any:
    key = keys[request.key]
    sent = {"json": request.body} if request.body is not None else {}
    response = client.open(
        request.path,
        method=request.method,
        query_string=request.query,
        headers={**({"api_key": key} if key else {}), **({"Content-Type": request.content_type} if sent else {})},
        **sent,
    )
    return response.status_code, response.get_data(), response.headers.get("Retry-After")
