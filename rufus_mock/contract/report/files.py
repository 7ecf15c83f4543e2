"""The report as files: JSON, JUnit XML, and one HTML page."""

import json
from pathlib import Path
from xml.etree import ElementTree

from jinja2 import Environment, PackageLoader, select_autoescape

from ..judge.coverage import NOT_EXERCISED
from ..judge.findings import ADDITION, BREAKING, KINDS, NOTE
from ..runner import Report, as_dict
from ..session.masking import Masker
from .terminal import reasons

_NO_XML = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF])


def write_json(report: Report, path: Path, mask: Masker) -> None:
    """The whole report. It serves as a --baseline."""
    text = json.dumps(mask.mask(as_dict(report)), indent=2, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")


def write_junit(report: Report, path: Path, mask: Masker) -> None:
    """A test case an operation: failed with its breaking findings, skipped where nothing was exercised."""
    suite = ElementTree.Element("testsuite", name="rufus-mock contract", tests=str(len(report.verdicts)))
    failures = skipped = 0
    for verdict in report.verdicts:
        case = ElementTree.SubElement(suite, "testcase", classname="contract", name=verdict.name)
        broken = [finding for finding in verdict.findings if finding.kind == BREAKING]
        if broken:
            failures += 1
            failure = ElementTree.SubElement(case, "failure", message=_plain(mask(f"{len(broken)} breaking")))
            failure.text = _plain(mask("\n\n".join(_as_text(finding.as_dict()) for finding in broken)))
        elif verdict.verdict == NOT_EXERCISED:
            skipped += 1
            reason = next(iter(verdict.missing.values()), "")
            ElementTree.SubElement(case, "skipped", message=_plain(mask(reason)))
        notes = [finding for finding in verdict.findings if finding.kind != BREAKING]
        if notes:
            out = ElementTree.SubElement(case, "system-out")
            out.text = _plain(mask("\n\n".join(_as_text(finding.as_dict()) for finding in notes)))
    suite.set("failures", str(failures))
    suite.set("skipped", str(skipped))
    suite.set("errors", str(len(report.defects)))
    suite.set("time", str(report.seconds))
    suite.set("timestamp", report.started)
    ElementTree.indent(suite)
    path.write_text(
        '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(suite, encoding="unicode") + "\n",
        encoding="utf-8",
    )


def write_html(report: Report, path: Path, mask: Masker) -> None:
    """One file that needs no other: styles inside, no script, nothing from the network."""
    environment = Environment(
        loader=PackageLoader("rufus_mock.contract.report"),
        autoescape=select_autoescape(),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    content = mask.mask(as_dict(report))
    groups = [(kind, [finding for finding in content["findings"] if finding["kind"] == kind]) for kind in KINDS]
    meaning = {
        BREAKING: "What a client may rely on is otherwise.",
        ADDITION: "What no document knows. A careful client ignores it.",
        NOTE: "Not as we assumed. Nobody promised it, so it fails nothing.",
    }
    verdicts = [
        {**entry, "counts": [sum(f.kind == kind for f in verdict.findings) for kind in KINDS]}
        for entry, verdict in zip(content["operations"], report.verdicts, strict=True)
    ]
    html = environment.get_template("report.html").render(
        report=content,
        groups=groups,
        meaning=meaning,
        verdicts=verdicts,
        reasons=mask.mask(sorted(reasons(report).items(), key=lambda pair: -len(pair[1]))),
    )
    path.write_text(mask(html), encoding="utf-8")


def _as_text(finding: dict[str, object]) -> str:
    names = ("operation", "rests_on", "pointer", "expected", "actual", "evidence", "request", "seed", "fingerprint")
    return "\n".join(f"{name}: {finding[name]}" for name in names)


def _plain(text: str) -> str:
    """Without the characters that XML has no place for."""
    return text.translate(_NO_XML)
