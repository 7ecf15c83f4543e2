"""The report as JSON, and where it is written."""

import json
from importlib.metadata import version
from typing import Any

from .content import Section, sections
from .html import page
from .results import PASSED, Flip, Results
from .settings import Settings


def write_files(results: Results, settings: Settings) -> None:
    """Write the files that the run is asked for. Raises OSError."""
    if settings.json is not None:
        text = json.dumps(as_dict(results, settings), indent=2, ensure_ascii=False)
        settings.json.write_text(text + "\n", encoding="utf-8")
    if settings.html is not None:
        settings.html.write_text(page(results, settings), encoding="utf-8")


def as_dict(results: Results, settings: Settings) -> dict[str, Any]:
    """The report in the form of schemas/reports/assumptions.json."""
    return {
        "rufus_mock": version("rufus-mock"),
        "mode": settings.mode,
        "tests": results.counts(),
        "assumptions": [_assumption(section) for section in sections(results, settings)],
        "incomplete": [
            {"nodeid": test.nodeid, "lost_requests": test.usage.lost, "notes": test.usage.notes}
            for test in results.tests.values()
            if test.usage.lost or test.usage.notes
        ],
    }


def _assumption(section: Section) -> dict[str, Any]:
    return {
        "id": section.id,
        "statement": section.listed["statement"],
        "in_force": section.in_force,
        "variants": [{"id": name, "sentence": sentence} for name, sentence, _ in section.variants],
        "measured_by": section.listed["measured_by"],
        "accepted": not section.refused,
        "tests": [
            {
                "nodeid": test.nodeid,
                "outcome": test.outcome,
                "variant": use.variant,
                "requests": use.requests,
                "operations": use.operations,
                "examples": use.examples,
            }
            for test, use in section.tests
        ],
        "flips": [_flip(flip) for flip in section.flips],
    }


def _flip(flip: Flip) -> dict[str, Any]:
    described = {"variant": flip.variant, "nodeid": flip.nodeid, "outcome": flip.outcome}
    if flip.outcome == PASSED:
        return described
    return {**described, "reason": flip.reason, "repeatable": flip.repeatable}
