"""The text of a finding, wherever one is printed."""

from ..judge.findings import Finding


def title(finding: Finding) -> str:
    """The operation, the status that was expected, and the place in the answer."""
    return " ".join(filter(None, [finding.operation, str(finding.status or ""), finding.pointer.lstrip("#")]))


def details(finding: Finding, seed_option: str = "--seed") -> list[tuple[str, str]]:
    """What a person needs to judge and repeat a finding: names and values, in order."""
    evidence = " ".join(filter(None, [finding.evidence.level, finding.evidence.source, finding.evidence.note]))
    times = f" (seen {finding.times} times)" if finding.times > 1 else ""
    return [
        ("expected", finding.expected),
        ("actual", finding.actual + times),
        ("rests on", f"{finding.rests_on} ({evidence})"),
        ("request", finding.request),
        ("repeat", f"{seed_option} {finding.seed}, check {finding.check}, fingerprint {finding.fingerprint}"),
    ]


def as_text(finding: Finding, seed_option: str = "--seed") -> str:
    """A finding in a few lines."""
    lines = [f"{finding.kind}: {title(finding)}"]
    lines += [f"  {name:9} {value}" for name, value in details(finding, seed_option)]
    return "\n".join(lines)
