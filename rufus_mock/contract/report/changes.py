"""What has changed from run to run: new, gone, coming and going, or not looked at again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from ..judge.findings import BREAKING

BROKEN, HELD, NOT_EXERCISED = "broken", "held", "not exercised"
"""The states of a statement, or of one departure from it, in a run."""


@dataclass(frozen=True)
class Departure:
    """A finding as a kept report has it, without the values of its run."""

    fingerprint: str
    kind: str
    operation: str
    rests_on: str
    pointer: str

    @classmethod
    def of(cls, finding: Mapping[str, Any]) -> "Departure":
        """Reads a finding of a JSON report. Raises KeyError or TypeError if it is none."""
        values = [finding[name] for name in ("fingerprint", "kind", "operation", "rests_on", "pointer")]
        if not all(isinstance(value, str) for value in values):
            raise TypeError("not a finding")
        return cls(*values)


@dataclass(frozen=True)
class KeptRun:
    """What the comparison needs of a run. findings: by fingerprint, with those that a baseline accepts."""

    run_id: str
    started: str
    dialect: str
    writes: bool
    exercised: frozenset[str]
    operations: frozenset[str]
    findings: Mapping[str, Departure]

    @classmethod
    def of(cls, report: Mapping[str, Any]) -> "KeptRun":
        """Reads a JSON report. Raises KeyError, TypeError or AttributeError if it is none."""
        departures = [Departure.of(finding) for finding in (*report["findings"], *report["accepted"])]
        reached = [entry for entry in report["operations"] if entry["exercised"]]
        return cls(
            str(report["run_id"]),
            str(report["started"]),
            str(report["dialect"]),
            bool(report["writes"]),
            frozenset(str(name) for entry in reached for name in entry["exercised"]),
            frozenset(str(entry["operation"]) for entry in reached),
            {departure.fingerprint: departure for departure in departures},
        )

    def breaks(self, statement: str) -> bool:
        """Whether a breaking finding rests on the statement."""
        return any(each.rests_on == statement and each.kind == BREAKING for each in self.findings.values())

    def looked_at(self, departure: Departure) -> bool:
        """Whether the run would have seen the departure: it exercised the statement, and reached the operation."""
        return departure.rests_on in self.exercised and departure.operation in self.operations


def _states(runs: Sequence[KeptRun], broken: Sequence[bool], looked_at: Sequence[bool]) -> list[str]:
    """The state in each run. What was only seen in runs that write says nothing about the others."""
    needs_writes = all(run.writes for run, breaks in zip(runs, broken, strict=True) if breaks)
    return [
        BROKEN if breaks else HELD if looked and (run.writes or not needs_writes) else NOT_EXERCISED
        for run, breaks, looked in zip(runs, broken, looked_at, strict=True)
    ]


@dataclass(frozen=True)
class Course:
    """A departure in all runs, the oldest first; the last one is the present run."""

    departure: Departure
    states: list[str]

    @property
    def now(self) -> str:
        return self.states[-1]

    @property
    def before(self) -> str:
        """The last state before this run that is known."""
        return next((state for state in reversed(self.states[:-1]) if state != NOT_EXERCISED), NOT_EXERCISED)

    @property
    def changes(self) -> int:
        """How often it came or went. The first time that it was looked at is no change."""
        known = [state for state in self.states if state != NOT_EXERCISED]
        return sum(one != other for one, other in pairwise(known))

    @property
    def changed(self) -> bool:
        """Whether it came or went in this run. What was not looked at has not changed."""
        return (
            self.now != NOT_EXERCISED and self.now != self.before and (self.now, self.before) != (HELD, NOT_EXERCISED)
        )

    def as_dict(self) -> dict[str, Any]:
        """The form in the JSON report."""
        known = self.departure
        return {
            "fingerprint": known.fingerprint,
            "kind": known.kind,
            "operation": known.operation,
            "rests_on": known.rests_on,
            "pointer": known.pointer,
            "before": self.before,
            "now": self.now,
            "changes": self.changes,
            "changed": self.changed,
            "runs": self.states,
        }


@dataclass(frozen=True)
class Changes:
    """The result of the comparison. missing: why statements were not exercised in this run."""

    runs: Sequence[KeptRun]
    courses: Sequence[Course]
    accepted: frozenset[str]
    missing: Mapping[str, str]

    @property
    def _came(self) -> list[Course]:
        """What is new or back. In a first run that is nothing, and what a baseline accepts is known."""
        if len(self.runs) == 1:
            return []
        return [
            course
            for course in self.courses
            if course.changed and course.now == BROKEN and course.departure.fingerprint not in self.accepted
        ]

    @property
    def _gone(self) -> list[Course]:
        return [course for course in self.courses if course.changed and course.now == HELD]

    @property
    def _not_looked_at(self) -> list[Course]:
        return [course for course in self.courses if course.now == NOT_EXERCISED and course.before == BROKEN]

    def _why_not(self, departure: Departure) -> str:
        otherwise = "no check came to it" if self.runs[-1].writes else "writes are off: give --allow-writes"
        return self.missing.get(departure.rests_on, otherwise)

    def _statements(self) -> list[dict[str, Any]]:
        """The states of each statement that was broken at least once."""
        names = {course.departure.rests_on: None for course in self.courses if course.departure.kind == BREAKING}
        return [
            {
                "statement": name,
                "runs": _states(
                    self.runs, [run.breaks(name) for run in self.runs], [name in run.exercised for run in self.runs]
                ),
            }
            for name in names
        ]

    def as_dict(
        self, *, conforms: bool, drift: bool, other_dialect: str | None, skipped: Sequence[str]
    ) -> dict[str, Any]:
        """The member `history` of the JSON report. other_dialect: what the latest run found, if it has changed."""
        came, gone, unknown = self._came, self._gone, self._not_looked_at
        first = len(self.runs) == 1
        return {
            "earlier_runs": len(self.runs) - 1,
            "runs": [{"run_id": run.run_id, "started": run.started} for run in self.runs],
            "changed": bool(came or gone or other_dialect or (first and drift)),
            "green": conforms
            and not came
            and not other_dialect
            and not any(course.departure.kind == BREAKING for course in unknown),
            "new": [course.as_dict() for course in came],
            "gone": [course.as_dict() for course in gone],
            "comes_and_goes": [course.as_dict() for course in self.courses if course.changes > 1],
            "not_looked_at": [{**course.as_dict(), "reason": self._why_not(course.departure)} for course in unknown],
            "as_before": sum(course.now == course.before == BROKEN for course in self.courses),
            "statements": self._statements(),
            "other_dialect": other_dialect,
            "skipped": list(skipped),
        }


def changes(runs: Sequence[KeptRun], accepted: set[str], missing: Mapping[str, str]) -> Changes:
    """Compares the last of these runs with all before it, which are in the order of time."""
    known = {fingerprint: departure for run in runs for fingerprint, departure in run.findings.items()}
    courses = []
    for fingerprint, departure in known.items():
        seen = [fingerprint in run.findings for run in runs]
        courses.append(Course(departure, _states(runs, seen, [run.looked_at(departure) for run in runs])))
    return Changes(runs, courses, frozenset(accepted), missing)
