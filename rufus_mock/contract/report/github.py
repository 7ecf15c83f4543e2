"""The report for GitHub Actions: annotations of the run, and a summary on its page."""

from collections.abc import Iterator
from pathlib import Path

from ...base.printable import printable
from ..judge.findings import ADDITION, BREAKING, NOTE
from ..session.masking import Masker
from .markdown import markdown
from .report import CONFORMS, DRIFT, Report
from .text import details, sentence, title, verdict

_COMMANDS = {BREAKING: "error", ADDITION: "warning", NOTE: "notice"}
_MOST = 10
"""GitHub shows this many annotations of each type for a step."""


def annotate(report: Report) -> Iterator[str]:
    """Yields workflow commands, at most ten of each type, and after each type a line that names the rest."""
    for kind, command in _COMMANDS.items():
        found = [
            (f"{kind}: {title(finding)}", f"{sentence(finding)}\n{details(finding)[-2][1]}")
            for finding in report.findings
            if finding.kind == kind
        ]
        if kind == BREAKING and report.exit_status not in (CONFORMS, DRIFT):
            found.insert(0, ("rufus-mock contract", verdict(report)))
        for name, text in found[:_MOST]:
            yield f"::{command} title={_property(name)}::{_data(text)}"
        if found[_MOST:]:
            rest = "; ".join(name for name, _ in found[_MOST:])
            yield f"{len(found) - _MOST} more of type {command}: {printable(rest)}"


def append_summary(report: Report, path: Path, mask: Masker) -> None:
    """Appends the summary to the file that GitHub names in GITHUB_STEP_SUMMARY."""
    with path.open("a", encoding="utf-8") as file:
        file.write(markdown(report, mask))


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
