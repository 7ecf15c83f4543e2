"""rufus-mock calibrate, from the options to the exit status."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from ..assumptions.profile import ProfileError, read_profile, write_profile
from ..base.defaults import CALIBRATION_READS, CALIBRATION_WRITES
from ..base.process import FAILED, INTERRUPTED, fail, terminable
from ..contract.report.terminal import console, progress_bar
from ..contract.session.errors import CouldNotRun
from ..contract.session.masking import Masker
from ..contract.session.options import Options
from .comparison import changes
from .run import Progress, Result, calibrate
from .terminal import show, show_changes

CHANGED = 1
"""The exit status if the API behaves differently than in the profile that --diff names."""


@dataclass(frozen=True)
class Wanted:
    """What the command line asks for. diff: the earlier profile to compare with."""

    options: Options
    out: Path
    diff: Path | None


def run(wanted: Wanted) -> int:
    """Measure, write the profile, report, and return the exit status. No key appears in the output."""
    mask = Masker(wanted.options.keys.all())
    out, err = sys.stdout, sys.stderr
    with terminable(), redirect_stdout(mask.stream(out)), redirect_stderr(mask.stream(err)):
        try:
            return _run(wanted)
        except (CouldNotRun, ProfileError) as error:
            return fail(str(error))
        except KeyboardInterrupt:
            fail("interrupted before anything was made")
            return INTERRUPTED


def _run(wanted: Wanted) -> int:
    old = read_profile(wanted.diff) if wanted.diff else None
    existed = wanted.out.exists()
    try:
        wanted.out.touch()  # To fail before the run if it cannot be written.
    except OSError as error:
        return fail(f"{wanted.out}: cannot be written: {error.strerror or error}")
    try:
        return _measured(wanted, old)
    except BaseException:
        if not existed:
            wanted.out.unlink(missing_ok=True)
        raise


def _measured(wanted: Wanted, old: Mapping[str, Any] | None) -> int:
    out = console(sys.stdout)
    options = wanted.options
    mode = (
        f"writes to devices of its own, at most {CALIBRATION_WRITES} requests" if options.allow_writes else "reads only"
    )
    most = "" if options.allow_writes else f", at most {CALIBRATION_READS} requests"
    rate = f", {options.rate:g} a second" if options.rate else ""
    out.print(f"Measuring how {options.base_url} behaves: {mode}{most}{rate}", markup=False)
    with _progress(out) as advance:
        result = calibrate(options, advance)
    write_profile(result.profile, wanted.out)
    show(result, out)
    _note_defects(result)
    out.print(f"written: {wanted.out}", markup=False)
    status = INTERRUPTED if result.interrupted else 0
    if old is not None:
        found = changes(old, result.profile)
        show_changes(found, str(wanted.diff), out)
        if any(change.behaviour for change in found):
            status = status or CHANGED
    return status


def _note_defects(result: Result) -> None:
    if result.defects:
        last = result.defects[0].strip().splitlines()[-1]
        fail(f"{len(result.defects)} probes could not read the answers of this target; please report it: {last}")


@contextmanager
def _progress(out: Console) -> Iterator[Progress | None]:
    """Shows a bar on a terminal, and nothing in a log."""
    if not out.is_terminal:
        yield None
        return
    with progress_bar(out) as advance:
        yield advance


__all__ = ["CHANGED", "FAILED", "Wanted", "run"]
