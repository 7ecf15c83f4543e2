"""The text of a finding, wherever one is printed."""

from ...base.printable import printable
from ..judge.findings import Finding
from .report import FAILED, Report


def title(finding: Finding) -> str:
    """The operation, the status that was expected, and the place in the answer. Safe to show, as all texts here."""
    parts = [finding.operation, str(finding.status or ""), finding.pointer.lstrip("#")]
    return printable(" ".join(filter(None, parts)))


def details(finding: Finding, seed_option: str = "--seed") -> list[tuple[str, str]]:
    """What a person needs to judge and repeat a finding: names and values, in order."""
    evidence = " ".join(filter(None, [finding.evidence.level, finding.evidence.source, finding.evidence.note]))
    times = f" (seen {finding.times} times)" if finding.times > 1 else ""
    found = [
        ("expected", finding.expected),
        ("actual", finding.actual + times),
        ("rests on", f"{finding.rests_on} ({evidence})"),
        ("request", finding.request),
        ("repeat", f"{seed_option} {finding.seed}, check {finding.check}, fingerprint {finding.fingerprint}"),
    ]
    return [(name, printable(value)) for name, value in found]


def sentence(finding: Finding) -> str:
    """A finding in one line: what was expected, and what came."""
    return printable(f"{title(finding)}: expected {finding.expected}, but got {finding.actual}")


def as_text(finding: Finding, seed_option: str = "--seed") -> str:
    """A finding in a few lines."""
    lines = [f"{finding.kind}: {title(finding)}"]
    lines += [f"  {name:9} {value}" for name, value in details(finding, seed_option)]
    return "\n".join(lines)


def in_lines(text: str) -> str:
    """A text of several lines that is safe to show."""
    return printable(text, keep="\n\t")


def verdict(report: Report) -> str:
    """The result of a run in one sentence."""
    counts = report.counts
    if report.drift:
        return f"Drift: {len(report.drift)} breaking finding{'s' if len(report.drift) > 1 else ''}"
    if report.interrupted or report.exit_status == FAILED:
        why = "a check broke down" if report.defects else report.stopped or report.stopped_writing
        return printable(f"Not complete: {why or 'the run was interrupted'}")
    if not report.complete:
        return f"Conforms as far as it was exercised: {counts['exercised']} of {counts['statements']} statements"
    return "Conforms to the whole contract"


def defect_line(defect: str) -> str:
    """A defect in one line: the check, and the last line of its traceback."""
    lines = defect.strip().splitlines()
    return printable(f"{lines[0].partition(':')[0]}: {lines[-1]}")
