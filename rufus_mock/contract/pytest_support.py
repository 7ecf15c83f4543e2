"""Options, fixtures and masking for contract_tests/, the kit as plain pytest."""

import os
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from .checks.check import Check
from .embedded import embedded_mock
from .judge.findings import BREAKING, Finding
from .runner import Session, default_seed
from .session.masking import Masker
from .session.options import Keys, Options
from .session.target import CouldNotRun
from .session.transport import Stopped

_MASK = pytest.StashKey[Masker]()
_LEFT = pytest.StashKey[list[str]]()
_KEYS = ("api", "read", "write", "other")

__all__ = [
    "contract_session",
    "pytest_addoption",
    "pytest_configure",
    "pytest_runtest_makereport",
    "pytest_terminal_summary",
]


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("contract", "RUFUS Cloud contract tests")
    group.addoption("--base-url", help="the target; without it a mock in this process, with writes on")
    for name in _KEYS:
        group.addoption(f"--{name}-key", help=f"or RUFUS_{name.upper()}_KEY")
    group.addoption("--allow-writes", action="store_true", help="bind a device of the run's own")
    group.addoption("--rate", type=float, default=5.0, help="requests a second, of each worker (default 5)")
    group.addoption("--budget", type=int, default=500, help="requests in all, of each worker (default 500)")
    group.addoption("--examples", type=int, help="examples a property (default 6; embedded 25)")
    group.addoption("--contract-seed", type=int, help="repeat a run (default random; 0 under CI)")


def _keys(config: pytest.Config) -> Keys:
    given = [config.getoption(f"{name}_key") or os.environ.get(f"RUFUS_{name.upper()}_KEY") for name in _KEYS]
    api, read, write, other = ((key or "").strip() or None for key in given)
    return Keys(api, read, write, other)


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_MASK] = Masker(_keys(config).all())
    config.stash[_LEFT] = []


@pytest.fixture(scope="session")
def contract_session(pytestconfig: pytest.Config) -> Iterator[Session]:
    """A run against the target: it begins with the first check, and removes what it made after the last."""
    option = pytestconfig.getoption
    base_url, keys, seed = option("base_url"), _keys(pytestconfig), option("contract_seed")
    embedded = base_url is None
    with ExitStack() as stack:
        if embedded:
            base_url, keys = stack.enter_context(embedded_mock("pages"))
            pytestconfig.stash[_MASK] = Masker(keys.all())
        options = Options(
            base_url,
            keys,
            allow_writes=embedded or option("allow_writes"),
            rate=None if embedded else option("rate"),
            budget=None if embedded else option("budget"),
            examples=option("examples") or (25 if embedded else 6),
            seed=default_seed() if seed is None else seed,
        )
        session = Session(options)
        try:
            stack.enter_context(session)
        except CouldNotRun as error:
            pytest.exit(f"could not run: {error}", returncode=2)
        yield session
        session.clean()
        for line in session.left_behind:
            pytestconfig.stash[_LEFT].append(line)


def carry_out(check: Check, session: Session) -> None:
    """Run one check as a test: failed by its breaking findings, skipped where it cannot run."""
    before = {finding.fingerprint for finding in session.run.findings}
    try:
        reason = session.carry_out(check)
    except Stopped as error:
        pytest.skip(str(error))
    found = [finding for finding in session.run.findings if finding.fingerprint not in before]
    broken = [finding for finding in found if finding.kind == BREAKING]
    if broken:
        pytest.fail("\n\n".join(map(as_text, broken)), pytrace=False)
    if session.defects:
        pytest.fail(session.defects.pop(), pytrace=False)
    if reason:
        pytest.skip(reason)
    for finding in found:
        print(as_text(finding))


def as_text(finding: Finding) -> str:
    """A finding in some lines."""
    return (
        f"{finding.kind}: {finding.operation} {finding.pointer}\n  expected  {finding.expected}\n"
        f"  actual    {finding.actual}\n  rests on  {finding.rests_on} ({finding.evidence.level})\n"
        f"  request   {finding.request}\n  repeat    --contract-seed {finding.seed} -k {finding.check}"
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """No key in a report: whatever a test printed, failed with, or had in a variable."""
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
        terminalreporter.write_line(f"LEFT BEHIND: {config.stash[_MASK](line)}", red=True)
