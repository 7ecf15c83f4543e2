"""Counts how much of the contract a run exercised, and how much of that conforms, as two separate figures."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from ...spec.contract import Contract
from ...spec.operations import Operation
from .findings import BREAKING, Finding
from .statements import Statement, answer_name, rule_name

BEYOND_REACH = ("InternalError", "ContentTooLarge", "TooManyRequests")
"""Not counted: no test can provoke the first, and none should try the others on someone's server."""

CONFORMS = "conforms"
DRIFT = "drift"
NOT_EXERCISED = "not exercised"

EVERYWHERE = "all operations"
"""The name of the verdict on the rules that belong to no single operation."""


@dataclass
class Verdict:
    """What a run says about one operation; with operation None, about the rules of all operations."""

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
        """The statements that were not exercised, each with the reason."""
        return {
            name: self.reasons.get(name, "no check came to it")
            for name in self.statements
            if name not in self.exercised
        }


class Coverage:
    """The statements of the contract by operation, and which of them were compared with an answer."""

    def __init__(self, contract: Contract, operations: Iterable[str] = ()) -> None:
        chosen = set(operations) or set(contract.operations)
        self._contract = contract
        self._verdicts: dict[str, Verdict] = {
            operation.id: Verdict(operation, tuple(_statements(operation)))
            for operation in contract.operations.values()
            if operation.id in chosen
        }
        # A rule beyond reach is about requests that a proxy may refuse or change before the server sees them.
        within_reach = [rule for rule in contract.rules if not rule.get("x-beyond-reach")]
        everywhere = Verdict(None, tuple(rule_name(None, rule) for rule in within_reach))
        self._verdicts[everywhere.name] = everywhere
        self._of_statement = {name: verdict for verdict in self._verdicts.values() for name in verdict.statements}

    @property
    def verdicts(self) -> list[Verdict]:
        return list(self._verdicts.values())

    def settle(self, dialect: str) -> None:
        """Leaves out the rules that apply only to the dialect that the target does not speak."""
        for verdict in self.verdicts:
            rules = verdict.operation.rules if verdict.operation else self._contract.rules
            elsewhere = {
                rule_name(verdict.operation, rule)
                for rule in rules
                if dialect not in rule.get("x-dialects", (dialect,))
            }
            verdict.statements = tuple(name for name in verdict.statements if name not in elsewhere)

    def applies(self, statement: Statement) -> bool:
        """Whether a statement is about this target, in the dialect that it speaks."""
        verdict = self._of_statement.get(statement.name)
        return verdict is not None and statement.name in verdict.statements

    def exercise(self, name: str) -> None:
        """Notes that a statement was compared with an answer."""
        if name in self._of_statement:
            self._of_statement[name].exercised.add(name)

    def skip(self, names: Iterable[str], reason: str, special: bool = False) -> None:
        """Notes why these statements may stay unexercised. A special reason replaces an earlier one."""
        for name in names:
            if name in self._of_statement:
                reasons = self._of_statement[name].reasons
                reasons[name] = reason if special else reasons.get(name, reason)

    def statements_of(self, operation_id: str) -> tuple[str, ...]:
        return self._verdicts[operation_id].statements if operation_id in self._verdicts else ()

    def found(self, finding: Finding) -> None:
        """Notes a departure: it breaks the statement that it rests on, and counts for the operation that it names."""
        if finding.operation in self._verdicts:
            self._verdicts[finding.operation].findings.append(finding)
        if finding.kind == BREAKING and finding.rests_on in self._of_statement:
            self._of_statement[finding.rests_on].exercised.add(finding.rests_on)
            self._of_statement[finding.rests_on].broken.add(finding.rests_on)

    @property
    def counts(self) -> Mapping[str, int]:
        """How many statements there are, how many were exercised, and how many of those are broken."""
        return {
            "statements": sum(len(verdict.statements) for verdict in self.verdicts),
            "exercised": sum(len(verdict.exercised) for verdict in self.verdicts),
            "broken": sum(len(verdict.broken) for verdict in self.verdicts),
        }

    @property
    def coverage(self) -> float:
        """The share of the statements that were exercised, in per cent."""
        counts = self.counts
        return 100 * counts["exercised"] / counts["statements"]

    @property
    def conformance(self) -> float | None:
        """The share of the exercised statements that hold, in per cent; None if none was exercised."""
        counts = self.counts
        if not counts["exercised"]:
            return None
        return 100 * (counts["exercised"] - counts["broken"]) / counts["exercised"]


def _statements(operation: Operation) -> Iterator[str]:
    yield answer_name(operation, operation.success)
    nothing_to_miss = operation.body is None and not operation.query["properties"]
    for answer in operation.errors.values():
        if answer.name in BEYOND_REACH or (answer.name == "BadRequest" and nothing_to_miss):
            continue
        yield answer_name(operation, answer)
    for rule in operation.rules:
        yield rule_name(operation, rule)
