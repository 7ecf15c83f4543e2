"""The hooks of --rufus-assumptions, which pytest_plugin.py registers if the option is given."""

from collections.abc import Generator
from contextlib import ExitStack
from dataclasses import asdict
from typing import Any

import pytest

from .files import write_files
from .flips import Flips
from .results import CATALOGUE, USAGE, Flip, Results, unaccepted
from .settings import FLIP, STRICT, Settings
from .strict import fail, refusal
from .terminal import announce, print_summary
from .usage import Usage
from .watch import Watch

_FLIPS = "rufus_flips"
"""In workeroutput: what a worker found after its last test."""


class AssumptionsPlugin:
    """Watches the tests of this process, and joins what the workers say."""

    def __init__(self, config: pytest.Config) -> None:
        self.settings = Settings.of(config)
        self.results = Results()
        self.watch = Watch()
        self._told: set[str] = set()
        self._called = self._passed = False
        self._unwritten: list[str] = []
        self._stack = ExitStack()

    def pytest_sessionstart(self) -> None:
        self._stack.enter_context(self.watch)

    def pytest_unconfigure(self) -> None:
        self._stack.close()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self) -> Generator[None, object, object]:
        try:
            return (yield)
        finally:
            self._called = True

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[Any]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        if call.when == "setup":
            self._called = self._passed = False
        elif call.when == "teardown":
            usage = self.watch.take()
            if self._passed:
                self._judge(item, report, usage)
            self._attach(report, usage)
        elif self._called:  # otherwise it is the report of a subtest
            self._passed = report.passed and not hasattr(report, "wasxfail")
            if self._passed and self.settings.mode == STRICT:
                self._passed = self._judge(item, report, self.watch.read())
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.results.add(report)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> Generator[None, object, object]:
        result = yield
        if self.settings.mode == FLIP:
            flips = Flips(session, self.results, self.watch)
            announce(session.config, flips)
            try:
                flips.run()
            finally:
                output = getattr(session.config, "workeroutput", {})
                output[_FLIPS] = [asdict(flip) for flip in self.results.flips]
        return result

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        for flip in getattr(node, "workeroutput", {}).get(_FLIPS, ()):
            self.results.flips.append(Flip(**flip))

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if hasattr(session.config, "workerinput") or session.config.getoption("collectonly"):
            return
        try:
            write_files(self.results, self.settings)
        except OSError as error:
            self._unwritten.append(f"cannot write {error.filename}: {error.strerror}")
            session.exitstatus = pytest.ExitCode.INTERNAL_ERROR

    def pytest_terminal_summary(self, terminalreporter: "pytest.TerminalReporter", config: pytest.Config) -> None:
        if not config.getoption("collectonly"):
            print_summary(terminalreporter, self.results, self.settings, self._unwritten)

    def _judge(self, item: pytest.Item, report: pytest.TestReport, usage: Usage) -> bool:
        """Whether a report that passed still does."""
        if self.settings.mode != STRICT or not report.passed:
            return report.passed
        message = refusal(usage, unaccepted(usage, self.settings.accepted), self.watch.catalogue)
        if message is not None:
            fail(item, report, message)
        return message is None

    def _attach(self, report: pytest.TestReport, usage: Usage) -> None:
        """Send the usage, and what this process has not said about its assumptions yet, with the report."""
        new = {use.id for use in usage.uses} - self._told
        self._told |= new
        vars(report)[USAGE] = usage.as_dict()
        vars(report)[CATALOGUE] = {id: self.watch.catalogue[id] for id in sorted(new)}
