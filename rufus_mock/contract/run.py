"""One run against one target, as the checks see it: it asks, compares the answers with the contract, and explores."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from hypothesis.strategies import SearchStrategy

from ..client import specification
from ..spec.operations import Operation
from .explore.explorer import Explorer
from .judge.answers import lists_nothing, summary
from .judge.coverage import Coverage
from .judge.exchange import JudgedExchange
from .judge.record import Record
from .judge.statements import no_answer, rule
from .session.connection import OWN_KEY, Connection
from .session.exchange import Exchange
from .session.options import Options

_OF_UNKNOWN_DEVICE = {
    "getDeviceSessions": rule("sessions-of-unknown-device"),
    "getActiveSession": rule("active-of-unknown-device"),
}
FRUGAL, MODERATE, AMPLE = range(3)

_SMALL_BUDGET = 800
_LARGE_BUDGET = 4000
_FEW_EXAMPLES = 5
_MANY_EXAMPLES = 11

_DEVICE_NOT_FOUND = specification().operations["getDevice"].errors["DeviceNotFound"].text


class Run(Connection):
    """A connection whose answers can be compared with the contract."""

    def __init__(self, options: Options, run_id: str) -> None:
        super().__init__(options, run_id)
        self.coverage = Coverage(self.contract, options.operations)
        self.missing: dict[str, str] = {}
        """Operations with an assumed path: why the target does not have them; empty if it does (checks/offering.py)."""
        self.record = Record(self.coverage, self.mask, options.seed, options.measured)
        self.compared_reads: Counter[str] = Counter()
        """How often each operation was read and compared with what it should return."""
        self._explorer = Explorer(options.seed, options.examples, self.record)

    def ask(
        self,
        operation_id: str,
        path: Mapping[str, str] | None = None,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        key: str | None = OWN_KEY,
        header: str | None = None,
    ) -> JudgedExchange:
        """Sends one request; key None sends no key. Raises Unanswered, TargetLost."""
        return self.judged(super().ask(operation_id, path, query, body, key, header))

    def unanswered(self, operation: Operation, why: str, curl: str) -> None:
        """Records that an operation gave no complete answer."""
        statement = no_answer(operation)
        self.coverage.exercise(statement.name)
        status = operation.success.status
        finding = statement.departure(operation, status, "a complete HTTP answer", why, "#answer")
        self.record.add(finding, curl)

    def doubted(self, operation_id: str, expected: str, actual: str, exchange: Exchange) -> None:
        """Records that an operation named something that is not the run's own, or that no read shows that it is."""
        statement = replace(no_answer(self.contract.operations[operation_id]), blames=operation_id)
        judged = self.judged(exchange)
        judged.against(statement).broken(expected, actual, "#named")
        if judged.status == judged.operation.success.status:
            judged.is_success()

    def judged(self, exchange: Exchange) -> JudgedExchange:
        """An exchange of this run, ready to be compared with the contract."""
        return JudgedExchange(exchange.operation, exchange.reply, exchange.curl, self.record, self.dialect)

    def ask_unknown(self, operation_id: str, parameter: str, error: str, identifier: str | None = None) -> None:
        """Asks for an identifier that nobody has. The answer must be this error, and repeat the identifier.

        If it is only assumed that the error is this one, the answer may be Device not found or an empty list instead.
        """
        identifier = identifier or self.fresh_identifier()
        exchange = self.ask(operation_id, {parameter: identifier})
        statement = _OF_UNKNOWN_DEVICE.get(operation_id)
        if statement is not None:
            other = lists_nothing(exchange.reply) or exchange.body.get("description") == _DEVICE_NOT_FOUND
            expected, actual = exchange.operation.errors[error].text, f"{exchange.status} {summary(exchange.reply)}"
            if not exchange.against(statement).holds(not other, expected, actual, "#status"):
                return
        exchange.is_error(error, {parameter: identifier})

    def compared(self, exchange: Exchange, found: Any) -> None:
        """Notes that something that was read was compared with the model."""
        if found:
            self.compared_reads[exchange.operation.id] += 1

    @property
    def left(self) -> int | None:
        """How many requests of the budget are left; None without a budget."""
        return None if self.options.budget is None else max(self.options.budget - self.transport.sent, 0)

    def affords(self, requests: int) -> bool:
        """Whether the budget has this many requests left."""
        return self.left is None or self.left >= requests

    @cached_property
    def effort(self) -> int:
        """How many requests a check may take: FRUGAL, MODERATE or AMPLE, by the budget or the number of examples."""
        budget = self.options.budget
        if budget is None:
            examples = self.options.examples
            return FRUGAL if examples < _FEW_EXAMPLES else MODERATE if examples < _MANY_EXAMPLES else AMPLE
        return FRUGAL if budget < _SMALL_BUDGET else MODERATE if budget < _LARGE_BUDGET else AMPLE

    @cached_property
    def few(self) -> int:
        """The number of examples for a property that needs many requests."""
        return max(1, self.options.examples // 4)

    def explore(self, strategy: SearchStrategy[Any], test: Callable[[Any], None], examples: int | None = None) -> None:
        """Tries a property on examples of a strategy. A departure is recorded with a small example."""
        self._explorer.explore(strategy, test, examples)
