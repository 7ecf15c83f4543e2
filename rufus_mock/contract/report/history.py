"""The folder in which a target's runs are kept, so that the next run can say what has changed."""

import json
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..session.masking import Masker
from .changes import KeptRun, changes
from .files import write_json
from .report import Report, as_dict

KEPT = 30
"""The number of earlier runs that a run is compared with."""

_OWN_NAME = re.compile(r"\d{8}T\d{6}-\w+\.json")
_LARGEST = 64 * 1024 * 1024
_UNKNOWN = "unknown"


class HistoryError(Exception):
    """The folder cannot be used. The message names it and says why."""


@dataclass
class _Earlier:
    """What the folder has about one target.

    runs: each with the time of its file, which orders runs of the same second. dialect: that of the latest run.
    """

    runs: dict[str, tuple[int, KeptRun]] = field(default_factory=dict)
    dialect: str | None = None
    skipped: list[str] = field(default_factory=list)


class History:
    """A folder with one JSON report for each run, of any targets.

    Raises HistoryError if the folder cannot be created or read, or if no file can be written into it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
            probe = folder / f".probe-{os.getpid()}"
            probe.touch()
            probe.unlink()
            next(folder.iterdir(), None)
        except OSError as error:
            raise HistoryError(f"--history {folder}: cannot be written: {error.strerror or error}") from error

    def compare(self, report: Report) -> None:
        """Adds to the report what has changed since the earlier runs of the same target in the same dialect."""
        earlier = self._earlier(report)
        this = KeptRun.of(as_dict(report))
        runs = [run for _, run in sorted(earlier.runs.values(), key=lambda pair: (pair[1].started, pair[0]))]
        other = earlier.dialect if earlier.dialect not in (None, report.dialect) else None
        found = changes([*runs, this], {finding.fingerprint for finding in report.accepted}, report.missing)
        report.history = found.as_dict(
            conforms=report.exit_status == 0, drift=bool(report.drift), other_dialect=other, skipped=earlier.skipped
        )

    def keep(self, report: Report, mask: Masker) -> Path:
        """Writes the report into the folder, under the run's id, which begins with its start. Raises OSError."""
        path = self._folder / f"{report.run_id}.json"
        unfinished = path.with_name(f".{path.name}")
        try:
            write_json(report, unfinished, mask)
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
        return path

    def _earlier(self, report: Report) -> _Earlier:
        found = _Earlier()
        for path in self._newest_first():
            if len(found.runs) == KEPT and _OWN_NAME.fullmatch(path.name):
                continue
            try:
                content = _read(path)
                run = KeptRun.of(content)
                target, modified = _target(content), path.stat().st_mtime_ns
            except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
                found.skipped.append(path.name)
                continue
            if target != _target(as_dict(report)) or run.dialect == _UNKNOWN or run.run_id == report.run_id:
                continue
            found.dialect = found.dialect or run.dialect
            if run.dialect == report.dialect and len(found.runs) < KEPT:
                found.runs.setdefault(run.run_id, (modified, run))
        return found

    def _newest_first(self) -> list[Path]:
        """The files, by name. Hidden ones, such as a .git folder, are not looked at.

        A folder that has gone since the run began has none; keep() then says so.
        """
        try:
            return sorted((path for path in self._folder.iterdir() if not path.name.startswith(".")), reverse=True)
        except OSError:
            return []


def _read(path: Path) -> dict[str, Any]:
    if not path.is_file() or path.stat().st_size > _LARGEST:
        raise ValueError("no report")
    content = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(content, dict):
        raise TypeError("no report")
    return content


def _target(content: dict[str, Any]) -> str | None:
    """What was compared. None: the mock that the command starts, whose port differs from run to run."""
    return None if content.get("embedded") else content["base_url"].rstrip("/")
