"""Companies and their keys. All state hangs off a company: two companies never see each other."""

import itertools
from dataclasses import dataclass

from ..base.clock import Clock, CompanyClock
from ..base.identifiers import Identifiers
from .devices import Devices
from .events import Events
from .faults import Faults
from .journal import Bounds, Journal
from .passings import Passings
from .quota import Quota
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
    """An account: its keys, and through them its devices, sessions, passings and events.

    Beside what the live API knows: a clock, a journal of its requests, faults and a quota, and how it began (None: it
    is itself the beginning of one).
    """

    def __init__(
        self,
        id: str,
        name: str | None = None,
        *,
        clock: Clock,
        identifiers: Identifiers,
        page_size: int,
        journal: Journal | None = None,
        seed: int | None = None,
    ) -> None:
        self.id = id
        self.name = name
        self.seed = seed
        self.keys: dict[str, Key] = {}
        self.clock = CompanyClock(clock)
        self.journal = journal or Journal(Bounds(), itertools.count(1))
        self.faults = Faults()
        self.quota: Quota | None = None
        self.beginning: Company | None = None
        self.page_size = page_size
        self.state = State(self.clock, identifiers)
        self.devices = Devices(self.state)
        self.sessions = Sessions(self.state, self.devices)
        self.passings = Passings(self.state, self.devices, self.sessions, page_size)
        self.events = Events(self.state)

    def unbind(self, deviceid: str) -> None:
        """Unbind a device; its sessions and passings go with it. Raises DeviceNotFound."""
        with self.state.lock:
            self.sessions.forget(self.devices.unbind(deviceid))

    def take_in(self, other: "Company") -> None:
        """Hold what another company holds: devices, sessions, passings, events. Costs little, however much that is."""
        with other.state.lock:
            for device in other.devices:
                self.devices.add(device.copy())
            for event in other.events:
                self.events.add(event)
        for device in self.devices:
            self.sessions.take_in(device)

    def copy(self) -> "Company":
        """What this company holds at this moment, and its keys, for no one to write to: a snapshot, a beginning."""
        other = Company(
            self.id,
            self.name,
            clock=self.clock,
            identifiers=self.state.identifiers,
            page_size=self.page_size,
            journal=self.journal,
            seed=self.seed,
        )
        other.keys = dict(self.keys)
        other.take_in(self)
        return other

    def count(self) -> dict[str, int]:
        """How many devices, sessions, passings and events it holds. Hold the lock of its state."""
        devices = list(self.devices)
        return {
            "devices": len(devices),
            "sessions": sum(len(device.sessions) for device in devices),
            "passings": sum(len(device.by_time) for device in devices),
            "events": len(self.events),
        }

    def inherit(self, old: "Company") -> None:
        """Go on with the clock, the journal, the faults, the identifiers and the beginning of another company."""
        self.clock = self.state.clock = old.clock
        self.state.identifiers = old.state.identifiers
        self.journal, self.faults, self.quota, self.beginning = old.journal, old.faults, old.quota, old.beginning
