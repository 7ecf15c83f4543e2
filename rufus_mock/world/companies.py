"""Companies and their keys. All state hangs off a company: two companies never see each other."""

import threading
from dataclasses import dataclass

from ..clock import Clock
from ..errors import UnknownApiKey
from ..identifiers import Identifiers
from .devices import Devices
from .passings import Passings
from .sessions import Sessions
from .state import State


@dataclass(frozen=True)
class Key:
    """An API key: READ, WRITE or READ_WRITE, and whether it may unbind devices."""

    api_key: str
    access: str
    unbind: bool = False
    alias: str | None = None


class Company:
    """An account: its keys, and through them its devices, sessions and passings."""

    def __init__(
        self, id: str, name: str | None = None, *, clock: Clock, identifiers: Identifiers, page_size: int
    ) -> None:
        self.id = id
        self.name = name
        self.keys: dict[str, Key] = {}
        self.state = State(clock, identifiers)
        self.devices = Devices(self.state)
        self.sessions = Sessions(self.state, self.devices)
        self.passings = Passings(self.state, self.devices, self.sessions, page_size)

    def unbind(self, deviceid: str) -> None:
        """Unbind a device; its sessions and passings go with it. Raises DeviceNotFound."""
        with self.state.lock:
            self.sessions.forget(self.devices.unbind(deviceid))


class World:
    """All companies of a server, and whose key is whose."""

    def __init__(self, clock: Clock, identifiers: Identifiers, page_size: int) -> None:
        self.clock = clock
        self.identifiers = identifiers
        self.page_size = page_size
        self.companies: dict[str, Company] = {}
        self._by_key: dict[str, tuple[Company, Key]] = {}
        self._lock = threading.Lock()

    def company(self, id: str, name: str | None = None) -> Company:
        """The company of this id, made where there is none."""
        with self._lock:
            if id not in self.companies:
                self.companies[id] = Company(
                    id, name, clock=self.clock, identifiers=self.identifiers, page_size=self.page_size
                )
            return self.companies[id]

    def give(self, company: Company, key: Key) -> None:
        """Give a company a key. Raises ValueError for a key that another company has."""
        with self._lock:
            owner = self._by_key.get(key.api_key)
            if owner is not None and owner[0] is not company:
                raise ValueError(f"the key ending in {key.api_key[-4:]} belongs to company {owner[0].id} already")
            company.keys[key.api_key] = key
            self._by_key[key.api_key] = (company, key)

    def authenticate(self, api_key: str) -> tuple[Company, Key]:
        """The company that a key names, and what the key may do. Raises UnknownApiKey."""
        try:
            return self._by_key[api_key]
        except KeyError:
            raise UnknownApiKey from None
