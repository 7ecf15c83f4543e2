"""What a run found: where the target is not as the contract says."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

BREAKING = "breaking"
"""A documented or observed field is missing or retyped, a status or a text changed, a documented rule broken."""

ADDITION = "addition"
"""A field or a status that no document knows. Clients that ignore what they do not know live on."""

NOTE = "note"
"""Something is not as we assumed. Never a failure: nobody promised it."""

KINDS = (BREAKING, ADDITION, NOTE)


@dataclass(frozen=True)
class Evidence:
    """Why the contract says so: documented, observed or assumed, with the vendor's page or a note."""

    level: str
    source: str | None = None
    note: str | None = None

    @classmethod
    def of(cls, annotation: Mapping[str, Any]) -> "Evidence":
        """From an x-evidence; what has none is assumed."""
        return cls(annotation.get("level", "assumed"), annotation.get("source"), annotation.get("note"))

    @property
    def kind(self) -> str:
        """What a departure from a statement of this evidence is."""
        return NOTE if self.level == "assumed" else BREAKING

    def weakened_by(self, other: "Evidence") -> "Evidence":
        """The weaker of two: a statement that rests on both is assumed if one of them is."""
        return other if other.level == "assumed" else self


@dataclass(frozen=True)
class Finding:
    """One departure from the contract: what was asked, what should have come, what came, and why it should have.

    rests_on names the statement (an operation with a status and an answer, or with the id of a rule); pointer is a
    JSON Pointer into the body, without the envelope; or #status, #content-type, #body for what lies outside of it.
    """

    kind: str
    operation: str
    rests_on: str
    expected: str
    actual: str
    evidence: Evidence
    status: int | None = None
    pointer: str = ""
    request: str = ""
    check: str = ""
    seed: int | None = None
    times: int = field(default=1, compare=False)

    @property
    def fingerprint(self) -> str:
        """The same for the same departure in another run: it knows no values, no identifiers, no place in a list."""
        pointer = re.sub(r"/\d+(?=/|$)", "/*", self.pointer)
        identity = "\n".join([self.kind, self.operation, self.rests_on, pointer])
        return hashlib.sha256(identity.encode()).hexdigest()[:16]

    def again(self) -> "Finding":
        """The same, seen once more."""
        return replace(self, times=self.times + 1)

    def as_dict(self) -> dict[str, Any]:
        """As it stands in the JSON report and in a baseline."""
        return {
            "fingerprint": self.fingerprint,
            "kind": self.kind,
            "operation": self.operation,
            "status": self.status,
            "rests_on": self.rests_on,
            "pointer": self.pointer,
            "expected": self.expected,
            "actual": self.actual,
            "evidence": {
                name: value
                for name, value in (
                    ("level", self.evidence.level),
                    ("source", self.evidence.source),
                    ("note", self.evidence.note),
                )
                if value
            },
            "request": self.request,
            "check": self.check,
            "seed": self.seed,
            "times": self.times,
        }


class Findings:
    """All that a run found, each departure once."""

    def __init__(self) -> None:
        self._found: dict[str, Finding] = {}

    def __iter__(self) -> Iterator[Finding]:
        """Those that break clients first."""
        return iter(sorted(self._found.values(), key=lambda finding: KINDS.index(finding.kind)))

    def __len__(self) -> int:
        return len(self._found)

    def __contains__(self, finding: Finding) -> bool:
        return finding.fingerprint in self._found

    def add(self, finding: Finding) -> None:
        known = self._found.get(finding.fingerprint)
        self._found[finding.fingerprint] = known.again() if known else finding
