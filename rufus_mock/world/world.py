"""All companies of a server: found by id and by key, made, removed, begun anew."""

import itertools
import threading
from collections.abc import Iterable

from ..base.clock import Clock
from ..base.errors import CompanyNotFound, NotReady, UnknownApiKey
from ..base.identifiers import Identifiers
from ..base.masking import tail
from .companies import Company, Key
from .journal import Bounds, Journal


class World:
    """All companies of a server, whose key is whose, and how it all began.

    ready: False while the fixtures are loaded. journal: the requests that belong to no company.
    """

    def __init__(self, clock: Clock, identifiers: Identifiers, page_size: int, bounds: Bounds | None = None) -> None:
        self.clock = clock
        self.identifiers = identifiers
        self.page_size = page_size
        self.ready = True
        self.companies: dict[str, Company] = {}
        self._bounds = bounds or Bounds()
        self._numbers = itertools.count(1)
        self.journal = Journal(self._bounds, self._numbers)
        self._by_key: dict[str, tuple[Company, Key]] = {}
        self._beginnings: dict[str, Company] = {}
        self._lock = threading.RLock()

    def company(self, id: str, name: str | None = None) -> Company:
        """The company of this id, made where there is none."""
        with self._lock:
            if id not in self.companies:
                self.companies[id] = self._new(id, name)
            return self.companies[id]

    def give(self, company: Company, key: Key) -> None:
        """Give a company a key. Raises ValueError for a key that another company has."""
        with self._lock:
            owner = self._by_key.get(key.api_key)
            if owner is not None and owner[0] is not company:
                raise ValueError(f"the key ending in {tail(key.api_key)} belongs to company {owner[0].id} already")
            company.keys[key.api_key] = key
            self._by_key[key.api_key] = (company, key)

    def authenticate(self, api_key: str) -> tuple[Company, Key]:
        """The company that a key names, and what the key may do. Raises UnknownApiKey, NotReady."""
        try:
            return self._by_key[api_key]
        except KeyError:
            if not self.ready:
                raise NotReady from None
            raise UnknownApiKey from None

    def get(self, id: str) -> Company:
        """The company of this id. Raises CompanyNotFound."""
        try:
            return self.companies[id]
        except KeyError:
            raise CompanyNotFound(id=id) from None

    def create(
        self,
        id: str | None = None,
        name: str | None = None,
        holds: Company | None = None,
        seed: int | None = None,
    ) -> tuple[Company, dict[str, Key]]:
        """A company that begins with what another holds, in the place of one that has this id already.

        Also its keys, by what they are for: read, write, read_write. They begin with ror- and its id, which without
        one given is a fresh one.
        """
        with self._lock:
            if id is None:
                id = self._fresh_id()
            beginning = self._new(id, name, seed)
            if holds is not None:
                beginning.take_in(holds)
            keys = {
                "read": self._key(id, "READ"),
                "write": self._key(id, "WRITE"),
                "read_write": self._key(id, "READ_WRITE", unbind=True),
            }
            beginning.keys = {key.api_key: key for key in keys.values()}
            company = self._begun(beginning)
            self._put(company)
            return company, keys

    def remove(self, id: str) -> None:
        """Forget a company; what its faults hold is let go. Raises CompanyNotFound."""
        with self._lock:
            company = self.get(id)
            del self.companies[id]
            self._take_keys(company)
        company.faults.clear()

    def begin(self) -> None:
        """What the companies hold now is what a reset goes back to."""
        with self._lock:
            for company in self.companies.values():
                company.beginning = company.copy()
            self._beginnings = {id: company.copy() for id, company in self.companies.items()}

    def another(self) -> "World":
        """An empty world of the same kind, to build something in."""
        other = World(self.clock, self.identifiers, self.page_size, self._bounds)
        other._numbers = self._numbers
        return other

    def adopt(self, other: "World") -> None:
        """Be what another world is, and ready."""
        with self._lock:
            self.companies, self._by_key, self._beginnings = other.companies, other._by_key, other._beginnings
            self.ready = True

    def reset(self) -> list[Company]:
        """All as it began: companies that were made since are gone, journals empty, clocks right, no fault left."""
        with self._lock:
            old = list(self.companies.values())
            self.companies, self._by_key = {}, {}
            for beginning in self._beginnings.values():
                self._put(self._begun(beginning))
            self.journal.clear()
        for company in old:
            company.faults.clear()
        return list(self.companies.values())

    def reset_company(self, id: str) -> Company:
        """A company as it began. Raises CompanyNotFound."""
        with self._lock:
            old = self.get(id)
            beginning = old.beginning
            if beginning is None:
                beginning = self._new(id, old.name)
                beginning.keys = dict(old.keys)
            company = self._begun(beginning)
            self._put(company)
        return company

    def restore(self, snapshots: Iterable[Company], only: str | None = None) -> list[Company]:
        """Put what snapshots hold in the place of all companies, or of one; journals, clocks and faults stay.

        Raises ValueError for a key that two companies would have, and CompanyNotFound; then nothing has changed.
        """
        with self._lock:
            if only is not None:
                self.get(only)
            restored = [self._restored(snapshot) for snapshot in snapshots]
            staying = {} if only is None else {id: c for id, c in self.companies.items() if id != only}
            owners = {api_key: company.id for company in staying.values() for api_key in company.keys}
            for company in restored:
                for api_key in company.keys:
                    owner = owners.setdefault(api_key, company.id)
                    if owner != company.id:
                        raise ValueError(f"the key ending in {tail(api_key)} belongs to company {owner} already")
            gone = [company for id, company in self.companies.items() if id not in staying]
            if only is None:
                self.companies, self._by_key = {}, {}
            for company in restored:
                self._put(company, closing=False)
        kept = {company.id for company in restored}
        for company in gone:
            if company.id not in kept:
                company.faults.clear()
        return restored

    def _restored(self, snapshot: Company) -> Company:
        old = self.companies.get(snapshot.id)
        company = self._begun(snapshot)
        if old is not None:
            company.inherit(old)
        elif snapshot.id in self._beginnings:
            company.beginning = self._beginnings[snapshot.id]
        return company

    def _new(self, id: str, name: str | None, seed: int | None = None) -> Company:
        return Company(
            id,
            name,
            clock=self.clock,
            identifiers=self.identifiers.of(id) if seed is None else Identifiers(seed),
            page_size=self.page_size,
            journal=Journal(self._bounds, self._numbers),
            seed=seed,
        )

    def _begun(self, beginning: Company) -> Company:
        company = self._new(beginning.id, beginning.name, beginning.seed)
        company.keys = dict(beginning.keys)
        company.take_in(beginning)
        company.beginning = beginning
        return company

    def _put(self, company: Company, closing: bool = True) -> None:
        old = self.companies.get(company.id)
        if old is not None:
            self._take_keys(old)
            if closing:
                old.faults.clear()
        self.companies[company.id] = company
        for key in company.keys.values():
            self._by_key[key.api_key] = (company, key)

    def _take_keys(self, company: Company) -> None:
        for api_key in company.keys:
            self._by_key.pop(api_key, None)

    def _fresh_id(self) -> str:
        while True:
            id = self.identifiers.new()[:8].lower()
            if id not in self.companies:
                return id

    def _key(self, id: str, access: str, unbind: bool = False) -> Key:
        while True:
            api_key = f"ror-{id}{self.identifiers.new()[:12].lower()}"
            if api_key not in self._by_key:
                return Key(api_key, access, unbind)
