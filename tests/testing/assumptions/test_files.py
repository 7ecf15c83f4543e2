"""The report as JSON and as HTML."""

import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from rufus_mock.spec.contract import Contract
from tests.testing.assumptions.conftest import FLIP, Inner

pytest_plugins = ["pytester"]

SUITE = """
@pytest.mark.parametrize("name", ["<script>&"])
def test_send(rufus, name):
    assert insert(rufus, opened(rufus)).status_code == 201

def test_lists(rufus): harmless(rufus)

def test_calculates(): pass
"""

VOID = {"meta", "br"}


class Page(HTMLParser):
    """Reads a page, and fails if its elements are not nested properly."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def attributes(self, name: str) -> list[str]:
        return [str(attributes[name]) for _, attributes in self.elements if name in attributes]


def written(inner: Inner, path: Path, mode: str, *arguments: str) -> tuple[dict[str, Any], Page]:
    """The JSON, which conforms to its schema, and the page of a run."""
    files = [f"--rufus-assumptions-json={path / 'new' / 'it.json'}", f"--rufus-assumptions-html={path / 'it.html'}"]
    result = inner(SUITE, f"--rufus-assumptions={mode}", *files, *arguments)
    assert f"JSON: {path / 'new' / 'it.json'}" in result.outlines
    assert f"HTML: {path / 'it.html'}" in result.outlines
    report = json.loads((path / "new" / "it.json").read_text(encoding="utf-8"))
    Draft202012Validator(Contract().schema("reports/assumptions")).validate(report)
    return report, Page((path / "it.html").read_text(encoding="utf-8"))


def test_the_json_has_all_of_a_report(inner: Inner, tmp_path: Path) -> None:
    report, _ = written(inner, tmp_path, "report", "-n", "2")
    assert (report["mode"], report["incomplete"]) == ("report", [])
    assert report["tests"] == {"depend": 1, "depend_on_none": 1, "use_no_mock": 1}
    assert report["assumptions"][0] == {
        "id": "insert.status",
        "statement": "Which status an insert gets.",
        "in_force": ["201"],
        "variants": [
            {"id": "201", "sentence": "An insert is a 201."},
            {"id": "200", "sentence": "An insert is a 200."},
        ],
        "measured_by": "An insert.",
        "accepted": False,
        "tests": [
            {
                "nodeid": "test_it.py::test_send[<script>&]",
                "outcome": "passed",
                "variant": "201",
                "requests": 1,
                "operations": ["insertPassings"],
                "examples": ["POST /v0/passings: 201"],
            }
        ],
        "flips": [],
    }


def test_the_json_has_the_flips(inner: Inner, tmp_path: Path) -> None:
    report, page = written(inner, tmp_path, "flip")
    assert [assumption["flips"] for assumption in report["assumptions"]] == [
        [
            {
                "variant": "200",
                "nodeid": "test_it.py::test_send[<script>&]",
                "outcome": "failed",
                "reason": "assert 200 == 201",
                "repeatable": True,
            }
        ],
        [{"variant": "200", "nodeid": "test_it.py::test_send[<script>&]", "outcome": "passed"}],
    ]
    assert "2 reruns under other variants: 1 failed, 1 passed." in page.text
    assert "insert.status 1 test, 1 fails under other variants" in page.text


def test_the_json_says_what_the_configuration_accepts(inner: Inner, tmp_path: Path) -> None:
    report, page = written(inner, tmp_path, "strict", "-o", "rufus_accepted_assumptions=insert.*")
    accepted = {assumption["id"]: assumption["accepted"] for assumption in report["assumptions"]}
    assert accepted == {"insert.status": True, "sessions.insert-status": False}
    assert page.text.count("Accepted by the configuration.") == 1


def test_the_page_is_accessible_and_needs_no_other_file(inner: Inner, tmp_path: Path) -> None:
    _, page = written(inner, tmp_path, "report")
    tags = [tag for tag, _ in page.elements]
    assert not {"script", "link", "img", "iframe"} & set(tags)
    assert all(target.startswith("#") for target in page.attributes("href"))
    assert {target.removeprefix("#") for target in page.attributes("href")} == {
        "insert.status",
        "sessions.insert-status",
    }
    assert set(page.attributes("aria-labelledby")) <= set(page.attributes("id"))
    assert page.elements[0] == ("html", {"lang": "en"})
    assert tags.count("main") == tags.count("h1") == 1
    assert tags.count("table") == tags.count("caption")
    assert all("scope" in attributes for tag, attributes in page.elements if tag == "th")
    # On a narrow screen the cells stand below each other, without the header of the table.
    assert all("data-column" in attributes for tag, attributes in page.elements if tag == "td")


def test_the_page_lists_what_fails_first_and_folds_what_passes(inner: Inner, tmp_path: Path) -> None:
    code = """
@pytest.mark.parametrize("number", range(3))
def test_open(rufus, number): opened(rufus)

def test_send(rufus): assert insert(rufus, opened(rufus)).status_code == 201
"""
    path = tmp_path / "it.html"
    inner(code, FLIP, f"--rufus-assumptions-html={path}")
    page = Page(path.read_text(encoding="utf-8"))
    assert page.attributes("href") == ["#insert.status", "#sessions.insert-status"]
    assert "4 tests" in page.text
    assert page.text.count("pass\n") == 1


def test_the_page_says_what_the_terminal_says(inner: Inner, tmp_path: Path) -> None:
    _, page = written(inner, tmp_path, "report")
    for text in (
        "1 of 3 tests depends on assumptions, on 2 in total. Of the others, 1 used a mock and 1 did not.",
        "test_it.py::test_send[<script>&]",
        "An insert is a 200.",
        "Measured by: An insert.",
        "rufus-mock calibrate --base-url URL --out profile.json",
        'rufus_accepted_assumptions = ["insert.status=201", "sessions.insert-status=201"]',
    ):
        assert text in page.text


def test_a_file_that_cannot_be_written_is_an_error_after_the_report(inner: Inner, tmp_path: Path) -> None:
    code = f"def test_it():\n    import os\n    os.mkdir({str(tmp_path / 'it.json')!r})\n"
    result = inner(code, "--rufus-assumptions=report", f"--rufus-assumptions-json={tmp_path / 'it.json'}")
    result.assert_outcomes(passed=1)
    assert result.ret == pytest.ExitCode.INTERNAL_ERROR
    assert f"rufus assumptions: cannot write {tmp_path / 'it.json'}: Is a directory" in result.outlines


def test_nothing_is_written_if_tests_are_only_collected(inner: Inner, tmp_path: Path) -> None:
    files = f"--rufus-assumptions-json={tmp_path / 'it.json'}"
    inner(SUITE, "--rufus-assumptions=report", files, "--collect-only")
    assert not (tmp_path / "it.json").exists()
