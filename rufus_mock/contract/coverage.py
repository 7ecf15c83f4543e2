"""How much of the contract a run exercised, and how much of that conformed: two figures, never one."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from ..specification import Operation, Specification
from .answers import statement
from .findings import BREAKING, Finding

BEYOND_REACH = ("InternalError", "ContentTooLarge")
"""No test provokes the first, and none should try the second on someone's server: not counted, as the report says."""

CONFORMS = "conforms"
DRIFT = "drift"
NOT_EXERCISED = "not exercised"

EVERYWHERE = "all operations"
"""The name of what holds for all of them."""


@dataclass
class Verdict:
    """What a run says about one operation; operation None is what holds for all of them."""

    operation: Operation | None
    statements: tuple[str, ...]
    exercised: set[str] = field(default_factory=set)
    broken: set[str] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)
    reasons: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.operation.id if self.operation else EVERYWHERE

    @property
    def call(self) -> str:
        return f"{self.operation.method} {self.operation.path}" if self.operation else ""

    @property
    def verdict(self) -> str:
        if any(finding.kind == BREAKING for finding in self.findings):
            return DRIFT
        return CONFORMS if self.exercised else NOT_EXERCISED

    @property
    def missing(self) -> dict[str, str]:
        """The statements that were not exercised, and why."""
        return {
            name: self.reasons.get(name, "no check came to it")
            for name in self.statements
            if name not in self.exercised
        }


class Coverage:
    """The statements of the contract, by operation, and which of them were held against an answer."""

    def __init__(self, specification: Specification, operations: Iterable[str] = ()) -> None:
        chosen = set(operations) or set(specification.operations)
        self._verdicts: dict[str, Verdict] = {
            operation.id: Verdict(operation, tuple(_statements(operation)))
            for operation in specification.operations.values()
            if operation.id in chosen
        }
        # Rules beyond reach are about requests that a proxy may refuse or change: no check sends them.
        within_reach = (rule["id"] for rule in specification.rules if not rule.get("x-beyond-reach"))
        everywhere = Verdict(None, tuple(within_reach))
        self._verdicts[everywhere.name] = everywhere
        self._of_statement = {name: verdict for verdict in self._verdicts.values() for name in verdict.statements}

    @property
    def verdicts(self) -> list[Verdict]:
        return list(self._verdicts.values())

    def settle(self, dialect: str) -> None:
        """The target speaks this dialect: what holds in the other one only is no statement about it."""
        for verdict in self.verdicts:
            rules = verdict.operation.rules if verdict.operation else ()
            elsewhere = {
                f"{verdict.name} {rule['id']}" for rule in rules if dialect not in rule.get("x-dialects", (dialect,))
            }
            verdict.statements = tuple(name for name in verdict.statements if name not in elsewhere)

    def exercise(self, name: str) -> None:
        """A statement was held against an answer."""
        if name in self._of_statement:
            self._of_statement[name].exercised.add(name)

    def skip(self, names: Iterable[str], reason: str, special: bool = False) -> None:
        """These statements are not exercised, unless another check does. A special reason comes before others."""
        for name in names:
            if name in self._of_statement:
                reasons = self._of_statement[name].reasons
                reasons[name] = reason if special else reasons.get(name, reason)

    def statements_of(self, operation_id: str) -> tuple[str, ...]:
        return self._verdicts[operation_id].statements if operation_id in self._verdicts else ()

    def found(self, finding: Finding) -> None:
        """A departure: it breaks the statement that it rests on, and counts for the operation that was asked."""
        if finding.operation in self._verdicts:
            self._verdicts[finding.operation].findings.append(finding)
        if finding.kind == BREAKING and finding.rests_on in self._of_statement:
            self._of_statement[finding.rests_on].exercised.add(finding.rests_on)
            self._of_statement[finding.rests_on].broken.add(finding.rests_on)

    @property
    def counts(self) -> Mapping[str, int]:
        """Of all verdicts: how many statements there are, how many were exercised, how many of those broken."""
        return {
            "statements": sum(len(verdict.statements) for verdict in self.verdicts),
            "exercised": sum(len(verdict.exercised) for verdict in self.verdicts),
            "broken": sum(len(verdict.broken) for verdict in self.verdicts),
        }

    @property
    def coverage(self) -> float:
        """Per cent of the statements that were exercised."""
        counts = self.counts
        return 100 * counts["exercised"] / counts["statements"]

    @property
    def conformance(self) -> float | None:
        """Per cent of the exercised statements that held; None where none was exercised."""
        counts = self.counts
        if not counts["exercised"]:
            return None
        return 100 * (counts["exercised"] - counts["broken"]) / counts["exercised"]


def _statements(operation: Operation) -> Iterator[str]:
    yield statement(operation, operation.success)
    nothing_to_miss = operation.body is None and not operation.query["properties"]
    for answer in operation.errors.values():
        if answer.name in BEYOND_REACH or (answer.name == "BadRequest" and nothing_to_miss):
            continue
        yield statement(operation, answer)
    for rule in operation.rules:
        yield f"{operation.id} {rule['id']}"
