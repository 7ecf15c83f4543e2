"""rufus-mock contract, from the options to the exit status."""

import os
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from hypothesis.configuration import set_hypothesis_home_dir
from rich.console import Console
from rich.text import Text

from ..base.process import FAILED, fail, terminable
from .checks.check import Check
from .embedded import embedded_mock
from .judge.findings import Finding
from .report.baseline import Baseline, BaselineError
from .report.files import write_html, write_json, write_junit, write_markdown
from .report.github import annotate, append_summary
from .report.history import History, HistoryError
from .report.report import DRIFT, INTERRUPTED, Report
from .report.terminal import console, progress_bar, say, show
from .runner import default_seed, run_contract
from .session.errors import CouldNotRun
from .session.masking import Masker
from .session.options import Keys, Options


@dataclass(frozen=True)
class Wanted:
    """What the command line asks for. None stands for the default, which depends on the target.

    measured: see Options. departures: finds out afterwards what differs from a profile of the target.
    """

    base_url: str | None
    keys: Keys
    allow_writes: bool
    dialect: str | None
    rate: float | None
    budget: int | None
    examples: int | None
    seed: int | None
    operations: tuple[str, ...]
    strict: bool
    baseline: Path | None
    json: Path | None
    junit: Path | None
    html: Path | None
    markdown: Path | None = None
    history: Path | None = None
    github: bool = False
    timeout: float | None = None
    deadline: float | None = None
    measured: Mapping[str, bool] = field(default_factory=dict)
    departures: Callable[[Options], list[Finding]] | None = None


def contract(wanted: Wanted) -> int:
    """Runs, reports, and returns the exit status. No key appears in the output."""
    out, err = sys.stdout, sys.stderr
    keys = wanted.keys
    with ExitStack() as stack:
        stack.enter_context(terminable())
        stack.enter_context(_no_litter())
        if wanted.base_url is None:
            base_url, keys = stack.enter_context(embedded_mock(wanted.dialect or "pages"))
        else:
            base_url = wanted.base_url
        mask = Masker(keys.all())
        stack.enter_context(redirect_stdout(mask.stream(out)))
        stack.enter_context(redirect_stderr(mask.stream(err)))
        try:
            return _run(wanted, _options(wanted, base_url, keys), mask)
        except (CouldNotRun, BaselineError, HistoryError) as error:
            return fail(str(error))
        except OSError as error:
            return fail(f"{error.filename or 'output'}: {error.strerror or error}")
        except KeyboardInterrupt:
            fail("interrupted before anything was made")
            return INTERRUPTED
        except Exception as error:
            return fail(f"a defect of the kit; please report it: {type(error).__name__}: {error}")


def _options(wanted: Wanted, base_url: str, keys: Keys) -> Options:
    return Options.for_target(
        base_url,
        keys,
        embedded=wanted.base_url is None,
        seed=default_seed() if wanted.seed is None else wanted.seed,
        allow_writes=wanted.allow_writes,
        rate=wanted.rate,
        budget=wanted.budget,
        examples=wanted.examples,
        operations=wanted.operations,
        dialect=wanted.dialect,
        measured=wanted.measured,
        timeout=wanted.timeout,
        deadline=wanted.deadline,
    )


def _run(wanted: Wanted, options: Options, mask: Masker) -> int:
    baseline = Baseline.read(wanted.baseline) if wanted.baseline else None
    history = History(wanted.history) if wanted.history else None
    for path in (wanted.json, wanted.junit, wanted.html, wanted.markdown):
        if path is not None:
            path.touch()  # To fail before the run if it cannot be written.
    out = console(sys.stdout)
    what = "the mock in this process" if wanted.base_url is None else options.base_url
    mode = "writes to a device of its own" if options.allow_writes else "reads only"
    limits = f", {options.rate:g} requests a second, {options.budget or 'no limit of'} requests" if options.rate else ""
    say(out, Text(f"Comparing {what} with the contract: {mode}{limits}, --seed {options.seed}"))
    try:
        with _progress(out) as advance:
            report = run_contract(options, advance, baseline)
    except CouldNotRun as error:
        if error.report is not None:
            _write(wanted, error.report, mask, out)
        raise
    report.embedded = wanted.base_url is None
    _compare_with_profile(wanted, options, report)
    if history:
        history.compare(report)
    show(report, out)
    written = _write(wanted, report, mask, out, history)
    status = report.exit_status if written else FAILED
    if wanted.strict and status == 0 and report.findings:
        say(out, "--strict: additions and notes fail too")
        return DRIFT
    return status


def _compare_with_profile(wanted: Wanted, options: Options, report: Report) -> None:
    """Adds what differs from the profile to the report; if that cannot be found out, the report says so."""
    if wanted.departures is None or report.interrupted or report.lost:
        return
    try:
        report.findings += wanted.departures(options)
    except CouldNotRun as error:
        report.stopped, report.lost = f"the profile could not be compared: {error}", True
    except Exception as error:
        report.defects.append(f"profile: {''.join(traceback.format_exception(error))}")


def _write(wanted: Wanted, report: Report, mask: Masker, out: Console, history: History | None = None) -> bool:
    """Writes everything that was asked for. What cannot be written does not prevent the rest."""
    files = (
        (wanted.json, write_json),
        (wanted.junit, write_junit),
        (wanted.html, write_html),
        (wanted.markdown, write_markdown),
    )
    tasks: list[tuple[Path, Callable[[], Any]]] = [
        (path, partial(write, report, path, mask)) for path, write in files if path is not None
    ]
    if history and wanted.history:
        tasks.append((wanted.history / f"{report.run_id}.json", partial(history.keep, report, mask)))
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if wanted.github and summary:
        tasks.append((Path(summary), partial(append_summary, report, Path(summary), mask)))
    complete = True
    for path, write in tasks:
        try:
            write()
            say(out, Text(f"written: {path}"))
        except Exception as error:
            fail(f"{path}: cannot be written: {getattr(error, 'strerror', None) or error}")
            complete = False
    if wanted.github:
        for line in annotate(report):
            print(mask(line))
    return complete


@contextmanager
def _progress(out: Any) -> Iterator[Any]:
    """Shows a bar on a terminal, or a line per check in a log."""
    if not out.is_terminal:

        def line(number: int, total: int, check: Check) -> None:
            say(out, Text(f"  {number + 1:2}/{total} {check.title}"))

        yield line
        return
    with progress_bar(out) as advance:
        yield lambda number, total, check: advance(number, total, check.title)


@contextmanager
def _no_litter() -> Iterator[None]:
    """Keeps hypothesis's tables out of the working folder."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "rufus-mock"
    try:
        cache.mkdir(parents=True, exist_ok=True)
        set_hypothesis_home_dir(str(cache))
        yield
    except OSError:
        with tempfile.TemporaryDirectory() as folder:
            set_hypothesis_home_dir(folder)
            yield
