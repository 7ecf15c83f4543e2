"""What the parts of a company share."""

import threading
from dataclasses import dataclass, field

from ..base.clock import Clock
from ..base.identifiers import Identifiers
from .store import Store

SESSION_LENGTH = 2 * 60 * 60 * 1000
"""Milliseconds from creation_date to duration: two hours, as in the vendor's example."""


@dataclass
class State:
    """The clock of a company, the source of its identifiers, its passings, and one lock for all of its content."""

    clock: Clock
    identifiers: Identifiers
    session_length: int = SESSION_LENGTH
    store: Store = field(default_factory=Store)
    lock: threading.RLock = field(default_factory=threading.RLock)
