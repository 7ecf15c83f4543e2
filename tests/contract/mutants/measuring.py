"""Measures how soon the kit finds a defect, and whether it describes it correctly."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from unittest.mock import patch

from rufus_mock.contract import CouldNotRun, Finding, Options, run_contract
from rufus_mock.contract.checks import Check
from rufus_mock.contract.embedded import fixture_keys
from rufus_mock.contract.judge.record import Record
from rufus_mock.contract.session.transport import Transport
from tests.contract.mutants.classes import Defect
from tests.contract.mutants.mutant import Mutant
from tests.servers import serving


class _Enough(BaseException):
    """Ends a run, because it has described the defect."""


@dataclass
class Measured:
    """What a run on a server with a defect has found.

    after: the requests until the first finding that describes the defect; None if there is none. requests: all of the
    run without its clean-up; those of a run that was ended early if `after` is not None. findings: what it reported.
    broken: why it gives no result that can be relied on.
    """

    after: int | None = None
    requests: int = 0
    findings: list[Finding] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)


def measure(
    defect: Defect | Mutant,
    *,
    seed: int = 0,
    budget: int | None = None,
    examples: int = 4,
    checks: Sequence[Check] = (),
    operations: Sequence[str] = (),
    whole: bool = False,
) -> Measured:
    """Runs the kit, or some of its checks, on a server with the defect, until a finding describes it.

    operations: as the option --operation. whole: to its end.
    """
    measured = Measured()
    with serving(defect.application(seed)) as url, _watching(measured, defect.is_described_by, whole):
        options = Options(
            url,
            fixture_keys(),
            allow_writes=True,
            seed=seed,
            budget=budget,
            examples=examples,
            operations=tuple(operations),
        )
        try:
            report = run_contract(options, checks=checks)
        except _Enough:
            return measured
        except CouldNotRun as error:
            measured.broken.append(str(error))
            return measured
    measured.broken += report.defects
    if report.lost or (report.stopped and budget is None):
        measured.broken.append(str(report.stopped))
    if not any(defect.is_described_by(finding) for finding in report.findings):
        measured.after = None
    return measured


@contextmanager
def _watching(measured: Measured, describes: Callable[[Finding], bool], whole: bool) -> Iterator[None]:
    """Counts the requests of a run, and ends it when it keeps a finding that describes the defect.

    A finding counts from the request that shows it first. The kit may try smaller examples before it keeps one.
    """
    take_turn, add, keep = Transport.take_turn, Record.add, Record.keep
    seen: list[int] = []

    def counted(transport: Transport) -> None:
        take_turn(transport)
        if not transport._closing:
            measured.requests += 1

    def added(record: Record, finding: Finding, request: str) -> None:
        if not seen and describes(replace(finding, request=request)):
            seen.append(measured.requests)
        add(record, finding, request)

    def kept(record: Record, finding: Finding) -> None:
        keep(record, finding)
        measured.findings.append(finding)
        if describes(finding) and measured.after is None:
            measured.after = seen[0] if seen else measured.requests
            if not whole:
                raise _Enough

    with (
        patch.object(Transport, "take_turn", counted),
        patch.object(Record, "add", added),
        patch.object(Record, "keep", kept),
    ):
        yield
