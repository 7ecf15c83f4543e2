"""All companies of a server: create, find by id or key, remove, reset, restore."""

import itertools
import threading
from collections.abc import Iterable, Mapping

from ..assumptions import Assumptions
from ..base.clock import Clock
from ..base.errors import CompanyNotFound, UnknownApiKey
from ..base.identifiers import Identifiers
from ..base.masking import tail
from .companies import Company, Key
from .journal import Bounds, Journal


class World:
    """All companies of a server, the owner of each key, and the initial states that a reset restores.

    journal: the requests that belong to no company. assumptions: those of requests without a company, and of new
    companies.
    """

    def __init__(
        self,
        clock: Clock,
        identifiers: Identifiers,
        page_size: int,
        bounds: Bounds | None = None,
        assumptions: Assumptions | None = None,
    ) -> None:
        self.clock = clock
        self.identifiers = identifiers
        self.page_size = page_size
        self.assumptions = assumptions or Assumptions()
        self.companies: dict[str, Company] = {}
        self._bounds = bounds or Bounds()
        self._numbers = itertools.count(1)
        self.journal = Journal(self._bounds, self._numbers)
        self._by_key: dict[str, tuple[Company, Key]] = {}
        self._initial: dict[str, Company] = {}
        self._lock = threading.RLock()

    def get_or_create(self, id: str, name: str | None = None) -> Company:
        """The company with this id. An empty one without keys is created if there is none."""
        with self._lock:
            if id not in self.companies:
                self.companies[id] = self._new_company(id, name)
            return self.companies[id]

    def add_key(self, company: Company, key: Key) -> None:
        """Add a key to a company. Raises ValueError if another company has the key."""
        with self._lock:
            owner = self._by_key.get(key.api_key)
            if owner is not None and owner[0] is not company:
                raise ValueError(f"the key ending in {tail(key.api_key)} belongs to company {owner[0].id} already")
            company.keys[key.api_key] = key
            self._by_key[key.api_key] = (company, key)

    def authenticate(self, api_key: str) -> tuple[Company, Key]:
        """The company that a key belongs to, and the key. Raises UnknownApiKey."""
        try:
            return self._by_key[api_key]
        except KeyError:
            raise UnknownApiKey from None

    def has_elsewhere(self, company: Company, name: str, identifier: str) -> bool:
        """Whether a company with another id than this one owns a device or session: see Company.has."""
        return any(other.has(name, identifier) for id, other in list(self.companies.items()) if id != company.id)

    def get(self, id: str) -> Company:
        """The company with this id. Raises CompanyNotFound."""
        try:
            return self.companies[id]
        except KeyError:
            raise CompanyNotFound(id=id) from None

    def create(
        self,
        id: str | None = None,
        name: str | None = None,
        content: Company | None = None,
        seed: int | None = None,
        assumptions: Mapping[str, str] | None = None,
    ) -> tuple[Company, dict[str, Key]]:
        """Create a company with a copy of another's content. It replaces a company with the same id.

        Without an id, a new one is chosen. assumptions: the variants that it follows, besides those of the content or
        else of the server. Returns the company and its keys by purpose: read, write, read_write. Each
        key starts with ror- and the id.
        """
        with self._lock:
            if id is None:
                id = self._new_id()
            initial = self._new_company(id, name, seed)
            if content is not None:
                initial.copy_content_from(content)
            if assumptions:
                initial.assumptions = initial.assumptions.with_chosen(assumptions)
            keys = {
                "read": self._new_key(id, "READ"),
                "write": self._new_key(id, "WRITE"),
                "read_write": self._new_key(id, "READ_WRITE", unbind=True),
            }
            initial.keys = {key.api_key: key for key in keys.values()}
            company = self._create_from(initial)
            self._put(company)
            return company, keys

    def remove(self, id: str) -> None:
        """Remove a company and release the answers that its faults hold back. Raises CompanyNotFound."""
        with self._lock:
            company = self.get(id)
            del self.companies[id]
            self._remove_keys(company)
        company.faults.clear()

    def save_initial_state(self) -> None:
        """Save the current state of all companies as the one that a reset restores."""
        with self._lock:
            for company in self.companies.values():
                company.initial = company.copy()
            self._initial = {id: company.copy() for id, company in self.companies.items()}

    def empty_copy(self) -> "World":
        """A world without companies that has the same settings, to build companies in."""
        other = World(self.clock, self.identifiers, self.page_size, self._bounds, self.assumptions)
        other._numbers = self._numbers
        return other

    def reset(self) -> list[Company]:
        """Restore the initial state of all companies and remove newer ones. Also clears journals, clocks and faults."""
        with self._lock:
            old = list(self.companies.values())
            self.companies, self._by_key = {}, {}
            for initial in self._initial.values():
                self._put(self._create_from(initial))
            self.journal.clear()
        for company in old:
            company.faults.clear()
        return list(self.companies.values())

    def reset_company(self, id: str) -> Company:
        """Restore the initial state of a company. Without one, only its keys are kept. Raises CompanyNotFound."""
        with self._lock:
            old = self.get(id)
            initial = old.initial
            if initial is None:
                initial = self._new_company(id, old.name)
                initial.keys = dict(old.keys)
            company = self._create_from(initial)
            self._put(company)
        return company

    def restore(self, snapshots: Iterable[Company], only: str | None = None) -> list[Company]:
        """Replace the content and keys of all companies, or of one, by snapshots. Journals, clocks and faults stay.

        Raises ValueError if two companies would have the same key, and CompanyNotFound. Nothing is changed then.
        """
        with self._lock:
            if only is not None:
                self.get(only)
            restored = [self._restored(snapshot) for snapshot in snapshots]
            unchanged = {} if only is None else {id: c for id, c in self.companies.items() if id != only}
            owners = {api_key: company.id for company in unchanged.values() for api_key in company.keys}
            for company in restored:
                for api_key in company.keys:
                    owner = owners.setdefault(api_key, company.id)
                    if owner != company.id:
                        raise ValueError(f"the key ending in {tail(api_key)} belongs to company {owner} already")
            gone = [company for id, company in self.companies.items() if id not in unchanged]
            if only is None:
                self.companies, self._by_key = {}, {}
            for company in restored:
                self._put(company, clear_faults=False)
        kept = {company.id for company in restored}
        for company in gone:
            if company.id not in kept:
                company.faults.clear()
        return restored

    def _restored(self, snapshot: Company) -> Company:
        old = self.companies.get(snapshot.id)
        company = self._create_from(snapshot)
        if old is not None:
            company.keep_from(old)
        elif snapshot.id in self._initial:
            company.initial = self._initial[snapshot.id]
        return company

    def _new_company(self, id: str, name: str | None, seed: int | None = None) -> Company:
        return Company(
            id,
            name,
            clock=self.clock,
            identifiers=self.identifiers.of(id) if seed is None else Identifiers(seed),
            page_size=self.page_size,
            assumptions=self.assumptions,
            journal=Journal(self._bounds, self._numbers),
            seed=seed,
        )

    def _create_from(self, initial: Company) -> Company:
        company = self._new_company(initial.id, initial.name, initial.seed)
        company.keys = dict(initial.keys)
        company.copy_content_from(initial)
        company.initial = initial
        return company

    def _put(self, company: Company, clear_faults: bool = True) -> None:
        old = self.companies.get(company.id)
        if old is not None:
            self._remove_keys(old)
            if clear_faults:
                old.faults.clear()
        self.companies[company.id] = company
        for key in company.keys.values():
            self._by_key[key.api_key] = (company, key)

    def _remove_keys(self, company: Company) -> None:
        for api_key in company.keys:
            self._by_key.pop(api_key, None)

    def _new_id(self) -> str:
        while True:
            id = self.identifiers.new()[:8].lower()
            if id not in self.companies:
                return id

    def _new_key(self, id: str, access: str, unbind: bool = False) -> Key:
        while True:
            api_key = f"ror-{id}{self.identifiers.new()[:12].lower()}"
            if api_key not in self._by_key:
                return Key(api_key, access, unbind)
