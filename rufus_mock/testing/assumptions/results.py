"""The tests of the whole run, from all workers, and what they depend on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from ...assumptions.statement import CAPTURED, SEPARATOR
from .accepted import Accepted
from .usage import Usage, Use

USAGE = "rufus_usage"
CATALOGUE = "rufus_catalogue"
"""Attributes of the last report of a test. Workers send them to the controller with the report."""

PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"


@dataclass
class Test:
    """One test. outcome: passed, failed, error, skipped, xfailed or xpassed. usage: None until the test has ended."""

    __test__ = False

    nodeid: str
    outcome: str = PASSED
    usage: Usage = field(default_factory=Usage)

    @property
    def name(self) -> str:
        """The test without its file."""
        return self.nodeid.partition("::")[2] or self.nodeid


@dataclass(frozen=True)
class Flip:
    """A test that was run again under another variant of an assumption.

    outcome: passed, failed or skipped. reason: the first line of why it failed or was skipped. repeatable: whether the
    test passes again without a flip; None if that was not tried.
    """

    id: str
    variant: str
    nodeid: str
    outcome: str
    reason: str | None = None
    repeatable: bool | None = None

    @property
    def name(self) -> str:
        """The test without its file."""
        return Test(self.nodeid).name


@dataclass
class Results:
    """The tests by node id, the assumptions that they depend on by id, and the flips."""

    tests: dict[str, Test] = field(default_factory=dict)
    catalogue: dict[str, dict[str, Any]] = field(default_factory=dict)
    flips: list[Flip] = field(default_factory=list)
    untried: list[str] = field(default_factory=list)

    def add(self, report: pytest.TestReport) -> None:
        """Add what a report says, which may come from a worker."""
        test = self.tests.setdefault(report.nodeid, Test(report.nodeid))
        if report.failed:
            test.outcome = FAILED if report.when == "call" or test.outcome == FAILED else "error"
        elif hasattr(report, "wasxfail"):
            test.outcome = "xfailed" if report.skipped else "xpassed"
        elif report.skipped:
            test.outcome = SKIPPED
        if report.when == "teardown":
            said = vars(report)
            self.catalogue.update(said.get(CATALOGUE) or {})
            if said.get(USAGE):
                test.usage = Usage.of(said[USAGE])

    def dependent(self) -> dict[str, list[tuple[Test, Use]]]:
        """The tests that depend on each assumption, by its id: those with the most tests first."""
        found: dict[str, list[tuple[Test, Use]]] = {}
        for _, test in sorted(self.tests.items()):
            for use in test.usage.uses:
                found.setdefault(use.id, []).append((test, use))
        return dict(sorted(found.items(), key=lambda item: (-len(item[1]), item[0])))

    def counts(self) -> dict[str, int]:
        """How many tests depend on an assumption, use a mock and depend on none, and use no mock."""
        tests = self.tests.values()
        depending = sum(bool(test.usage.uses) for test in tests)
        using = sum(test.usage.mock for test in tests)
        return {"depend": depending, "depend_on_none": using - depending, "use_no_mock": len(tests) - using}

    def others(self, id: str, in_force: Mapping[str, Any] | set[str]) -> list[str]:
        """The variants to try in place of those in force. Without captured, because no text is known."""
        excluded = {variant.partition(SEPARATOR)[0] for variant in in_force} | {CAPTURED}
        return [each["id"] for each in self.catalogue[id]["variants"] if each["id"] not in excluded]


def unaccepted(usage: Usage, accepted: Accepted) -> list[Use]:
    """The uses of assumptions that the configuration does not accept."""
    return [use for use in usage.uses if not accepted.accepts(use.id, use.variant)]
