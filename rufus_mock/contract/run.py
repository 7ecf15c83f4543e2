"""One run against one target: whom it asks with which key, what it expects, what it found."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import hypothesis
from hypothesis import HealthCheck, Phase, Verbosity, settings
from hypothesis.errors import HypothesisException
from hypothesis.strategies import SearchStrategy

from ..client import NoAnswer, Reply, RufusClient, specification
from ..specification import Answer, Operation
from .answers import check_answer, statement
from .coverage import Coverage
from .findings import Evidence, Finding, Findings
from .masking import Masker
from .text import curl, described
from .transport import Owned, Stopped, Transport

MODEL = "rufus-mock contract"
_SMALLER = 30
"""Attempts at a smaller example of a departure that a property found. Each costs requests."""

_ROUNDS = 4
"""A property is tried anew after each departure, until it finds no other one, this often at most."""


class CannotGoOn(Exception):
    """An answer is not what a check has to build on; what is wrong with it is a finding already."""


class TargetLost(Stopped):
    """The target gives no answer any more."""


class NotExercised(Exception):
    """A check cannot run on this target. The message says why."""


@dataclass(frozen=True)
class Keys:
    """The keys that were given. read and write are known to be of those types, api_key can be of any.

    write_may_unbind: does the write key have the unbind permission? None: not known.
    """

    api_key: str | None = None
    read_key: str | None = None
    write_key: str | None = None
    other_key: str | None = None
    unbind_key: str | None = None
    write_may_unbind: bool | None = None

    @property
    def reader(self) -> str | None:
        return self.read_key or self.api_key

    def all(self) -> tuple[str, ...]:
        given = (self.api_key, self.read_key, self.write_key, self.other_key, self.unbind_key)
        return tuple(dict.fromkeys(key for key in given if key))

    def __repr__(self) -> str:
        return f"Keys({len(self.all())} given)"


@dataclass(frozen=True)
class Options:
    """How a run behaves. examples scales the effort of each property."""

    base_url: str
    keys: Keys
    allow_writes: bool = False
    rate: float | None = None
    budget: int | None = None
    examples: int = 25
    seed: int = 0
    operations: tuple[str, ...] = ()
    dialect: str | None = None


@dataclass(frozen=True)
class Exchange:
    """A request to an operation, and its answer."""

    operation: Operation
    reply: Reply
    curl: str


class _Departure(Exception):
    """A property does not hold: makes hypothesis look for a smaller example."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(f"{len(findings)} departures")
        self.findings = tuple(findings)


class _SmallEnough(BaseException):
    """Ends hypothesis's search for a smaller example."""


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
        self.dialect = options.dialect
        self.header = "api_key"
        self.writer: str | None = None
        self.check = ""
        self.writes_off: str | None = None if options.allow_writes else "writes are off: give --allow-writes"
        self.may_unbind = False
        self._clients: dict[tuple[str | None, str], RufusClient] = {}
        self._pending: list[Finding] | None = None
        self._serial = 0
        self._known: set[str] = set()
        self._smallest: list[Finding] = []
        self._attempts = 0

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

    def add(self, finding: Finding, exchange: Exchange) -> None:
        """Record a departure, with what repeats it."""
        finding = replace(finding, request=exchange.curl, check=self.check, seed=self.options.seed)
        finding = replace(
            finding,
            expected=self.mask(finding.expected),
            actual=self.mask(finding.actual),
            pointer=self.mask(finding.pointer),
        )
        if self._pending is not None:
            self._pending.append(finding)
        else:
            self._record(finding)

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

    @contextmanager
    def _collecting(self) -> Iterator[list[Finding]]:
        """Departures of one example of a property."""
        before, self._pending = self._pending, []
        try:
            yield self._pending
        finally:
            self._pending = before

    def explore(self, strategy: SearchStrategy[Any], test: Callable[[Any], None], examples: int | None = None) -> None:
        """Try a property on examples of a strategy; what breaks it is recorded in a small example."""

        self._search(lambda explored: self._given(strategy, explored, examples), test)

    def explore_machine(self, machine: Any, examples: int, steps: int) -> None:
        """Run a hypothesis state machine. The machine calls step() around what it does."""
        from hypothesis.stateful import run_state_machine_as_test

        chosen = settings(self._settings(examples), stateful_step_count=steps)
        seeded = hypothesis.seed(self.options.seed)(machine)
        self._search(lambda _: run_state_machine_as_test(seeded, settings=chosen))

    def _given(self, strategy: SearchStrategy[Any], explored: Callable[[Any], None], examples: int | None) -> None:
        test = hypothesis.given(strategy)(explored)
        hypothesis.seed(self.options.seed)(self._settings(examples or self.options.examples)(test))()

    def _settings(self, examples: int) -> settings:
        return settings(
            max_examples=examples,
            database=None,
            deadline=None,
            derandomize=False,
            report_multiple_bugs=False,
            print_blob=False,
            verbosity=Verbosity.quiet,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
        )

    def _search(
        self, search: Callable[[Callable[[Any], None]], None], test: Callable[[Any], None] = lambda _: None
    ) -> None:
        self._known = {finding.fingerprint for finding in self.findings}
        for _ in range(_ROUNDS):
            self._smallest = []
            self._attempts = 0

            def explored(example: Any) -> None:
                with self.step():
                    test(example)

            try:
                search(explored)
            except (_Departure, _SmallEnough, HypothesisException, ExceptionGroup):
                if not self._smallest:
                    raise
            finally:
                for smallest in self._smallest:
                    self._record(smallest)
                    self._known.add(smallest.fingerprint)
            if not self._smallest:
                return

    @contextmanager
    def step(self) -> Iterator[None]:
        """Around one example or one step: a departure that is not known yet ends it."""
        with self._collecting() as found:
            try:
                yield
            except CannotGoOn:
                # Seldom without a departure of its own: then one that is known already.
                pass
            except Stopped:
                self._smallest = self._smallest or list(found)
                raise
        fresh = [finding for finding in found if finding.fingerprint not in self._known]
        if fresh:
            self._attempts += 1
            self._smallest = list(found)
            if self._attempts > _SMALLER:
                raise _SmallEnough
            raise _Departure(fresh)
