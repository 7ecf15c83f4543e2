"""What one test depended on, in a form that can be sent from a worker to the controller."""

import re
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import urlencode

EXAMPLES = 3
"""How many requests of a test are kept for each assumption, as examples."""

_IDENTIFIER = re.compile("[0-9A-Fa-f]{64}")


@dataclass
class Use:
    """One assumption that mattered for a test, and the variant that was in force.

    requests: the number of requests for which it mattered. operations: what they called; None for none of the API.
    examples: some of them, as text. keyless: whether some belonged to no company, so that the mock's own variant was in
    force.
    """

    id: str
    variant: str
    requests: int = 0
    operations: list[str | None] = field(default_factory=list)
    examples: list[str] = field(default_factory=list)
    keyless: bool = False

    def add(self, entry: dict[str, Any]) -> None:
        """Add a request, which is an entry of a journal."""
        self.requests += 1
        self.keyless |= entry["company"] is None
        if entry["operation"] not in self.operations:
            self.operations.append(entry["operation"])
        text = _described(entry)
        if len(self.examples) < EXAMPLES and text not in self.examples:
            self.examples.append(text)


@dataclass
class Usage:
    """What a test did with the mocks.

    mock: whether it used one. lost: the number of requests that a journal dropped before they were read. notes: why
    something may be missing.
    """

    uses: list[Use] = field(default_factory=list)
    mock: bool = False
    lost: int = 0
    notes: list[str] = field(default_factory=list)

    def add(self, id: str, variant: str, entry: dict[str, Any]) -> None:
        """Add a request that depended on an assumption, of which the variant was in force."""
        for use in self.uses:
            if (use.id, use.variant) == (id, variant):
                break
        else:
            use = Use(id, variant)
            self.uses.append(use)
        use.add(entry)

    def note(self, text: str) -> None:
        """Say, once, why something may be missing."""
        if text not in self.notes:
            self.notes.append(text)

    def as_dict(self) -> dict[str, Any]:
        """This usage as JSON values."""
        return asdict(self)

    @classmethod
    def of(cls, values: dict[str, Any]) -> "Usage":
        """Create a usage from its JSON values."""
        return cls(**{**values, "uses": [Use(**use) for use in values["uses"]]})


def _described(entry: dict[str, Any]) -> str:
    """A request in one short line. Identifiers are shortened to their first digits."""
    query = f"?{urlencode(entry['query'], doseq=True, safe=':')}" if entry["query"] else ""
    path = _IDENTIFIER.sub(lambda found: f"{found[0][:8]}…", entry["path"] + query)
    status = "no answer" if entry["status"] is None else entry["status"]
    return f"{entry['method']} {path}: {status}"
