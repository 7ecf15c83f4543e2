"""The requests that a mock received, and the error for requests that a test did not expect."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

import orjson

_COUNTS = ("count", "at_least", "at_most")
_EXACT = ("query", "body")
"""What `exact` applies to."""

_LONGEST_VALUE = 160


@dataclass(frozen=True)
class Request:
    """A request that the mock received. The fields are those of schemas/admin/journal-entry.json."""

    id: int
    company: str | None
    time: str
    method: str
    path: str
    operation: str | None
    query: dict[str, Any]
    headers: list[str]
    key: str | None
    body: Any
    body_bytes: int
    body_kept: bool
    status: int | None
    duration_ms: float | None
    valid: bool
    problems: list[dict[str, Any]]
    fault: str | None
    assumptions: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, entry: Mapping[str, Any]) -> "Request":
        """Create a Request from a journal entry. Fields that a newer mock has added are ignored."""
        return cls(**{each.name: entry[each.name] for each in fields(cls) if each.name in entry})

    def __str__(self) -> str:
        answer = "no answer" if self.status is None else self.status
        return f"{self.method} {self.path} ({self.operation or 'no operation'}) at {self.time}: {answer}"


class VerificationFailed(AssertionError):
    """The mock did not receive the expected requests. The message shows the nearest ones.

    expected: as in schemas/admin/requests/verify.json. answer: as in schemas/admin/answers/verification.json.
    """

    def __init__(self, expected: dict[str, Any], answer: dict[str, Any]) -> None:
        super().__init__(_report(expected, answer))
        self.expected = expected
        self.answer = answer


def _report(expected: dict[str, Any], answer: dict[str, Any]) -> str:
    lines = [f"{_sought(expected)}: {answer['message']}"]
    for number, near in enumerate(answer["nearest"], 1):
        lines.append(f"  nearest {number}: {Request.of(near['request'])}")
        for mismatch in near["mismatches"]:
            lines.append(f"    {mismatch['field']}:")
            lines.append(f"      expected {_side(mismatch, 'expected')}")
            lines.append(f"      actual   {_side(mismatch, 'actual')}")
    return "\n".join(lines)


def _sought(expected: dict[str, Any]) -> str:
    """A description of the expected requests: bindDevice with body {"alias":"Finish"}."""
    features = {name: value for name, value in expected.items() if name not in _COUNTS}
    operation = features.pop("operation", "requests")
    exactly = "exactly " if features.pop("exact", False) else ""
    described = ", ".join(
        f"{exactly if name in _EXACT else ''}{name} {_shown(value)}" for name, value in features.items()
    )
    return f"{operation} with {described}" if described else str(operation)


def _side(mismatch: dict[str, Any], side: str) -> str:
    """A value as JSON, or the bare word for a side on which there is none."""
    return _shown(mismatch[side]) if side in mismatch else "nothing"


def _shown(value: Any) -> str:
    text = orjson.dumps(value).decode()
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…"
