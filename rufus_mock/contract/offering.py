"""Whether the target has an operation whose path is only assumed. If it has not, that is a note and never drift."""

from ..specification import Operation
from .answers import summary
from .findings import Evidence, Finding
from .run import NotExercised, Run


def demand(run: Run, operation: Operation) -> None:
    """Raises NotExercised if the target does not have the operation."""
    if not offers(run, operation):
        raise NotExercised(run.missing[operation.id])


def offers(run: Run, operation: Operation) -> bool:
    """Does the target have the operation? Always true of a path that is documented; otherwise asked once in a run.

    A path that answers with anything but a success and a JSON object is not that of the operation.
    """
    evidence = Evidence.of(operation.path_evidence)
    if evidence.level != "assumed":
        return True
    if operation.id not in run.missing:
        run.missing[operation.id] = _why_missing(run, operation, evidence)
    return not run.missing[operation.id]


def _why_missing(run: Run, operation: Operation, evidence: Evidence) -> str:
    """Why the statements of the operation cannot be checked; empty if they can."""
    exchange = run.ask(operation.id)
    reply = exchange.reply
    name = f"{operation.id} {operation.path_rule}"
    if 200 <= reply.status < 300 and reply.dialect is not None:
        run.coverage.exercise(name)
        return ""
    said = f"{reply.status} {summary(reply)}"
    expected = f"{operation.success.status} {operation.success.text}"
    run.add(
        Finding(evidence.kind, operation.id, name, expected, said, evidence, reply.status, "#status"),
        exchange,
    )
    return f"the target answers {reply.status} to {operation.method} {operation.path}, and this path is only assumed"
