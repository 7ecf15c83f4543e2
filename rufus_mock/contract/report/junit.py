"""The report as JUnit XML."""

from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from ...base.printable import printable
from ..judge.findings import BREAKING, Finding
from ..session.masking import Masker
from .report import FAILED, Report
from .text import as_text, defect_line, in_lines, sentence, verdict


def write_junit(report: Report, path: Path, mask: Masker) -> None:
    """Writes a test case for each statement: failed with its breaking findings, skipped if it was not exercised."""
    suite = ElementTree.Element("testsuite", name="rufus-mock contract")
    for classname, name, findings, reason in _cases(report):
        _add_case(suite, classname, name, findings, reason, mask)
    for defect in report.defects:
        _add_error(suite, defect_line(defect), "a check broke down", defect, mask)
    if report.exit_status == FAILED and not report.defects:
        _add_error(suite, "the whole run", verdict(report), verdict(report), mask)
    for attribute, path_of in (
        ("tests", "testcase"),
        ("failures", "testcase/failure"),
        ("skipped", "testcase/skipped"),
        ("errors", "testcase/error"),
    ):
        suite.set(attribute, str(len(suite.findall(path_of))))
    suite.set("time", str(report.seconds))
    suite.set("timestamp", report.started)
    ElementTree.indent(suite)
    text = ElementTree.tostring(suite, encoding="unicode")
    path.write_text(f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n', encoding="utf-8")


def _cases(report: Report) -> Iterator[tuple[str, str, list[Finding], str | None]]:
    """Yields operation, statement, findings, and why the statement was not exercised."""
    of_statement: dict[str, list[Finding]] = {}
    for finding in report.findings:
        of_statement.setdefault(finding.rests_on, []).append(finding)
    for each in report.verdicts:
        for name in each.statements:
            yield each.name, name, of_statement.pop(name, []), each.missing.get(name)
    # Statements that are not counted, such as those on answers that no test should provoke.
    for name, findings in of_statement.items():
        yield findings[0].operation, name, findings, None


def _add_case(
    suite: ElementTree.Element, classname: str, name: str, findings: list[Finding], reason: str | None, mask: Masker
) -> None:
    case = ElementTree.SubElement(suite, "testcase", classname=classname, name=printable(name))
    broken = [finding for finding in findings if finding.kind == BREAKING]
    others = [as_text(finding) for finding in findings if finding.kind != BREAKING]
    if broken:
        more = f" (and {len(broken) - 1} more)" if len(broken) > 1 else ""
        failure = ElementTree.SubElement(case, "failure", message=mask(sentence(broken[0]) + more), type=BREAKING)
        failure.text = in_lines(mask("\n\n".join(map(as_text, broken))))
    elif reason is not None:
        ElementTree.SubElement(case, "skipped", message=printable(mask(reason)))
    if others:
        ElementTree.SubElement(case, "system-out").text = in_lines(mask("\n\n".join(others)))


def _add_error(suite: ElementTree.Element, name: str, message: str, text: str, mask: Masker) -> None:
    case = ElementTree.SubElement(suite, "testcase", classname="contract", name=name)
    ElementTree.SubElement(case, "error", message=printable(mask(message))).text = in_lines(mask(text))
