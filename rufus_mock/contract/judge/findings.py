"""The departures from the contract that a run finds."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

BREAKING = "breaking"
"""A documented or observed field is missing or has another type, a status or text differs, or a rule is broken."""

ADDITION = "addition"
"""A field or status that no document mentions. Clients that ignore unknown fields keep working."""

NOTE = "note"
"""A difference from an assumed statement. It never fails a run, because nobody promised otherwise."""

KINDS = (BREAKING, ADDITION, NOTE)

MEANING = {
    BREAKING: "something that a client may rely on is different",
    ADDITION: "something that no document mentions; a careful client ignores it",
    NOTE: "something differs from an assumption; this never fails a run",
}


@dataclass(frozen=True)
class Evidence:
    """What a statement of the contract rests on: documented, observed or assumed, with the vendor's page or a note.

    assumptions: the ids of the assumptions that it rests on, if it is assumed.
    """

    level: str
    source: str | None = None
    note: str | None = None
    assumptions: tuple[str, ...] = ()

    @classmethod
    def of(cls, annotation: Mapping[str, Any]) -> "Evidence":
        """Reads an x-evidence; a statement without one is assumed."""
        return cls(
            annotation.get("level", "assumed"),
            annotation.get("source"),
            annotation.get("note"),
            tuple(annotation.get("assumptions", ())),
        )

    @property
    def kind(self) -> str:
        """The kind of a departure from a statement with this evidence."""
        return NOTE if self.level == "assumed" else BREAKING

    def weakened_by(self, other: "Evidence") -> "Evidence":
        """The weaker of two: a statement that rests on both is assumed if one of them is assumed."""
        if other.level != "assumed":
            return self
        own = self.assumptions if self.level == "assumed" else ()
        return replace(other, assumptions=(*own, *other.assumptions))


@dataclass(frozen=True)
class Finding:
    """One departure from the contract: the request, the expected and the actual answer, and the evidence.

    rests_on names the statement (an operation with a status and an answer, or with the id of a rule); pointer is a
    JSON Pointer into the body without the envelope, or #status, #content-type or #body for what is outside the body.
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
        """The same for the same departure in another run: it contains no values, identifiers or list positions."""
        pointer = re.sub(r"/\d+(?=/|$)", "/*", self.pointer)
        identity = "\n".join([self.kind, self.operation, self.rests_on, pointer])
        return hashlib.sha256(identity.encode()).hexdigest()[:16]

    def weakened_by(self, other: Evidence) -> "Finding":
        """The same departure if its statement also rests on `other`: nothing breaks a statement that is assumed."""
        evidence = self.evidence.weakened_by(other)
        return replace(self, evidence=evidence, kind=evidence.kind if self.kind == BREAKING else self.kind)

    def again(self) -> "Finding":
        """The same finding, seen once more."""
        return replace(self, times=self.times + 1)

    def as_dict(self) -> dict[str, Any]:
        """The form in the JSON report and in a baseline."""
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
    """All findings of a run, each departure once."""

    def __init__(self) -> None:
        self._found: dict[str, Finding] = {}

    def __iter__(self) -> Iterator[Finding]:
        """Breaking findings come first."""
        return iter(sorted(self._found.values(), key=lambda finding: KINDS.index(finding.kind)))

    def __len__(self) -> int:
        return len(self._found)

    def __contains__(self, finding: Finding) -> bool:
        return finding.fingerprint in self._found

    def add(self, finding: Finding) -> None:
        known = self._found.get(finding.fingerprint)
        self._found[finding.fingerprint] = known.again() if known else finding
