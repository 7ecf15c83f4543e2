"""Whether the target has an operation whose path is only assumed. If it does not, that is a note and never drift."""

from ...spec.operations import Operation
from ..judge.answers import summary
from ..judge.findings import Evidence
from ..judge.statements import rule
from ..run import Run
from ..session.errors import NotExercised


def demand(run: Run, operation: Operation) -> None:
    """Raises NotExercised if the target does not have the operation."""
    if not offers(run, operation):
        raise NotExercised(run.missing[operation.id])


def offers(run: Run, operation: Operation) -> bool:
    """Whether the target has the operation. True for a documented path; an assumed path is asked once in a run.

    A path that answers with anything but a success and a JSON object is not that of the operation.
    """
    if operation.path_rule is None or Evidence.of(operation.path_evidence).level != "assumed":
        return True
    if operation.id not in run.missing:
        run.missing[operation.id] = _why_missing(run, operation, operation.path_rule)
    return not run.missing[operation.id]


def _why_missing(run: Run, operation: Operation, path_rule: str) -> str:
    """Why the statements of the operation cannot be checked; empty if they can."""
    exchange = run.ask(operation.id)
    reply = exchange.reply
    statement = rule(path_rule)
    if 200 <= reply.status < 300 and reply.dialect is not None:
        exchange.against(statement).exercised()
        return ""
    expected = f"{operation.success.status} {operation.success.text}"
    # Recorded, but not counted as exercised: the target may have the operation at another path.
    departure = statement.departure(operation, reply.status, expected, f"{reply.status} {summary(reply)}", "#status")
    exchange.record.add(departure, exchange.curl)
    return f"the target answers {reply.status} to {operation.method} {operation.path}, and this path is only assumed"
