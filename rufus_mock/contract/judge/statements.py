"""The statements of the contract. Each has a name, its evidence, and the operation that a departure counts for."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from ...client import specification
from ...spec.answers import Answer
from ...spec.operations import Operation
from .findings import Evidence, Finding


@dataclass(frozen=True)
class Statement:
    """One statement, by the name that it has in reports.

    blames: the operation that a departure counts for; None: the one that was asked.
    """

    name: str
    evidence: Evidence
    blames: str | None = None

    def resting_on(self, evidence: Evidence) -> "Statement":
        """The same statement, for a part of it that has evidence of its own."""
        return replace(self, evidence=evidence)

    def departure(
        self, operation: Operation, status: int, expected: str, actual: str, pointer: str, kind: str | None = None
    ) -> Finding:
        """A finding: the answer to `operation` is not as this statement says. Without `kind` the evidence decides.

        If the path of the operation is only assumed, everything that it answers is assumed too.
        """
        finding = Finding(
            kind or self.evidence.kind,
            self.blames or operation.id,
            self.name,
            expected,
            actual,
            self.evidence,
            status,
            pointer,
        )
        return finding.weakened_by(Evidence.of(operation.path_evidence))


def rule(rule_id: str) -> Statement:
    """A rule of the contract. A departure counts for the operation that was asked.

    Raises LookupError if the contract has no such rule, so a check with a wrong id cannot be imported.
    """
    return _rules()[rule_id][0]


def state_rule(rule_id: str) -> Statement:
    """The same, for what a read shows but another operation did: a departure counts for the rule's own operation."""
    statement, operation_id = _rules()[rule_id]
    return replace(statement, blames=operation_id)


def by_read(statement: Statement) -> Statement:
    """The same statement, but a departure counts for the operation that was asked."""
    return replace(statement, blames=None)


def by_write(statement: Statement, operation_id: str) -> Statement:
    """The same statement, but a departure counts for the write that left the state that a read shows."""
    return replace(statement, blames=operation_id)


def answer_name(operation: Operation, answer: Answer) -> str:
    """The name of the statement that this operation gives this answer."""
    return f"{operation.id} {answer.status} {answer.name}"


def rule_name(operation: Operation | None, declared: Mapping[str, Any]) -> str:
    """The name of a rule: with its operation, if it is not a rule of all operations."""
    return f"{operation.id} {declared['id']}" if operation else str(declared["id"])


def success_of(operation: Operation) -> Statement:
    """The statement that the operation answers with its documented success."""
    answer = operation.success
    return Statement(answer_name(operation, answer), Evidence.of(answer.evidence))


def no_answer(operation: Operation) -> Statement:
    """The same, for a request that got no answer: whatever its status, there should be one."""
    return Statement(answer_name(operation, operation.success), Evidence.of(operation.evidence))


@cache
def _rules() -> dict[str, tuple[Statement, str | None]]:
    """Each rule by its id, and the operation that it belongs to."""
    contract = specification()
    declared: list[tuple[Operation | None, Mapping[str, Any]]] = [(None, each) for each in contract.rules]
    declared += [(operation, each) for operation in contract.operations.values() for each in operation.rules]
    return {
        each["id"]: (
            Statement(rule_name(operation, each), Evidence.of(each["x-evidence"])),
            operation.id if operation else None,
        )
        for operation, each in declared
    }
