"""--rufus-assumptions=flip: tests run again under other variants, and nothing else about the run changes."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from rufus_mock.testing.assumptions.results import Results
from tests.testing.assumptions.conftest import ADVICE, FLIP, Inner, empty_mock, here_and_with_xdist, printed, results

pytest_plugins = ["pytester"]

SUITE = """
@pytest.fixture
def session(rufus):
    return opened(rufus)

def test_send(rufus, session):
    assert insert(rufus, session).status_code == 201

def test_close(rufus, session):
    assert closed(rufus, session) == 200
    assert closed(rufus, session) in (200, 404), "no\\nconflict"

@pytest.mark.xfail
def test_xfails(rufus, session):
    assert False

def test_fails(rufus, session):
    assert False
"""

PRINTED = (
    """\
4 of 4 tests depend on assumptions, on 3 in total. Of the others, 0 used a mock
and 0 did not.
5 reruns under other variants: 2 failed, 3 passed.
A star marks the variant that was in force.

insert.status (1 test)
  Which status an insert gets.
  * 201  An insert is a 201.
    200  An insert is a 200.
  measured by: An insert.
insert.status=200: test_send fails
  test_it.py::test_send: assert 200 == 201

sessions.close-again (1 test)
  What closing a closed session gets.
  * 200  Closing a closed session is a 200.
    404  Closing a closed session is a 404: Session not found.
    409  Closing a closed session is a 409.
  measured by: A session that is closed twice.
sessions.close-again=409: test_close fails
  test_it.py::test_close: no
sessions.close-again=404: test_close passes

No test fails under other variants of these assumptions
sessions.insert-status=200: test_close, test_send pass

! Not run again, because they did not pass: test_it.py::test_fails,
  test_it.py::test_xfails.

What to do next
"""
    + ADVICE
)


@here_and_with_xdist
def test_the_report_says_which_tests_fail_under_which_variant(inner: Inner, arguments: tuple[str, ...]) -> None:
    result = inner(SUITE, FLIP, *arguments)
    result.assert_outcomes(passed=2, failed=1, xfailed=1)
    assert result.ret == 1
    assert "\n".join(printed(result)) == PRINTED


def test_reruns_do_not_change_the_exit_status_or_what_other_plugins_count(inner: Inner, tmp_path: Path) -> None:
    code = """
def test_send(rufus, subtests):
    with subtests.test():
        assert insert(rufus, opened(rufus)).status_code == 201
"""
    result = inner(code, FLIP, "--maxfail=1", f"--junitxml={tmp_path / 'junit.xml'}", "-v")
    assert result.ret == 0
    assert "insert.status=200: test_send fails" in printed(result)
    outcomes = [line.split()[1] for line in result.outlines if line.startswith("test_it.py::test_send ")]
    assert outcomes == ["SUBPASSED(<subtest>)", "PASSED"]
    (suite,) = ElementTree.parse(tmp_path / "junit.xml").getroot()
    # The subtest is one of the tests.
    assert (suite.attrib["tests"], suite.attrib["failures"], suite.attrib["errors"]) == ("2", "0", "0")
    assert "rufus assumptions: running 1 test again under 2 variants" in result.outlines


def test_plugins_in_other_folders_are_left_alone(inner: Inner, pytester: pytest.Pytester) -> None:
    log = """
def pytest_runtest_logreport(report):
    with open("log", "a") as file:
        file.write(f"{report.nodeid} {report.when}\\n")
"""
    for folder in ("a", "b"):
        (pytester.mkpydir(folder) / "conftest.py").write_text(log)
        (pytester.path / folder / "test_it.py").write_text("from helpers import *\ndef test_it(rufus): opened(rufus)\n")
    lines = printed(inner("", FLIP))
    assert "sessions.insert-status=200: test_it, test_it pass" in lines
    logged = (pytester.path / "log").read_text().splitlines()
    assert logged == [
        f"{folder}/test_it.py::test_it {when}" for folder in "ab" for when in ("setup", "call", "teardown")
    ]


def test_a_test_that_cannot_be_repeated_says_nothing_about_the_variant(inner: Inner) -> None:
    code = "count = []\ndef test_once(rufus):\n    opened(rufus)\n    count.append(1)\n    assert len(count) == 1\n"
    lines = printed(inner(code, FLIP))
    assert "1 rerun under other variants: 0 failed, 0 passed, 1 inconclusive." in lines
    assert results(lines) == {
        "sessions.insert-status=200: test_once fails, but also without the variant when it is run again"
    }


def test_a_rerun_can_be_skipped_or_fail_in_its_fixtures(inner: Inner) -> None:
    code = """
def test_skips(rufus):
    if opened(rufus) and rufus.requests[-1].status == 200:
        pytest.skip("no 201")

@pytest.fixture
def checked(rufus):
    opened(rufus)
    assert rufus.requests[-1].status == 201

def test_checked(checked):
    pass
"""
    lines = printed(inner(code, FLIP))
    assert results(lines) == {
        "sessions.insert-status=200: test_checked fails",
        "sessions.insert-status=200: test_skips is skipped",
    }
    assert "  test_it.py::test_checked: at setup: assert 200 == 201" in lines
    assert "  test_it.py::test_skips: Skipped: no 201" in lines


def test_a_mock_in_another_process_is_flipped_and_left_as_it_was(inner: Inner) -> None:
    with empty_mock() as url:
        result = inner(SUITE, FLIP, "--rufus-url", url)
    lines = results(printed(result))
    assert lines == results(PRINTED.splitlines())


def test_captured_is_not_tried_because_no_text_is_known(inner: Inner) -> None:
    lines = printed(inner("def test_keyless(rufus): keyless(rufus)\n", FLIP))
    assert "access.body-400=captured is not tried, because no text is known" in lines


def test_captured_is_no_other_variant_whatever_its_text_is() -> None:
    variants = [{"id": name} for name in ("description", "empty", "captured")]
    known = Results(catalogue={"access.body-403": {"variants": variants}})
    assert known.others("access.body-403", {"description"}) == ["empty"]
    assert known.others("access.body-403", {"captured:Forbidden"}) == ["description", "empty"]
