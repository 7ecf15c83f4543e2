"""A difference between the vendor's document and the contract."""

from collections.abc import Iterable
from dataclasses import dataclass

BREAKING = "breaking"
"""A client that was written against the contract may fail."""
COMPATIBLE = "compatible"
"""A client that was written against the contract still works."""
NOTE = "note"
"""The contract only assumed this, so the document may settle it."""

KINDS = (BREAKING, COMPATIBLE, NOTE)


@dataclass(frozen=True)
class Difference:
    """A difference. operation: an operationId, or the method and path of a new operation; None: the whole API.

    place: where in the operation, such as `request /alias`. expected: what the contract says; actual: the document.
    """

    kind: str
    operation: str | None
    place: str
    expected: str
    actual: str

    @property
    def fingerprint(self) -> str:
        """What identifies the difference in a baseline."""
        return " | ".join((self.operation or "", self.place, self.expected, self.actual))


def ordered(differences: Iterable[Difference]) -> list[Difference]:
    """The differences by kind, those that break a client first; else in the order of the contract."""
    return sorted(differences, key=lambda each: KINDS.index(each.kind))
