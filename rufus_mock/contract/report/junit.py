"""The report as JUnit XML."""

from pathlib import Path
from xml.etree import ElementTree

from ..judge.coverage import NOT_EXERCISED, Verdict
from ..judge.findings import BREAKING
from ..session.masking import Masker
from .report import Report
from .text import as_text

_NO_XML = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF])


def write_junit(report: Report, path: Path, mask: Masker) -> None:
    """Writes a test case per operation: failed with its breaking findings, skipped if nothing was exercised."""
    suite = ElementTree.Element("testsuite", name="rufus-mock contract", tests=str(len(report.verdicts)))
    for verdict in report.verdicts:
        _add_case(suite, verdict, mask)
    suite.set("failures", str(len(suite.findall("testcase/failure"))))
    suite.set("skipped", str(len(suite.findall("testcase/skipped"))))
    suite.set("errors", str(len(report.defects)))
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
        failure.text = _plain(mask("\n\n".join(broken)))
    elif verdict.verdict == NOT_EXERCISED:
        reason = next(iter(verdict.missing.values()), "")
        ElementTree.SubElement(case, "skipped", message=_plain(mask(reason)))
    if others:
        ElementTree.SubElement(case, "system-out").text = _plain(mask("\n\n".join(others)))


def _plain(text: str) -> str:
    """The text without the characters that XML does not allow."""
    return text.translate(_NO_XML)
