"""The report as JUnit XML."""

from pathlib import Path
from xml.etree import ElementTree

from ..judge.coverage import NOT_EXERCISED, Verdict
from ..judge.findings import BREAKING
from ..session.masking import Masker
from .report import Report
from .text import as_text, defect_line, in_lines


def write_junit(report: Report, path: Path, mask: Masker) -> None:
    """Writes a test case per operation: failed with its breaking findings, skipped if nothing was exercised."""
    suite = ElementTree.Element(
        "testsuite", name="rufus-mock contract", tests=str(len(report.verdicts) + len(report.defects))
    )
    for verdict in report.verdicts:
        _add_case(suite, verdict, mask)
    suite.set("failures", str(len(suite.findall("testcase/failure"))))
    suite.set("skipped", str(len(suite.findall("testcase/skipped"))))
    suite.set("errors", str(len(report.defects)))
    for defect in report.defects:
        case = ElementTree.SubElement(suite, "testcase", classname="contract", name=defect_line(defect))
        ElementTree.SubElement(case, "error", message="a check broke down").text = in_lines(mask(defect))
    suite.set("time", str(report.seconds))
    suite.set("timestamp", report.started)
    ElementTree.indent(suite)
    text = ElementTree.tostring(suite, encoding="unicode")
    path.write_text(f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n', encoding="utf-8")


def _add_case(suite: ElementTree.Element, verdict: Verdict, mask: Masker) -> None:
    case = ElementTree.SubElement(suite, "testcase", classname="contract", name=verdict.name)
    broken = [as_text(finding) for finding in verdict.findings if finding.kind == BREAKING]
    others = [as_text(finding) for finding in verdict.findings if finding.kind != BREAKING]
    if broken:
        failure = ElementTree.SubElement(case, "failure", message=f"{len(broken)} breaking")
        failure.text = in_lines(mask("\n\n".join(broken)))
    elif verdict.verdict == NOT_EXERCISED:
        reason = next(iter(verdict.missing.values()), "")
        ElementTree.SubElement(case, "skipped", message=in_lines(mask(reason)))
    if others:
        ElementTree.SubElement(case, "system-out").text = in_lines(mask("\n\n".join(others)))
