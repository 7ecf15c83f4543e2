"""One run against one target: whom it asks with which key, what it expects, what it found."""

import random
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from hypothesis.strategies import SearchStrategy

from ..client import NoAnswer, Reply, RufusClient, specification
from ..specification import Answer, Operation
from .explore.explorer import CannotGoOn, Explorer
from .judge.answers import check_answer, statement
from .judge.coverage import Coverage
from .judge.findings import Evidence, Finding, Findings
from .judge.wording import curl, described
from .session.masking import Masker
from .session.options import Options
from .session.transport import Owned, Stopped, Transport

MODEL = "rufus-mock contract"


class TargetLost(Stopped):
    """The target gives no answer any more."""


class NotExercised(Exception):
    """A check cannot run on this target. The message says why."""


@dataclass(frozen=True)
class Exchange:
    """A request to an operation, and its answer."""

    operation: Operation
    reply: Reply
    curl: str


class Run:
    """What the checks work with."""

    def __init__(self, options: Options, run_id: str) -> None:
        self.options = options
        self.run_id = run_id
        self.keys = options.keys
        self.label = f"{MODEL} {run_id}"
        self.owned = Owned(self.label)
        self.mask = Masker(options.keys.all())
        self.random = random.Random(options.seed)
        self.transport = Transport(
            options.base_url,
            self.owned,
            allow_writes=options.allow_writes,
            rate=options.rate,
            budget=options.budget,
        )
        self.specification = specification()
        self.coverage = Coverage(self.specification, options.operations)
        self.findings = Findings()
        self._explorer = Explorer(options.seed, options.examples, self.findings, self._record)
        self.dialect = options.dialect
        self.header = "api_key"
        self.writer: str | None = None
        self.check = ""
        self.writes_off: str | None = None if options.allow_writes else "writes are off: give --allow-writes"
        self.may_unbind = False
        self._clients: dict[tuple[str | None, str], RufusClient] = {}
        self._serial = 0

    def client(self, key: str | None, header: str = "api_key") -> RufusClient:
        """A client with this key, over the run's transport."""
        if (key, header) not in self._clients:
            self._clients[key, header] = RufusClient(
                self.options.base_url,
                key,
                key_header=header,  # type: ignore[arg-type]
                session=self.transport,
            )
        return self._clients[key, header]

    def ask(
        self,
        operation_id: str,
        path: Mapping[str, str] | None = None,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        key: str | None = "",
        header: str | None = None,
    ) -> Exchange:
        """Send one request. key "" takes the run's own for the operation, None sends none."""
        header = header or self.header
        operation = self.specification.operations[operation_id]
        if key == "":
            key = self.keys.reader if operation.method == "GET" else self.writer
        try:
            reply = self.client(key, header).send(operation_id, path=path, query=query, body=body)
        except NoAnswer as error:
            raise TargetLost(str(error)) from error
        return Exchange(operation, reply, self.mask(curl(reply, header, key)))

    def ask_unknown(self, operation_id: str, parameter: str, error: str) -> Exchange:
        """Ask for an identifier that nobody has. The answer must be this error, and name it."""
        identifier = self.fresh_identifier()
        exchange = self.ask(operation_id, {parameter: identifier})
        self.judge(exchange, exchange.operation.errors[error], {parameter: identifier})
        return exchange

    def expect(
        self, exchange: Exchange, name: str | None = None, echo: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """The body of the answer that should have come: the success, or the error `name`. Raises CannotGoOn.

        Additions and notes do not keep a check from going on.
        """
        operation = exchange.operation
        answer = operation.success if name is None else operation.errors[name]
        self.judge(exchange, answer, echo)
        body = exchange.reply.fields
        if exchange.reply.status // 100 != answer.status // 100 or not isinstance(body, dict):
            raise CannotGoOn(f"{operation.id}: {exchange.reply.status} in the place of {answer.status}")
        return body

    def judge(self, exchange: Exchange, answer: Answer, echo: Mapping[str, Any] | None = None) -> bool:
        """Hold an answer against the contract; is it without a departure?"""
        self.coverage.exercise(statement(exchange.operation, answer))
        self.coverage.exercise("compact-json")
        assert self.dialect is not None
        found = check_answer(exchange.reply, exchange.operation, answer, self.dialect, echo)
        for finding in found:
            self.add(finding, exchange)
        return not found

    def rule(
        self,
        exchange: Exchange,
        rule_id: str,
        holds: bool,
        expected: str,
        actual: Any,
        where: str = "",
        of: str | None = None,
        at: str | None = None,
    ) -> bool:
        """Hold an answer against a rule: of the asked operation, of another one (`of`), or of all.

        Without a rule it rests on the documented answer: what two reads give must be the same.

        A departure counts for the asked operation, unless `at` names the one whose doing it is.
        """
        if rule_id:
            name, evidence = self._rule(rule_id, of or exchange.operation.id)
        else:
            answer = exchange.operation.success
            name, evidence = statement(exchange.operation, answer), Evidence.of(answer.evidence)
        self.coverage.exercise(name)
        if not holds:
            actual = actual if isinstance(actual, str) else described(actual)
            self.add(
                Finding(
                    evidence.kind,
                    at or exchange.operation.id,
                    name,
                    expected,
                    actual,
                    evidence,
                    exchange.reply.status,
                    where,
                ),
                exchange,
            )
        return holds

    def status_rule(
        self,
        exchange: Exchange,
        rule_id: str,
        holds: bool,
        expected: str,
        of: str | None = None,
        at: str | None = None,
    ) -> bool:
        """The same for a rule that says which status comes."""
        return self.rule(exchange, rule_id, holds, expected, str(exchange.reply.status), "#status", of, at)

    def field_rule(
        self,
        exchange: Exchange,
        rule_id: str,
        found: Mapping[str, Any],
        name: str,
        wanted: Any,
        place: str = "/result",
        of: str | None = None,
        at: str | None = None,
    ) -> None:
        """The same for a field of what was found at `place`. Whether it must be there is the schema's to say."""
        if name in found:
            holds = found[name] == wanted
            self.rule(exchange, rule_id, holds, described(wanted), described(found[name]), f"{place}/{name}", of, at)

    def add(self, finding: Finding, exchange: Exchange) -> None:
        """Record a departure, with what repeats it."""
        finding = replace(finding, request=exchange.curl, check=self.check, seed=self.options.seed)
        finding = replace(
            finding,
            expected=self.mask(finding.expected),
            actual=self.mask(finding.actual),
            pointer=self.mask(finding.pointer),
        )
        self._explorer.add(finding)

    def _record(self, finding: Finding) -> None:
        if finding not in self.findings:
            self.coverage.found(finding)
        self.findings.add(finding)

    def _rule(self, rule_id: str, operation_id: str) -> tuple[str, Evidence]:
        for rule in self.specification.operations[operation_id].rules:
            if rule["id"] == rule_id:
                return f"{operation_id} {rule_id}", Evidence.of(rule["x-evidence"])
        rule = next(rule for rule in self.specification.rules if rule["id"] == rule_id)
        return rule_id, Evidence.of(rule["x-evidence"])

    def fresh_identifier(self) -> str:
        """An identifier that nobody has."""
        identifier = f"{self.random.getrandbits(256):064X}"
        self.owned.nobodys.add(identifier)
        return identifier

    def fresh_serial_number(self) -> str:
        """A serial number that no other run binds."""
        self._serial += 1
        return f"{self.run_id}-{self._serial}"

    @cached_property
    def few(self) -> int:
        """Examples for a property that costs much."""
        return max(1, self.options.examples // 4)

    def explore(self, strategy: SearchStrategy[Any], test: Callable[[Any], None], examples: int | None = None) -> None:
        """Try a property on examples of a strategy; what breaks it is recorded in a small example."""
        self._explorer.explore(strategy, test, examples)

    def explore_machine(self, machine: Any, examples: int, steps: int) -> None:
        """Run a hypothesis state machine. The machine calls step() around what it does."""
        self._explorer.explore_machine(machine, examples, steps)

    def step(self) -> AbstractContextManager[None]:
        """Around one example or one step: a departure that is not known yet ends it."""
        return self._explorer.step()
