"""What the parts of a company share."""

import threading
from dataclasses import dataclass, field

from ..assumptions import Assumptions
from ..base.clock import Clock
from ..base.identifiers import Identifiers
from .store import Store

SESSION_LENGTH = 2 * 60 * 60 * 1000
"""Milliseconds from creation_date to duration: two hours, as in the vendor's example."""


@dataclass
class State:
    """The clock of a company, the source of its identifiers, its assumptions, its passings, and one lock for them."""

    clock: Clock
    identifiers: Identifiers
    assumptions: Assumptions = field(default_factory=Assumptions)
    session_length: int = SESSION_LENGTH
    store: Store = field(default_factory=Store)
    lock: threading.RLock = field(default_factory=threading.RLock)
