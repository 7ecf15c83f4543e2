"""The report as one HTML page."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, select_autoescape

from ..judge.findings import KINDS, MEANING
from ..session.masking import Masker
from .report import Report, as_dict
from .text import in_lines


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
    verdicts = [
        {**entry, "counts": [sum(f.kind == kind for f in verdict.findings) for kind in KINDS]}
        for entry, verdict in zip(content["operations"], report.verdicts, strict=True)
    ]
    html = environment.get_template("report.html").render(
        report=content,
        groups=groups,
        meaning={kind: f"{text[0].upper()}{text[1:]}." for kind, text in MEANING.items()},
        verdicts=verdicts,
        reasons=mask.mask(report.reasons),
    )
    path.write_text(mask(html), encoding="utf-8")


def _safe(value: Any) -> Any:
    """What an expression of the template puts into the page; jinja escapes it for HTML afterwards."""
    return in_lines(value) if type(value) is str else value
