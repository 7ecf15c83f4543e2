"""Options, fixtures and masking for contract_tests/, the kit as plain pytest tests."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from ..base.defaults import BUDGET, EXAMPLES, EXAMPLES_IN_TESTS, RATE
from ..base.printable import printable
from .checks import CheckFunction, all_checks, check_of
from .embedded import embedded_mock
from .judge.findings import BREAKING
from .report.text import as_text
from .runner import Runner, default_seed
from .session.errors import CouldNotRun, Stopped
from .session.masking import Masker
from .session.options import Keys, Options

Holds = Callable[[CheckFunction], None]
"""The type of the fixture `holds`."""

_MASK = pytest.StashKey[Masker]()
_LEFT = pytest.StashKey[list[str]]()
_KEYS = ("api", "read", "write", "other")

__all__ = [
    "contract_run",
    "holds",
    "pytest_addoption",
    "pytest_collection_modifyitems",
    "pytest_configure",
    "pytest_runtest_makereport",
    "pytest_terminal_summary",
]


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("contract", "RUFUS Cloud contract tests")
    group.addoption("--base-url", help="the target (default: a mock in this process, with writes on)")
    for name in _KEYS:
        group.addoption(f"--{name}-key", help=f"or RUFUS_{name.upper()}_KEY")
    group.addoption("--allow-writes", action="store_true", help="bind a device, write to it, unbind it at the end")
    group.addoption("--rate", type=float, help=f"requests a second per worker (default {RATE:g}; embedded: no limit)")
    group.addoption("--budget", type=int, help=f"requests in all per worker (default {BUDGET}; embedded: no limit)")
    group.addoption(
        "--examples", type=int, help=f"examples per property (default {EXAMPLES}; embedded {EXAMPLES_IN_TESTS})"
    )
    group.addoption("--contract-seed", type=int, help="repeat a run (default random; 0 under CI)")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_MASK] = Masker(_keys(config).all())
    config.stash[_LEFT] = []


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts the tests of checks into the kit's order: reads come before the writes that change what they read."""
    order = {f"test_{check.name}": number for number, check in enumerate(all_checks())}
    places = [index for index, item in enumerate(items) if item.name in order]
    for index, item in zip(places, sorted((items[i] for i in places), key=lambda item: order[item.name]), strict=True):
        items[index] = item


def _keys(config: pytest.Config) -> Keys:
    given = [config.getoption(f"{name}_key") or os.environ.get(f"RUFUS_{name.upper()}_KEY") for name in _KEYS]
    api, read, write, other = ((key or "").strip() or None for key in given)
    return Keys(api, read, write, other)


@pytest.fixture(scope="session")
def contract_run(pytestconfig: pytest.Config) -> Iterator[Runner]:
    """A run against the target. It begins with the first test that asks for it, and cleans up after the last test."""
    option = pytestconfig.getoption
    base_url, keys, seed = option("base_url"), _keys(pytestconfig), option("contract_seed")
    embedded = base_url is None
    with ExitStack() as stack:
        if embedded:
            base_url, keys = stack.enter_context(embedded_mock("pages"))
            pytestconfig.stash[_MASK] = Masker(keys.all())
        options = Options.for_target(
            base_url,
            keys,
            embedded=embedded,
            seed=default_seed() if seed is None else seed,
            allow_writes=option("allow_writes"),
            rate=option("rate"),
            budget=option("budget"),
            examples=option("examples") or (EXAMPLES_IN_TESTS if embedded else EXAMPLES),
        )
        runner = Runner(options)
        try:
            stack.enter_context(runner)
        except CouldNotRun as error:
            pytest.exit(printable(f"could not run: {error}"), returncode=2)
        yield runner
        runner.clean()
        pytestconfig.stash[_LEFT] += runner.left_behind


@pytest.fixture
def holds(contract_run: Runner) -> Holds:
    """Runs a check: `holds(sessions.a_session_is_described)`.

    The test fails with the check's breaking findings. It is skipped if the check cannot run on this target.
    """

    def holds(function: CheckFunction) -> None:
        _carry_out(contract_run, function)

    return holds


def _carry_out(runner: Runner, function: CheckFunction) -> None:
    before = {finding.fingerprint for finding in runner.run.record.findings}
    try:
        reason = runner.carry_out(check_of(function))
    except Stopped as error:
        pytest.skip(str(error))
    found = [finding for finding in runner.run.record.findings if finding.fingerprint not in before]
    broken = [as_text(finding, "--contract-seed") for finding in found if finding.kind == BREAKING]
    if broken:
        pytest.fail("\n\n".join(broken), pytrace=False)
    if runner.defects:
        pytest.fail(runner.defects.pop(), pytrace=False)
    if reason:
        pytest.skip(reason)
    for finding in found:
        print(as_text(finding, "--contract-seed"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Masks keys in the report: in what a test printed, in its failure, and in its variables."""
    report: pytest.TestReport = yield  # type: ignore[assignment]
    mask = item.config.stash[_MASK]
    if report.longrepr and not isinstance(report.longrepr, tuple):
        text = str(report.longrepr)
        if mask(text) != text:
            report.longrepr = mask(text)
    report.sections = [(name, mask(content)) for name, content in report.sections]
    return report  # type: ignore[return-value]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for line in config.stash[_LEFT]:
        terminalreporter.write_line(printable(f"LEFT BEHIND: {config.stash[_MASK](line)}"), red=True)
