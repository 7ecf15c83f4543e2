"""Reads the journals of the mocks that a test uses, before they are emptied, and makes the mocks follow a flip."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from ..connection import AdminConnection, AdminError, Observer
from ..mock import RufusMock
from . import changes
from .usage import Usage

OUTDATED = (
    "the mock at {url} does not say which assumptions its answers depend on; "
    "update it to the version of rufus-mock that runs these tests"
)


@dataclass
class Company:
    """A company whose journal is read. mark: the number of the last request that was read. total: as in its journal.

    unflipped: the variants that it gets back after a flip.
    """

    mark: int = 0
    total: int = 0
    unflipped: dict[str, str] | None = None


@dataclass
class Mock:
    """A mock that the tests use. own: its own journal, with requests that belong to no company."""

    connection: AdminConnection
    companies: dict[str, Company] = field(default_factory=dict)
    own: Company = field(default_factory=Company)
    catalogue: dict[str, dict[str, Any]] | None = None

    def known(self) -> dict[str, dict[str, Any]]:
        """The assumptions of the mock by id, as GET /assumptions lists them."""
        if self.catalogue is None:
            listed = self.connection.send("GET", "/assumptions")["assumptions"]
            self.catalogue = {each["id"]: each for each in listed}
        return self.catalogue


class Watch:
    """The observer of all admin connections of this process.

    usage: that of the current test. catalogue: the assumptions that mattered in any test, as GET /assumptions lists
    them. flip: a variant that all companies follow for now, by the id of its assumption.
    """

    def __init__(self) -> None:
        self.usage = Usage()
        self.catalogue: dict[str, dict[str, Any]] = {}
        self.flip: dict[str, str] = {}
        self._mocks: dict[str, Mock] = {}
        self._lock = threading.RLock()
        self._previous: Observer | None = None

    def __enter__(self) -> "Watch":
        self._previous, AdminConnection.observer = AdminConnection.observer, self
        return self

    def __exit__(self, *error: object) -> None:
        AdminConnection.observer = self._previous

    def take(self) -> Usage:
        """What happened since the last call: the usage of the test that ends now."""
        with self._lock:
            self.read()
            usage, self.usage = self.usage, Usage()
        return usage

    def read(self) -> Usage:
        """Read all journals, and return what the current test has done so far."""
        with self._lock:
            for mock in self._mocks.values():
                self._read_all(mock)
            return self.usage

    @contextmanager
    def flipped(self, flip: Mapping[str, str], keyless: bool) -> Iterator[None]:
        """Let all companies, those that exist and new ones, follow other variants in this block.

        keyless: whether new mocks follow them for requests that belong to no company, too.
        """
        self.flip = dict(flip)
        RufusMock.overrides = self.flip if keyless else {}
        self._for_each_company(self._impose)
        try:
            yield
        finally:
            self.flip, RufusMock.overrides = {}, {}
            self._for_each_company(self._restore)

    def call(self, connection: AdminConnection, method: str, path: str, body: Any) -> Any:
        """Make a call for a test. First read the journals that it empties, or that its change would make ambiguous."""
        __tracebackhide__ = True
        change = changes.of(method, path)
        with self._lock:
            mock = self._mocks.setdefault(connection.url, Mock(connection))
            self.usage.mock = True
            if change.reads:
                self._read(mock, change.company)
        answer = connection.send(method, path, body)
        with self._lock:
            self._follow(mock, change, answer)
        return answer

    def closing(self, connection: AdminConnection) -> None:
        """Read the journals of a mock that may be about to stop, and forget it."""
        with self._lock:
            mock = self._mocks.get(connection.url)
            if mock is not None and mock.connection is connection:
                self._read_all(mock)
                del self._mocks[connection.url]

    def _follow(self, mock: Mock, change: changes.Change, answer: Any) -> None:
        """Keep track of which companies there are, and let them follow the flip."""
        if change.removes and change.company is not None:
            mock.companies.pop(change.company, None)
        if change.creates:
            mock.companies[answer["id"]] = Company()
            self._attempt(self._impose, mock, answer["id"])
        if change.lists and mock.connection.private:
            for id in {each["id"] for each in answer["companies"]} - mock.companies.keys():
                mock.companies[id] = Company()
                self._attempt(self._impose, mock, id)
        for id in [id for id in mock.companies if change.company in (None, id)]:
            if change.empties:
                mock.companies[id].total = 0
            if change.chooses:
                mock.companies[id].unflipped = None
                self._attempt(self._impose, mock, id)

    def _read_all(self, mock: Mock) -> None:
        self._read(mock, None)
        if mock.connection.private:
            self._read_own(mock)

    def _read(self, mock: Mock, only: str | None) -> None:
        for id, company in list(mock.companies.items()):
            if only in (None, id):
                try:
                    self._read_company(mock, id, company)
                except AdminError as error:
                    del mock.companies[id]
                    if error.status != 404:
                        self.usage.note(f"a journal could not be read: {error}")

    def _read_company(self, mock: Mock, id: str, company: Company) -> None:
        answer = mock.connection.send("GET", f"/companies/{id}/requests")
        new = [entry for entry in answer["requests"] if entry["id"] > company.mark]
        since = company.total if company.total <= answer["total"] else 0
        self.usage.lost += max(0, answer["total"] - since - len(new))
        company.total = answer["total"]
        if new:
            company.mark = new[-1]["id"]
            self.usage.mock = True
            self._add(mock, new, f"/companies/{id}/assumptions")

    def _read_own(self, mock: Mock) -> None:
        """Read the requests that belong to no company. Only in a private mock do they come from the current test."""
        try:
            latest = mock.connection.send("GET", "/requests?limit=1")["requests"]
            count = latest[-1]["id"] - mock.own.mark if latest else 0
            if count > 0:
                entries = mock.connection.send("GET", f"/requests?limit={count}")["requests"]
                new = [entry for entry in entries if entry["company"] is None and entry["id"] > mock.own.mark]
                mock.own.mark = latest[-1]["id"]
                if new:
                    self.usage.mock = True
                    self._add(mock, new, None)
        except AdminError as error:
            self.usage.note(f"a journal could not be read: {error}")

    def _add(self, mock: Mock, entries: list[dict[str, Any]], variants_at: str | None) -> None:
        """Add requests to the usage. variants_at: where the variants of their company are; None for the mock's own."""
        if any("assumptions" not in entry for entry in entries):
            self.usage.note(OUTDATED.format(url=mock.connection.url))
            return
        ids = {id for entry in entries for id in entry["assumptions"]}
        if not ids:
            return
        variants = {id: mock.known()[id]["variant"] for id in ids}
        if variants_at is not None:
            variants = mock.connection.send("GET", variants_at)["assumptions"]
        self.catalogue.update({id: mock.known()[id] for id in ids})
        for entry in entries:
            for id in entry["assumptions"]:
                self.usage.add(id, variants[id], entry)

    def _for_each_company(self, change: Callable[[Mock, str], None]) -> None:
        with self._lock:
            for mock in self._mocks.values():
                for id in list(mock.companies):
                    self._attempt(change, mock, id)

    def _attempt(self, change: Callable[[Mock, str], None], mock: Mock, id: str) -> None:
        """Change the variants of a company, unless it or the mock is gone."""
        try:
            change(mock, id)
        except AdminError:
            mock.companies.pop(id, None)

    def _impose(self, mock: Mock, id: str) -> None:
        """Let a company follow the flip, if there is one, and remember the variants that it followed before."""
        if self.flip:
            path = f"/companies/{id}/assumptions"
            variants = mock.connection.send("GET", path)["assumptions"]
            served = {id: each["variant"] for id, each in mock.known().items()}
            chosen = {id: variant for id, variant in variants.items() if variant != served[id]}
            mock.connection.send("PUT", path, {**chosen, **self.flip})
            mock.companies[id].unflipped = chosen

    def _restore(self, mock: Mock, id: str) -> None:
        company = mock.companies[id]
        if company.unflipped is not None:
            mock.connection.send("PUT", f"/companies/{id}/assumptions", company.unflipped)
            company.unflipped = None
