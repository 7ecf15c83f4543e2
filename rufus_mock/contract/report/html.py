"""The report as one HTML page."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, select_autoescape

from ..judge.coverage import CONFORMS, NOT_EXERCISED, Verdict
from ..judge.findings import BREAKING, KINDS, MEANING, Finding
from ..session.masking import Masker
from .changes import BROKEN, HELD
from .reach import remedy
from .report import Report, as_dict
from .story import history_lines
from .text import in_lines, verdict

_COLOURS = {BREAKING: "bad", "addition": "new"}


def write_html(report: Report, path: Path, mask: Masker) -> None:
    """Writes one file that needs no other: styles inside, no script, nothing from the network."""
    environment = Environment(
        loader=PackageLoader("rufus_mock.contract.report"),
        autoescape=select_autoescape(),
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_safe,
    )
    content = mask.mask(as_dict(report))
    groups = [(kind, [finding for finding in content["findings"] if finding["kind"] == kind]) for kind in KINDS]
    html = environment.get_template("report.html").render(
        report=content,
        groups=groups,
        colours={kind: _COLOURS.get(kind, "half") for kind in KINDS},
        meaning={kind: f"{text[0].upper()}{text[1:]}." for kind, text in MEANING.items()},
        verdict=mask(verdict(report)),
        colour="bad" if report.drift else "good" if _sound(report) else "half",
        verdicts=[mask.mask(_operation(verdict)) for verdict in report.verdicts],
        reasons=mask.mask([(reason, remedy(reason), names) for reason, names in report.reasons]),
        history=mask.mask(_history(report.history)) if report.history else None,
    )
    path.write_text(mask(html), encoding="utf-8")


def _sound(report: Report) -> bool:
    return report.complete and not report.stopped and not report.interrupted and report.exit_status == 0


def _operation(verdict: Verdict) -> dict[str, Any]:
    """An operation with its statements, and for each kind the number of its findings and the first one."""
    return {
        "operation": verdict.name,
        "call": verdict.call,
        "verdict": verdict.verdict,
        "colour": {CONFORMS: "good", NOT_EXERCISED: "half"}.get(verdict.verdict, "bad"),
        "exercised": len(verdict.exercised),
        "statements": list(_statements(verdict)),
        "counts": [_count(kind, [each for each in verdict.findings if each.kind == kind]) for kind in KINDS],
    }


def _count(kind: str, findings: list[Finding]) -> tuple[str, int, str]:
    return kind, len(findings), findings[0].fingerprint if findings else ""


def _statements(verdict: Verdict) -> Iterator[dict[str, str]]:
    """Each statement with its state in this run, and a link to its finding or the reason."""
    for name in verdict.statements:
        state = "not exercised" if name in verdict.missing else BROKEN if name in verdict.broken else HELD
        finding = next((each.fingerprint for each in verdict.findings if each.rests_on == name), "")
        yield {"name": name, "state": state, "finding": finding, "reason": verdict.missing.get(name, "")}


def _history(history: dict[str, Any]) -> dict[str, Any]:
    return {
        "lines": list(history_lines(history)),
        "charts": [
            {
                "statement": entry["statement"],
                "summary": _in_words(entry["runs"]),
                "runs": [
                    {"state": state, "started": run["started"]}
                    for state, run in zip(entry["runs"], history["runs"], strict=True)
                ],
            }
            for entry in history["statements"]
        ],
    }


def _in_words(states: list[str]) -> str:
    """The text alternative of a chart."""
    looked = sum(state in (BROKEN, HELD) for state in states)
    return f"broken in {states.count(BROKEN)} of the {looked} runs that exercised it; in the latest run: {states[-1]}"


def _safe(value: Any) -> Any:
    """What an expression of the template puts into the page; jinja escapes it for HTML afterwards."""
    return in_lines(value) if type(value) is str else value
