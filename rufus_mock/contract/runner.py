"""Runs the checks against a target, and cleans up afterwards, whatever happens."""

import os
import secrets
import time
import traceback
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from .checks import Check, all_checks
from .judge.coverage import EVERYWHERE
from .judge.statements import rule
from .report.baseline import Baseline
from .report.report import Report
from .run import Run
from .session.cleanup import clean_up, left_by_interruption
from .session.errors import BudgetSpent, CannotGoOn, CouldNotRun, NotExercised, Stopped
from .session.options import Options
from .session.target import check_url, find_writer, look_at, may
from .subject.material import Material

_ACCESS = rule("access")

Progress = Callable[[int, int, Check], None]


class Runner:
    """A run from its first request to the removal of what it made: a context manager that looks at the target, and
    cleans up.

    Raises CouldNotRun if the target is no API, or refuses the key.
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

    def __enter__(self) -> "Runner":
        try:
            self._begin()
        except BaseException:
            self.run.transport.close()
            raise
        return self

    def _begin(self) -> None:
        run = self.run
        check_url(run.options.base_url)
        try:
            look_at(run)
            assert run.dialect is not None
            run.coverage.settle(run.dialect)
            if run.options.allow_writes:
                for exchange in find_writer(run):
                    run.judged(exchange).against(_ACCESS).status_fits(may(exchange), "a WRITE key may")
        except Stopped as error:
            raise CouldNotRun(run.mask(str(error))) from error

    def __exit__(self, *_: object) -> None:
        self.clean()

    def carry_out(self, check: Check) -> str | None:
        """Runs one check. Returns None, or why it could not run to its end. Raises Stopped, KeyboardInterrupt."""
        run = self.run
        run.record.check = check.name
        names = self._statements_of(check)
        if check.writes and run.writes_off:
            run.coverage.skip(names, run.writes_off, bool(check.only))
            return run.writes_off
        try:
            check.function(run, self.material)
        except CannotGoOn as error:
            run.coverage.skip(names, str(error))
        except NotExercised as error:
            run.coverage.skip(names, str(error), bool(check.only))
            return str(error)
        except Stopped as error:
            run.coverage.skip(names, str(error))
            raise
        except Exception as error:
            # The target gave an answer that no check foresaw. The other checks go on, and the run does not pass.
            self.note_defect(check.name, error)
            run.coverage.skip(names, "the check broke down")
        return None

    def note_defect(self, where: str, error: Exception) -> None:
        """Notes a defect of the kit. The run does not pass."""
        trace = "".join(traceback.format_exception(error))
        self.defects.append(self.run.mask(f"{where}: {trace}"))

    def _statements_of(self, check: Check) -> list[str]:
        """The statements that stay unexercised if this check cannot run."""
        return [
            name
            for operation in (*check.operations, EVERYWHERE)
            for name in self.run.coverage.statements_of(operation)
            if (any(part in name for part in check.only) if check.only else operation != EVERYWHERE)
        ]

    def clean(self) -> None:
        """Removes what was made, once."""
        if not self._clean:
            self._clean = True
            try:
                self.left_behind = clean_up(self.run)
            except KeyboardInterrupt:
                self.left_behind = left_by_interruption(self.run)
                self.interrupted = True
            except Exception as error:
                self.left_behind = left_by_interruption(self.run, "the clean-up broke down")
                self.note_defect("clean-up", error)
            self.run.transport.close()

    def skip_all(self, why: str) -> None:
        """Notes why everything that was not exercised yet stays so."""
        for verdict in self.run.coverage.verdicts:
            self.run.coverage.skip(verdict.statements, why)

    def report(self, baseline: Baseline | None = None) -> Report:
        """The result. Findings that the baseline knows are listed apart."""
        run = self.run
        findings = list(run.record.findings)
        accepted = [finding for finding in findings if baseline and finding.fingerprint in baseline]
        for verdict in run.coverage.verdicts:
            verdict.findings = [finding for finding in verdict.findings if finding not in accepted]
        if run.writes_off:
            for operation in run.contract.operations.values():
                run.coverage.skip(run.coverage.statements_of(operation.id), run.writes_off)
        for operation_id, reason in run.missing.items():
            if reason:
                run.coverage.skip(run.coverage.statements_of(operation_id), reason, special=True)
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
            stopped_writing=run.claims.doubt,
            lost=self.lost,
            interrupted=self.interrupted,
            defects=self.defects,
        )


def run_contract(
    options: Options, progress: Progress | None = None, baseline: Baseline | None = None, checks: Sequence[Check] = ()
) -> Report:
    """Runs these checks, or all that look at options.operations. Raises CouldNotRun, which has a report too."""
    chosen = list(checks) or all_checks(options.operations)
    runner = Runner(options)
    try:
        with runner:
            for number, check in enumerate(chosen):
                if progress and not (check.writes and runner.run.writes_off):
                    progress(number, len(chosen), check)
                runner.carry_out(check)
    except Stopped as error:
        runner.stopped = runner.run.mask(str(error))
        runner.lost = not isinstance(error, BudgetSpent)
        runner.skip_all(runner.stopped)
    except KeyboardInterrupt:
        runner.interrupted = True
        runner.clean()
        runner.skip_all("interrupted")
    except CouldNotRun as error:
        runner.stopped, runner.lost = str(error), True
        runner.skip_all(runner.stopped)
        error.report = runner.report(baseline)
        error.report.could_not_run = True
        raise
    except Exception as error:
        runner.note_defect("the run", error)
        runner.skip_all("the kit broke down")
    return runner.report(baseline)


def default_seed() -> int:
    """A random seed; always 0 under CI."""
    return 0 if os.environ.get("CI") else secrets.randbits(32)
