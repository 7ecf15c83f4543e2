"""The write after which everything is read, and the statements that a wrong state breaks."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ..judge.statements import Statement, by_write, state_rule

_NOTHING_ELSE = {
    "bindDevice": state_rule("bind-changes-nothing-else"),
    "unbindDevice": state_rule("unbind-changes-nothing-else"),
    "insertSession": state_rule("open-changes-nothing-else"),
    "closeSession": state_rule("close-changes-nothing-else"),
    "insertPassings": state_rule("insert-changes-nothing-else"),
}

_OF_WHAT_IS_NAMED = {
    ("bindDevice", "device"): state_rule("bound-as-sent"),
    ("insertSession", "session"): state_rule("session-as-sent"),
    ("insertSession", "active"): state_rule("session-active"),
    ("insertSession", "inactive"): state_rule("one-active-session"),
    ("closeSession", "session"): state_rule("closed-readable"),
    ("closeSession", "inactive"): state_rule("closed-inactive"),
    ("insertPassings", "passing"): state_rule("passing-as-sent"),
}
"""The statement about what a write does to what it names."""


@dataclass(frozen=True)
class Cause:
    """One write, or several of one operation that were all refused.

    what: the write in words. named: the devices and sessions that it may change. refused: the statement by which each
    num_passing, or session alias, was refused that must not be stored. extra: the statement that anything else breaks
    that appears; nothing_else by default. also: other operations that wrote to what is named. before: earlier writes
    after which nothing was compared.
    """

    operation_id: str
    what: str
    named: frozenset[str] = frozenset()
    refused: Mapping[int | str, Statement] = field(default_factory=dict)
    extra: Statement | None = None
    also: tuple[str, ...] = ()
    before: "tuple[Cause, ...]" = ()

    def joined_with(self, other: "Cause") -> "Cause":
        """Several writes of one operation as one."""
        return replace(self, named=self.named | other.named, refused={**self.refused, **other.refused})

    @property
    def nothing_else(self) -> Statement:
        """The statement that the write changes nothing but what it names."""
        return _NOTHING_ELSE[self.operation_id]

    def breaks(self, aspect: str, *identifiers: str) -> Statement:
        """The statement that is broken if this aspect of something is wrong; aspect: see _OF_WHAT_IS_NAMED."""
        if self.named & set(identifiers):
            for operation_id in (self.operation_id, *self.also):
                if (operation_id, aspect) in _OF_WHAT_IS_NAMED:
                    return _OF_WHAT_IS_NAMED[operation_id, aspect]
        # Which session is active is the last write's to change; what was sent before may have been stored wrong then.
        for earlier in self.before if aspect in ("device", "session", "passing") else ():
            if earlier.named & set(identifiers) and (earlier.operation_id, aspect) in _OF_WHAT_IS_NAMED:
                return _OF_WHAT_IS_NAMED[earlier.operation_id, aspect]
        return self.nothing_else

    def stored_anyway(self, key: int | str) -> Statement:
        """The statement that is broken if this exists, although no accepted request made it."""
        refused = self.refused.get(key)
        return by_write(refused, self.operation_id) if refused else self.extra or self.nothing_else

    def __str__(self) -> str:
        return f"after {self.what}"
