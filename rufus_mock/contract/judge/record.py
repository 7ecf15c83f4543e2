"""Where every judgement of a run ends: what was exercised, and what was found."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from .coverage import Coverage
from .findings import BREAKING, NOTE, Evidence, Finding, Findings

MEASURED = "It was measured on this target."


class Record:
    """The coverage and the findings of a run. mask: hides keys in what a finding shows; seed: repeats the run.

    measured: the assumptions that were measured on the target, and for each whether it has the default variant. check
    is the name of the check that is running; the runner sets it.
    """

    def __init__(
        self, coverage: Coverage, mask: Callable[[str], str], seed: int, measured: Mapping[str, bool] | None = None
    ) -> None:
        self.coverage = coverage
        self.findings = Findings()
        self.check = ""
        self._mask = mask
        self._seed = seed
        self._measured = measured or {}
        self._pending: list[Finding] | None = None

    def add(self, finding: Finding, request: str) -> None:
        """Adds a finding, with what repeats it. Within collecting() it waits for keep()."""
        if finding.kind == NOTE and self._is_measured(finding.evidence):
            if not all(self._measured[id] for id in finding.evidence.assumptions):
                return  # the target does what was measured
            finding = replace(
                finding, kind=BREAKING, evidence=replace(finding.evidence, level="observed", note=MEASURED)
            )
        finding = replace(
            finding,
            request=request,
            check=self.check,
            seed=self._seed,
            expected=self._mask(finding.expected),
            actual=self._mask(finding.actual),
            pointer=self._mask(finding.pointer),
        )
        if self._pending is None:
            self.keep(finding)
        else:
            self._pending.append(finding)

    def _is_measured(self, evidence: Evidence) -> bool:
        return bool(evidence.assumptions) and all(id in self._measured for id in evidence.assumptions)

    def keep(self, finding: Finding) -> None:
        """Makes a finding part of the result."""
        if finding not in self.findings:
            self.coverage.found(finding)
        self.findings.add(finding)

    @contextmanager
    def collecting(self) -> Iterator[list[Finding]]:
        """Collects the findings of one example, until it is known which example is the smallest."""
        before, self._pending = self._pending, []
        try:
            yield self._pending
        finally:
            self._pending = before
