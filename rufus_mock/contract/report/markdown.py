"""The report as a summary in Markdown, for an issue, a comment, or the page of a workflow's run."""

import re
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from ...base.printable import printable
from ..judge.findings import KINDS, MEANING, Finding
from ..session.masking import Masker
from .report import Report
from .story import history_lines
from .text import defect_line, details, title, verdict

_MOST_FINDINGS = 15
_MOST_REASONS = 12
_LONGEST_TEXT = 400
_LONGEST = 60_000
"""GitHub accepts 65,536 characters in an issue."""


def write_markdown(report: Report, path: Path, mask: Masker) -> None:
    """Writes the summary."""
    path.write_text(markdown(report, mask), encoding="utf-8")


def markdown(report: Report, mask: Masker) -> str:
    """The summary: the verdict, what has changed, and the first findings of each kind."""
    text = mask("\n".join(_lines(report)))
    if len(text) > _LONGEST:
        text = text[:_LONGEST].rpartition("\n\n")[0] + "\n\nThe rest is in the report."
    return text + "\n"


def _lines(report: Report) -> Iterator[str]:
    counts = report.counts
    yield f"## {_escaped(verdict(report))}\n"
    target = "the mock in this process" if report.embedded else code(report.base_url)
    yield (
        f"{target}, {report.started}, dialect {report.dialect}, writes {'on' if report.writes else 'off'}, "
        f"{report.requests} requests, seed {report.seed}, rufus-mock {version('rufus-mock')}\n"
    )
    yield f"- Coverage: {report.coverage:.1f} % ({counts['exercised']} of {counts['statements']} statements)"
    if report.conformance is not None:
        conform = counts["exercised"] - counts["broken"]
        yield f"- Conformance: {report.conformance:.1f} % ({conform} of those {counts['exercised']} hold)"
    yield from (f"- Left behind: {code(left)}" for left in report.left_behind)
    if report.history is not None:
        yield "\n### History\n"
        yield from (f"- {name}: {code(text)}" for name, text in history_lines(report.history))
    for kind in KINDS:
        found = [finding for finding in report.findings if finding.kind == kind]
        if found:
            yield f"\n### {len(found)} {kind}{'s' if kind != 'breaking' and len(found) > 1 else ''}\n"
            yield f"{MEANING[kind].capitalize()}."
        for finding in found[:_MOST_FINDINGS]:
            yield from _finding(finding)
        if len(found) > _MOST_FINDINGS:
            yield f"\nAnd {len(found) - _MOST_FINDINGS} more, which are in the report."
    yield from (f"\nA check broke down: {code(defect_line(defect))}" for defect in report.defects)
    if report.reasons:
        yield "\n### Not exercised\n"
        yield from (f"- {len(names)}: {code(reason)}" for reason, names in report.reasons[:_MOST_REASONS])


def _finding(finding: Finding) -> Iterator[str]:
    yield f"\n**{_escaped(title(finding))}**\n"
    yield from (f"- {name}: {code(value)}" for name, value in details(finding))


def code(text: str) -> str:
    """A text as a code span, in which no character has a meaning."""
    text = printable(text)
    text = text if len(text) <= _LONGEST_TEXT else text[: _LONGEST_TEXT - 1] + "…"
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    return f"{fence} {text} {fence}" if longest else f"`{text}`"


def _escaped(text: str) -> str:
    """A text in which no character has a meaning in Markdown, as GitHub and GitLab render it."""
    return re.sub(r"([\\`*_{}\[\]<>#|~&@!])", r"\\\1", text)
