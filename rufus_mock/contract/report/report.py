"""The result of a run as data."""

from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any

from ..judge.coverage import Verdict
from ..judge.findings import BREAKING, Finding

CONFORMS, DRIFT, FAILED, INTERRUPTED = 0, 1, 2, 130
"""The exit statuses."""


@dataclass
class Report:
    """What a run found, how much of the contract it exercised, and what it left behind."""

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
    stopped_writing: str | None = None
    could_not_run: bool = False
    lost: bool = False
    interrupted: bool = False
    defects: list[str] = field(default_factory=list)
    embedded: bool = False
    history: dict[str, Any] | None = None
    """What has changed since earlier runs, in the form of the JSON report; None without --history."""

    @property
    def drift(self) -> list[Finding]:
        """The findings that fail the run."""
        return [finding for finding in self.findings if finding.kind == BREAKING]

    @property
    def complete(self) -> bool:
        """Whether every statement of the contract was exercised."""
        return self.counts["exercised"] == self.counts["statements"]

    @property
    def missing(self) -> dict[str, str]:
        """The statements that were not exercised, each with the reason."""
        return {name: reason for verdict in self.verdicts for name, reason in verdict.missing.items()}

    @property
    def reasons(self) -> list[tuple[str, list[str]]]:
        """Why statements were not exercised: each reason with its statements, the most frequent reason first."""
        by_reason: dict[str, list[str]] = {}
        for name, reason in self.missing.items():
            by_reason.setdefault(reason, []).append(name)
        return sorted(by_reason.items(), key=lambda pair: -len(pair[1]))

    @property
    def exit_status(self) -> int:
        """0 conforms, 1 drift, 2 could not run to its end, 130 Ctrl-C.

        A spent budget is no failure: the coverage shows how far it reached.
        """
        if self.interrupted:
            return INTERRUPTED
        if self.could_not_run:
            return FAILED
        if self.drift:
            return DRIFT
        return FAILED if self.defects or self.lost or self.stopped_writing else CONFORMS


def as_dict(report: Report) -> dict[str, Any]:
    """The report as a JSON value."""
    return {
        "rufus_mock": version("rufus-mock"),
        "base_url": report.base_url,
        "embedded": report.embedded,
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
        "operations": [_verdict(verdict) for verdict in report.verdicts],
        "findings": [finding.as_dict() for finding in report.findings],
        "accepted": [finding.as_dict() for finding in report.accepted],
        "left_behind": report.left_behind,
        "stopped": report.stopped,
        "stopped_writing": report.stopped_writing,
        "interrupted": report.interrupted,
        "defects": report.defects,
        "history": report.history,
    }


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "operation": verdict.name,
        "call": verdict.call,
        "verdict": verdict.verdict,
        "statements": len(verdict.statements),
        "exercised": sorted(verdict.exercised),
        "not_exercised": verdict.missing,
    }
