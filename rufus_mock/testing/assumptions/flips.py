"""Runs tests again under the other variants of the assumptions that they depend on."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Any
from unittest.mock import patch

import pytest

from .results import FAILED, PASSED, SKIPPED, Flip, Results, Test
from .watch import Watch

_HOOKS = (
    "pytest_runtest_logstart",
    "pytest_runtest_logreport",
    "pytest_runtest_logfinish",
    "pytest_exception_interact",
)
_LONGEST_REASON = 300

Group = tuple[str, str]
"""An assumption and a variant. All tests that are flipped to it run one after the other."""


class Flips:
    """The reruns of one process. A test that does not pass normally is not run again."""

    def __init__(self, session: pytest.Session, results: Results, watch: Watch) -> None:
        self._items = {item.nodeid: item for item in getattr(session, "items", ())}
        self._results = results
        self._watch = watch

    def groups(self) -> dict[Group, list[Test]]:
        """The tests to run again, by the variant under which they run."""
        found: dict[Group, list[Test]] = {}
        for _, test in sorted(self._results.tests.items()):
            if test.outcome != PASSED or test.nodeid not in self._items:
                continue
            in_force: dict[str, set[str]] = {}
            for use in test.usage.uses:
                in_force.setdefault(use.id, set()).add(use.variant)
            for id, variants in in_force.items():
                for other in self._results.others(id, variants):
                    found.setdefault((id, other), []).append(test)
        return found

    def run(self) -> None:
        """Run all groups. Then run the tests that failed once more as they are, to see whether they are repeatable."""
        if not self._items:  # the controller of workers
            return
        groups = list(self.groups().items())
        for number, ((id, variant), tests) in enumerate(groups):
            keyless = self._keyless(id)
            following = groups[number + 1][0][0] if number + 1 < len(groups) else None
            anew = keyless or following is None or self._keyless(following)
            upcoming = None if anew or following is None else self._items[groups[number + 1][1][0].nodeid]
            with self._watch.flipped({id: variant}, keyless):
                for test, (outcome, reason) in self._again(tests, upcoming):
                    self._results.flips.append(Flip(id, variant, test.nodeid, outcome, reason))
        self._check_that_failures_are_due_to_the_flip()

    def _check_that_failures_are_due_to_the_flip(self) -> None:
        failed = {flip.nodeid for flip in self._results.flips if flip.outcome == FAILED}
        tests = [self._results.tests[nodeid] for nodeid in sorted(failed)]
        repeated = {test.nodeid: outcome == PASSED for test, (outcome, _) in self._again(tests, None)}
        self._results.flips = [replace(flip, repeatable=repeated.get(flip.nodeid)) for flip in self._results.flips]

    def _keyless(self, id: str) -> bool:
        """Whether an assumption mattered for requests without a company, so that the mock itself has to follow it."""
        return any(use.keyless for test in self._results.tests.values() for use in test.usage.uses if use.id == id)

    def _again(
        self, tests: Sequence[Test], upcoming: pytest.Item | None
    ) -> Iterator[tuple[Test, tuple[str, str | None]]]:
        """Run tests one after the other. upcoming: the item after them, which decides what is torn down."""
        items = [self._items[test.nodeid] for test in tests]
        for test, item, following in zip(tests, items, [*items, upcoming][1:], strict=True):
            yield test, _outcome(_reports(item, following))
            self._watch.take()


class _Keeper:
    """A plugin that keeps the reports of a rerun."""

    def __init__(self) -> None:
        self.reports: list[pytest.TestReport] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.reports.append(report)


def _reports(item: pytest.Item, following: pytest.Item | None) -> list[pytest.TestReport]:
    """Run an item by pytest's own protocol, with all plugins, of which none gets a report."""
    # The item itself as the next one would stay set up. Its parent keeps all wider scopes and nothing else.
    upcoming: Any = item.parent if following is item else following
    keeper = _Keeper()
    with _seen_only_by(keeper, item.config):
        item.ihook.pytest_runtest_protocol(item=item, nextitem=upcoming)
    return keeper.reports


@contextmanager
def _seen_only_by(plugin: object, config: pytest.Config) -> Iterator[None]:
    """Let no other plugin count or print what happens in this block, and no debugger start."""
    manager = config.pluginmanager
    others = manager.get_plugins()
    manager.register(plugin)
    try:
        with ExitStack() as stack:
            for name in _HOOKS:
                stack.enter_context(patch.object(config.hook, name, manager.subset_hook_caller(name, others)))
            yield
    finally:
        manager.unregister(plugin)


def _outcome(reports: Sequence[pytest.TestReport]) -> tuple[str, str | None]:
    """What came out of a rerun, and the first line of the reason."""
    for report in reports:
        if report.failed:
            phase = "" if report.when == "call" else f"at {report.when}: "
            return FAILED, phase + _reason(report)
    for report in reports:
        if report.skipped:
            return SKIPPED, _reason(report)
    return PASSED, None


def _reason(report: pytest.TestReport) -> str:
    if isinstance(report.longrepr, tuple):
        text = report.longrepr[2]
    else:
        crash = getattr(report.longrepr, "reprcrash", None)
        text = report.longreprtext if crash is None else crash.message
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    first = lines[0].removeprefix("AssertionError: ") if lines else "no reason is given"
    return first if len(first) <= _LONGEST_REASON else f"{first[:_LONGEST_REASON]}…"
