"""What the parts of a company share."""

import threading
from dataclasses import dataclass, field

from ..base.clock import Clock
from ..base.identifiers import Identifiers

SESSION_LENGTH = 2 * 60 * 60 * 1000
"""Milliseconds from creation_date to duration: two hours, as in the vendor's example."""


@dataclass
class State:
    """One lock for all of a company's state; its clock; where its identifiers come from."""

    clock: Clock
    identifiers: Identifiers
    session_length: int = SESSION_LENGTH
    lock: threading.RLock = field(default_factory=threading.RLock)
