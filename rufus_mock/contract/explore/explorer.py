"""Tries a property on many examples with hypothesis, and keeps the smallest example that breaks it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import hypothesis
from hypothesis import HealthCheck, Phase, Verbosity, settings
from hypothesis.errors import HypothesisException
from hypothesis.strategies import SearchStrategy

from ..judge.findings import Finding
from ..judge.record import Record
from ..session.errors import CannotGoOn, Stopped

_SMALLER = 30
"""How often a smaller example of a departure is tried. Each attempt costs requests."""

_ROUNDS = 4
"""How often a property is tried again after a departure, to find another one."""


class _Departure(Exception):
    """A property does not hold. Makes hypothesis look for a smaller example."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(f"{len(findings)} departures")
        self.findings = tuple(findings)


class _SmallEnough(BaseException):
    """Ends hypothesis's search for a smaller example."""


class Explorer:
    """Runs hypothesis from one seed, without its database and deadlines, so that a run can be repeated.

    The record keeps the findings of the smallest example only.
    """

    def __init__(self, seed: int, examples: int, record: Record) -> None:
        self._seed = seed
        self._examples = examples
        self._record = record
        self._known: set[str] = set()
        self._smallest: list[Finding] = []
        self._attempts = 0

    def explore(self, strategy: SearchStrategy[Any], test: Callable[[Any], None], examples: int | None = None) -> None:
        """Tries a property on examples of a strategy. A departure is recorded with a small example."""
        self._search(lambda explored: self._given(strategy, explored, examples), test)

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

    def _search(self, search: Callable[[Callable[[Any], None]], None], test: Callable[[Any], None]) -> None:
        self._known = {finding.fingerprint for finding in self._record.findings}
        for _ in range(_ROUNDS):
            self._smallest = []
            self._attempts = 0

            def explored(example: Any) -> None:
                with self._example():
                    test(example)

            try:
                search(explored)
            except (_Departure, _SmallEnough, HypothesisException, ExceptionGroup):
                if not self._smallest:
                    raise
            finally:
                for smallest in self._smallest:
                    self._record.keep(smallest)
                    self._known.add(smallest.fingerprint)
            if not self._smallest:
                return

    @contextmanager
    def _example(self) -> Iterator[None]:
        """Wraps one example. A departure that is not known yet ends it."""
        with self._record.collecting() as found:
            try:
                yield
            except CannotGoOn:
                # Its departure is among the collected findings, or was recorded before.
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
