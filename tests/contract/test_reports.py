"""The forms of a report: JUnit, annotations, Markdown, HTML, and a terminal of any width."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from flask import Response

from rufus_mock.contract import Keys, Options, run_contract
from rufus_mock.contract.judge.findings import ADDITION, BREAKING, NOTE, Evidence, Finding
from rufus_mock.contract.report.files import write_html, write_junit
from rufus_mock.contract.report.github import annotate
from rufus_mock.contract.report.markdown import code, markdown
from rufus_mock.contract.report.reach import remedy
from rufus_mock.contract.report.report import Report
from rufus_mock.contract.session.masking import Masker
from rufus_mock.web.app import create_app
from tests.contract.command_runs import environment
from tests.contract.mutants import mutant_named
from tests.servers import ADMIN, READ, serving

MASK = Masker([ADMIN, READ])
STATEMENT = "getDevice 404 DeviceNotFound"
SEQUENCE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with serving(mutant_named("device_404_is_html").application()) as url:
        yield url


@pytest.fixture(scope="module")
def found(url: str) -> Report:
    """A run that only reads, in which one statement is broken."""
    return run_contract(Options(url, Keys(READ), operations=("getDevice",), examples=1))


@pytest.fixture
def report(found: Report) -> Report:
    return replace(found, findings=list(found.findings))


def made_up(kind: str, number: int = 0, **fields: object) -> Finding:
    finding = Finding(
        kind, "getDevice", STATEMENT, "a value", "missing", Evidence("documented"), 404, f"/a,b:{number}%"
    )
    return replace(finding, **fields)  # type: ignore[arg-type]


def test_junit_has_a_case_for_each_statement_of_each_operation(report: Report, tmp_path: Path) -> None:
    report.findings.append(made_up(NOTE, actual="\x1b]]>\ufffe", operation="getSession", rests_on="not counted"))
    write_junit(report, tmp_path / "a.xml", MASK)
    suite = ElementTree.parse(tmp_path / "a.xml").getroot()
    statements = [(each.name, name) for each in report.verdicts for name in each.statements]
    cases = [(case.get("classname"), case.get("name")) for case in suite]
    assert cases == [*statements, ("getSession", "not counted")]
    (failed,) = suite.findall("testcase/failure/..")
    assert failed.get("name") == STATEMENT
    failure = failed[0]
    assert (failure.get("message") or "").startswith("getDevice 404 body: expected JSON, but got text/html, not JSON")
    assert re.search(r"expected  JSON\n.* request +curl .* repeat +--seed 0, check ", failure.text or "", re.DOTALL)
    skipped = {case.get("name"): case[0].get("message") for case in suite if case.find("skipped") is not None}
    assert skipped == report.missing
    assert suite.get("tests") == str(len(cases))
    assert (suite.get("failures"), suite.get("skipped"), suite.get("errors")) == ("1", str(len(skipped)), "0")


def test_junit_has_an_error_if_the_run_did_not_reach_its_end(report: Report, tmp_path: Path) -> None:
    write_junit(replace(report, findings=[], lost=True, stopped="no answer"), tmp_path / "a.xml", MASK)
    suite = ElementTree.parse(tmp_path / "a.xml").getroot()
    assert [error.get("message") for error in suite.iter("error")] == ["Not complete: no answer"]
    assert suite.get("errors") == "1"


def test_an_annotation_is_escaped_and_each_type_has_at_most_ten(report: Report) -> None:
    report.findings[:] = [made_up(BREAKING, number, actual="50 %\n::error::x") for number in range(12)]
    report.findings += [made_up(ADDITION), made_up(NOTE)]
    lines = list(annotate(report))
    assert [line.split(" ")[0] for line in lines] == ["::error"] * 10 + ["2", "::warning", "::notice"]
    assert lines[0] == (
        "::error title=breaking%3A getDevice 404 /a%2Cb%3A0%25::"
        "getDevice 404 /a,b:0%25: expected a value, but got 50 %25\\x0a::error::x%0A"
    )
    rest = "breaking: getDevice 404 /a,b:10%; breaking: getDevice 404 /a,b:11%"
    assert lines[10] == f"2 more of type error: {rest}"


def test_a_run_that_did_not_reach_its_end_has_an_annotation(report: Report) -> None:
    (line,) = annotate(replace(report, findings=[], lost=True, stopped="no answer"))
    assert line == "::error title=rufus-mock contract::Not complete: no answer"


def test_markdown_shows_what_a_server_sent_only_as_code(report: Report) -> None:
    report.findings.append(made_up(NOTE, pointer="/@all [x](y) <b>", actual="`` @all\n# x"))
    text = markdown(report, MASK)
    assert text.startswith("## Drift: 1 breaking finding\n")
    assert "**getDevice 404 /\\@all \\[x\\](y) \\<b\\>**" in text
    assert "- actual: ``` `` @all\\x0a# x ```\n" in text


@pytest.mark.parametrize(("text", "shown"), [("a", "`a`"), ("`", "`` ` ``"), ("a``b`", "``` a``b` ```")])
def test_a_code_span_has_more_backticks_than_its_text(text: str, shown: str) -> None:
    assert code(text) == shown


def test_markdown_fits_into_an_issue(report: Report) -> None:
    report.findings[:] = [made_up(kind, n, expected="x" * 9000) for kind in (BREAKING, NOTE) for n in range(500)]
    report.left_behind = ["y" * 500] * 200
    assert len(markdown(report, MASK)) < 65_536


def test_the_page_links_operations_to_findings_and_lists_each_statement(report: Report, tmp_path: Path) -> None:
    write_html(report, tmp_path / "a.html", MASK)
    html = (tmp_path / "a.html").read_text()
    fingerprint = report.findings[0].fingerprint
    assert html.index("Drift: 1 breaking finding</h1>") < html.index("Coverage")
    assert f'<a href="#{fingerprint}">1</a>' in html
    assert f'id="{fingerprint}"' in html
    assert "rufus-mock 0." in html
    assert report.started in html
    assert f'<code>{STATEMENT}</code>: <span class="bad">broken</span>' in html
    assert '<code>getDevice 200 DeviceInfo</code>: <span class="good">held</span>' in html
    for name, reason in report.missing.items():
        assert (
            f'<code>{name}</code>: <span class="half">not exercised</span> <span class="soft">({reason})</span>' in html
        )


@pytest.mark.parametrize(
    ("reason", "help"),
    [
        ("writes are off: give --allow-writes", ""),
        ("no --write-key was given", "Give --write-key."),
        ("the key may not unbind", "Give a key with the unbind permission."),
        ("all 5 requests of the budget are sent", "Give a larger --budget."),
        ("the account has fewer than two events", "Use an account with more events. The API cannot create any."),
        ("the account has fewer than two devices", "Use an account that has them, or give --allow-writes."),
        ("no check came to it", ""),
    ],
)
def test_a_reason_has_a_remedy_unless_it_names_one(reason: str, help: str) -> None:
    assert remedy(reason) == help


def test_no_text_of_a_finding_shows_a_value_as_python_does() -> None:
    app = create_app()

    @app.after_request
    def spoiled(response: Response) -> Response:
        content = response.get_data()
        for value in (b"true", b"false"):
            content = content.replace(b'"active":' + value, b'"active":{"a":[null,"x"]}')
        response.set_data(content)
        return response

    with serving(app) as url:
        report = run_contract(Options(url, Keys(READ), examples=1))
    texts = [text for each in report.findings for text in (each.expected, each.actual)]
    assert 'active: {"a": [null, "x"]}' in texts
    assert [text for text in texts if re.search(r"\b(None|True|False)\b|[{\[,] ?'", text)] == []


def on_a_terminal(width: int, folder: Path, *arguments: str) -> list[str]:
    """The lines that a command prints on a terminal of this width, without control sequences."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, width, 0, 0))
    variables = environment(folder, TERM="xterm")
    variables.pop("COLUMNS", None)
    command = [sys.executable, "-m", "rufus_mock", "contract", *arguments]
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, cwd=folder, env=variables) as process:
        os.close(theirs)
        printed = b""
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:  # Linux says so when the other side is closed.
                break
            if not part:
                break
            printed += part
    os.close(ours)
    assert process.returncode == 1
    return re.split(r"[\r\n]+", SEQUENCE.sub("", printed.decode()))


@pytest.mark.parametrize("width", [60, 80, 120])
def test_no_line_on_a_terminal_is_longer_than_its_width(url: str, width: int, tmp_path: Path) -> None:
    options = ("--base-url", url, "--api-key", READ, "--rate", "100000", "--operation", "getDevice")
    lines = on_a_terminal(width, tmp_path, *options, "--history", "history", "--json", f"{'long-' * 10}name.json")
    assert max(map(len, lines)) <= width
    assert any(re.search(r"\d+/\d+ \d:\d\d:\d\d", line) for line in lines), "a bar"
    assert "DRIFT: 1 breaking" in lines
    assert any(re.match(r"getDevice +drift +\d of \d +1 *$", line) for line in lines) or width == 120
    text = " ".join(" ".join(lines).split())
    assert "something that a client may rely on is different" in text, "wrapped between words"
