"""Companies and their keys. Each company has its own state; companies cannot see each other."""

import itertools
from dataclasses import dataclass

from ..assumptions import Assumptions
from ..base.clock import Clock, CompanyClock
from ..base.identifiers import Identifiers
from .devices import Devices
from .events import Events
from .faults import Faults
from .journal import Bounds, Journal
from .passings import Passings
from .quota import Quota
from .rate import Rate
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
    """An account: its keys, devices, sessions, passings and events.

    The live API has no equivalent of the rest: a clock, a journal of the requests, faults, a quota, the rate of its
    requests, and the initial state that a reset restores (None in a snapshot, in an initial state, and until one is
    saved).
    """

    def __init__(
        self,
        id: str,
        name: str | None = None,
        *,
        clock: Clock,
        identifiers: Identifiers,
        page_size: int,
        assumptions: Assumptions | None = None,
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
        self.rate = Rate()
        self.initial: Company | None = None
        self.page_size = page_size
        self.state = State(self.clock, identifiers, assumptions or Assumptions())
        self.devices = Devices(self.state)
        self.sessions = Sessions(self.state, self.devices)
        self.passings = Passings(self.state, self.devices, self.sessions, page_size)
        self.events = Events(self.state)

    @property
    def assumptions(self) -> Assumptions:
        """How the company's mock behaves where nothing is published. Assigning others takes effect at once."""
        return self.state.assumptions

    @assumptions.setter
    def assumptions(self, assumptions: Assumptions) -> None:
        self.state.assumptions = assumptions

    def has(self, name: str, identifier: str) -> bool:
        """Whether the company owns a device or session. name: "deviceid" or "token_session"."""
        find = self.devices.find if name == "deviceid" else self.sessions.find
        return find(identifier) is not None

    def unbind(self, deviceid: str) -> None:
        """Unbind a device, and remove its sessions and passings. Raises DeviceNotFound."""
        with self.state.lock:
            self.devices.remove(deviceid)
            self.sessions.remove_of_device(deviceid)

    def copy_content_from(self, other: "Company") -> None:
        """Replace devices, sessions, passings, events and assumptions by another company's.

        They share the passings at first.

        Only for a company that no request can reach yet. Quick, however many passings there are.
        """
        with other.state.lock:
            self.state.assumptions = other.state.assumptions
            self.state.store = other.state.store.copy()
            self.devices.copy_from(other.devices)
            self.sessions.copy_from(other.sessions)
            self.events.copy_from(other.events)

    def copy(self) -> "Company":
        """A copy of the current content and keys: for a snapshot or an initial state, so nothing may write to it."""
        other = Company(
            self.id,
            self.name,
            clock=self.clock,
            identifiers=self.state.identifiers,
            page_size=self.page_size,
            assumptions=self.assumptions,
            journal=self.journal,
            seed=self.seed,
        )
        other.keys = dict(self.keys)
        other.copy_content_from(self)
        return other

    def has_same_content_as(self, other: "Company") -> bool:
        """Whether another company has the same devices, sessions and passings. other: a copy that nobody changes.

        Quick if the two share most of their passings.
        """
        with self.state.lock:
            return (
                list(self.devices) == list(other.devices)
                and all(
                    self.sessions.of_device(device.deviceid) == other.sessions.of_device(device.deviceid)
                    for device in self.devices
                )
                and self.state.store.has_same_passings_as(other.state.store)
            )

    def count(self) -> dict[str, int]:
        """The number of devices, sessions, passings and events."""
        with self.state.lock:
            return {
                "devices": len(self.devices),
                "sessions": len(self.sessions),
                "passings": self.state.store.count(),
                "events": len(self.events),
            }

    def keep_from(self, old: "Company") -> None:
        """Keep the clock, identifiers, journal, faults, quota and initial state of the company that this replaces."""
        self.clock = self.state.clock = old.clock
        self.state.identifiers = old.state.identifiers
        self.journal, self.faults, self.quota, self.initial = old.journal, old.faults, old.quota, old.initial
