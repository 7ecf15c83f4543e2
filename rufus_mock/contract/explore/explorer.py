"""Tries properties on many examples, by hypothesis, and keeps the smallest that breaks each."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import hypothesis
from hypothesis import HealthCheck, Phase, Verbosity, settings
from hypothesis.errors import HypothesisException
from hypothesis.strategies import SearchStrategy

from ..judge.findings import Finding, Findings
from ..session.transport import Stopped

_SMALLER = 30
"""Attempts at a smaller example of a departure that a property found. Each costs requests."""

_ROUNDS = 4
"""A property is tried anew after each departure, until it finds no other one, this often at most."""


class CannotGoOn(Exception):
    """An answer is not what a check has to build on; what is wrong with it is a finding already."""


class _Departure(Exception):
    """A property does not hold: makes hypothesis look for a smaller example."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(f"{len(findings)} departures")
        self.findings = tuple(findings)


class _SmallEnough(BaseException):
    """Ends hypothesis's search for a smaller example."""


class Explorer:
    """Runs hypothesis without its database and its deadline, from one seed, so that a run can be repeated.

    record takes what a property found, in its smallest example.
    """

    def __init__(self, seed: int, examples: int, findings: Findings, record: Callable[[Finding], None]) -> None:
        self._seed = seed
        self._examples = examples
        self._findings = findings
        self._record = record
        self._pending: list[Finding] | None = None
        self._known: set[str] = set()
        self._smallest: list[Finding] = []
        self._attempts = 0

    def add(self, finding: Finding) -> None:
        """Record a departure; one within an example, when it is known which example is the smallest."""
        if self._pending is None:
            self._record(finding)
        else:
            self._pending.append(finding)

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
        seeded = hypothesis.seed(self._seed)(machine)
        self._search(lambda _: run_state_machine_as_test(seeded, settings=chosen))

    def _given(self, strategy: SearchStrategy[Any], explored: Callable[[Any], None], examples: int | None) -> None:
        test = hypothesis.given(strategy)(explored)
        hypothesis.seed(self._seed)(self._settings(examples or self._examples)(test))()

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
        self._known = {finding.fingerprint for finding in self._findings}
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
