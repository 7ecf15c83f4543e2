"""Carries out the checks against a target, whatever happens, and cleans up behind them."""

import os
import secrets
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from .checks import all_checks
from .checks.check import Check
from .explore.explorer import CannotGoOn
from .judge.coverage import EVERYWHERE, Verdict
from .judge.findings import BREAKING, Finding
from .report.baseline import Baseline
from .run import NotExercised, Run
from .session.cleanup import clean_up
from .session.options import Options
from .session.target import CouldNotRun, check_url, look_at, prepare_writes
from .session.transport import BudgetSpent, Stopped
from .subject.material import Material

CONFORMS, DRIFT, FAILED, INTERRUPTED = 0, 1, 2, 130

Progress = Callable[[int, int, Check], None]


@dataclass
class Report:
    """What a run says: what it found, how much it exercised, what it left behind."""

    base_url: str
    dialect: str
    header: str
    seed: int
    run_id: str
    examples: int
    writes: bool
    requests: int
    seconds: float
    started: str
    coverage: float
    conformance: float | None
    counts: dict[str, int]
    verdicts: list[Verdict]
    findings: list[Finding]
    accepted: list[Finding] = field(default_factory=list)
    left_behind: list[str] = field(default_factory=list)
    stopped: str | None = None
    lost: bool = False
    interrupted: bool = False
    defects: list[str] = field(default_factory=list)

    @property
    def drift(self) -> list[Finding]:
        """The findings that fail the run."""
        return [finding for finding in self.findings if finding.kind == BREAKING]

    @property
    def exit_status(self) -> int:
        """0 conforms, 1 drift, 2 could not run to its end, 130 Ctrl-C.

        A budget that is spent is no failure: how far it reached is what coverage says.
        """
        if self.interrupted:
            return INTERRUPTED
        if self.drift:
            return DRIFT
        return FAILED if self.defects or self.lost else CONFORMS


class Session:
    """A run from its first request to the removal of what it made. With __enter__ it begins, with __exit__ it cleans.

    Raises CouldNotRun where the target is no API, or does not let the key in.
    """

    def __init__(self, options: Options) -> None:
        self.run = Run(options, f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(3)}")
        self.material = Material(self.run)
        self.started = datetime.now(UTC)
        self.left_behind: list[str] = []
        self.stopped: str | None = None
        self.lost = False
        self.interrupted = False
        self.defects: list[str] = []
        self._began = time.monotonic()
        self._clean = False

    def __enter__(self) -> "Session":
        try:
            self._begin()
        except BaseException:
            self.run.transport.close()
            raise
        return self

    def _begin(self) -> None:
        check_url(self.run.options.base_url)
        try:
            look_at(self.run)
            if self.run.options.allow_writes:
                prepare_writes(self.run)
        except Stopped as error:
            raise CouldNotRun(str(error)) from error

    def __exit__(self, *_: object) -> None:
        self.clean()

    def carry_out(self, check: Check) -> str | None:
        """Run one check; None, or why it did not run (to its end). Raises Stopped, KeyboardInterrupt."""
        run = self.run
        run.check = check.name
        names = [
            name
            for operation in (*check.operations, EVERYWHERE)
            for name in run.coverage.statements_of(operation)
            if (any(part in name for part in check.only) if check.only else operation != EVERYWHERE)
        ]
        if check.writes and run.writes_off:
            run.coverage.skip(names, run.writes_off, bool(check.only))
            return run.writes_off
        try:
            check.body(run, self.material)
        except CannotGoOn as error:
            run.coverage.skip(names, str(error))
        except NotExercised as error:
            run.coverage.skip(names, str(error), bool(check.only))
            return str(error)
        except Stopped as error:
            run.coverage.skip(names, str(error))
            raise
        except Exception:
            # An answer that no check foresaw. The others go on, and the run does not pass.
            self.defects.append(run.mask(f"{check.name}: {traceback.format_exc()}"))
            run.coverage.skip(names, "the check broke down")
        return None

    def clean(self) -> None:
        """Remove what was made, once."""
        if not self._clean:
            self._clean = True
            self.run.check = "clean up"
            try:
                self.left_behind = clean_up(self.run)
            except KeyboardInterrupt:
                bound = [deviceid for deviceid, bound in self.run.owned.devices.items() if bound]
                self.left_behind = [f"device {deviceid} (alias {self.run.label!r}): interrupted" for deviceid in bound]
                self.interrupted = True
            self.run.transport.close()

    def report(self, baseline: Baseline | None = None) -> Report:
        """What came out, the findings of the baseline apart."""
        run = self.run
        findings = list(run.findings)
        accepted = [finding for finding in findings if baseline and finding.fingerprint in baseline]
        for verdict in run.coverage.verdicts:
            verdict.findings = [finding for finding in verdict.findings if finding not in accepted]
        if run.writes_off:
            for operation in run.specification.operations.values():
                run.coverage.skip(run.coverage.statements_of(operation.id), run.writes_off)
        return Report(
            base_url=run.options.base_url,
            dialect=run.dialect or "unknown",
            header=run.header,
            seed=run.options.seed,
            run_id=run.run_id,
            examples=run.options.examples,
            writes=not run.writes_off,
            requests=run.transport.sent,
            seconds=round(time.monotonic() - self._began, 1),
            started=self.started.isoformat(timespec="seconds"),
            coverage=run.coverage.coverage,
            conformance=run.coverage.conformance,
            counts=dict(run.coverage.counts),
            verdicts=run.coverage.verdicts,
            findings=[finding for finding in findings if finding not in accepted],
            accepted=accepted,
            left_behind=self.left_behind,
            stopped=self.stopped,
            lost=self.lost,
            interrupted=self.interrupted,
            defects=self.defects,
        )


def run_contract(
    options: Options, progress: Progress | None = None, baseline: Baseline | None = None, checks: Sequence[Check] = ()
) -> Report:
    """Run all checks, or those that look at options.operations. Raises CouldNotRun."""
    chosen = list(checks) or all_checks(options.operations)
    session = Session(options)
    try:
        with session:
            for number, check in enumerate(chosen):
                if progress and not (check.writes and session.run.writes_off):
                    progress(number, len(chosen), check)
                session.carry_out(check)
    except Stopped as error:
        session.stopped = session.run.mask(str(error))
        session.lost = not isinstance(error, BudgetSpent)
        _skip_all(session, session.stopped)
    except KeyboardInterrupt:
        session.interrupted = True
        session.clean()
        _skip_all(session, "interrupted")
    return session.report(baseline)


def _skip_all(session: Session, why: str) -> None:
    coverage = session.run.coverage
    for verdict in coverage.verdicts:
        coverage.skip(verdict.statements, why)


def default_seed() -> int:
    """Another one each time; under CI always the same."""
    return 0 if os.environ.get("CI") else secrets.randbits(32)


def as_dict(report: Report) -> dict[str, Any]:
    """The report as JSON."""
    return {
        "base_url": report.base_url,
        "dialect": report.dialect,
        "key_header": report.header,
        "started": report.started,
        "seconds": report.seconds,
        "requests": report.requests,
        "writes": report.writes,
        "seed": report.seed,
        "run_id": report.run_id,
        "examples": report.examples,
        "exit_status": report.exit_status,
        "coverage": {
            "percent": round(report.coverage, 1),
            "exercised": report.counts["exercised"],
            "statements": report.counts["statements"],
        },
        "conformance": {
            "percent": None if report.conformance is None else round(report.conformance, 1),
            "conform": report.counts["exercised"] - report.counts["broken"],
            "exercised": report.counts["exercised"],
        },
        "operations": [
            {
                "operation": verdict.name,
                "call": verdict.call,
                "verdict": verdict.verdict,
                "statements": len(verdict.statements),
                "exercised": sorted(verdict.exercised),
                "not_exercised": verdict.missing,
            }
            for verdict in report.verdicts
        ],
        "findings": [finding.as_dict() for finding in report.findings],
        "accepted": [finding.as_dict() for finding in report.accepted],
        "left_behind": report.left_behind,
        "stopped": report.stopped,
        "interrupted": report.interrupted,
        "defects": report.defects,
    }
