"""--rufus-assumptions=report, as it is printed."""

import subprocess
import sys

from tests.testing.assumptions.conftest import ADVICE, REPORT, Inner, printed

pytest_plugins = ["pytester"]

SUITE = """
class TestSending:
    @pytest.mark.parametrize("times", [1, 2])
    def test_send(self, rufus, times):
        session = opened(rufus)
        for number in range(times):
            assert insert(rufus, session, number).status_code == 201
        for _ in range(times):
            assert closed(rufus, session) == 200

@pytest.mark.xfail
def test_fails(rufus):
    opened(rufus)
    assert False

def test_lists(rufus):
    harmless(rufus)

def test_calculates():
    pass

@pytest.mark.skip
def test_skips(rufus):
    opened(rufus)
"""

PRINTED = (
    """\
3 of 6 tests depend on assumptions, on 3 in total. Of the others, 1 used a mock
and 2 did not.
A star marks the variant that was in force.

sessions.insert-status (3 tests)
  Which status a new session gets.
  * 201  A new session is a 201.
    200  A new session is a 200.
  measured by: A new session.
  test_it.py::TestSending::test_send[1] (1 request)
  test_it.py::TestSending::test_send[2] (1 request)
  test_it.py::test_fails (1 request, xfailed)

insert.status (2 tests)
  Which status an insert gets.
  * 201  An insert is a 201.
    200  An insert is a 200.
  measured by: An insert.
  test_it.py::TestSending::test_send[1] (1 request)
  test_it.py::TestSending::test_send[2] (2 requests)

sessions.close-again (1 test)
  What closing a closed session gets.
  * 200  Closing a closed session is a 200.
    404  Closing a closed session is a 404: Session not found.
    409  Closing a closed session is a 409.
  measured by: A session that is closed twice.
  test_it.py::TestSending::test_send[2] (1 request)

What to do next
  Does it matter? Run the tests again under the other variants:
    pytest --rufus-assumptions=flip
"""
    + ADVICE
)


def test_the_report_lists_each_assumption_with_its_variants_and_tests(inner: Inner) -> None:
    result = inner(SUITE, REPORT)
    result.assert_outcomes(passed=4, xfailed=1, skipped=1)
    assert result.ret == 0
    assert "\n".join(printed(result)) == PRINTED


def test_a_wide_terminal_has_longer_lines_and_verbose_output_has_requests(inner: Inner) -> None:
    lines = printed(inner(SUITE, REPORT, "-v", width="200"))
    assert lines[0].endswith("Of the others, 1 used a mock and 2 did not.")
    place = lines.index("  test_it.py::TestSending::test_send[2] (2 requests)")
    assert lines[place + 1] == "    POST /v0/passings: 201"


def test_of_many_tests_some_are_listed_unless_the_output_is_verbose(inner: Inner) -> None:
    code = '@pytest.mark.parametrize("number", range(12))\ndef test_open(rufus, number): opened(rufus)\n'
    lines = printed(inner(code, REPORT))
    assert sum(line.startswith("  test_it.py::") for line in lines) == 10
    assert "  and 2 more (-v shows all)" in lines
    lines = printed(inner(code, REPORT, "-v"))
    assert sum(line.startswith("  test_it.py::") for line in lines) == 12


def test_pytest_decides_about_colours(inner: Inner) -> None:
    bold = "\x1b[1msessions.insert-status (1 test)\x1b[0m"
    code = "def test_open(rufus): opened(rufus)\n"
    assert bold in printed(inner(code, REPORT, "--color=yes"))
    assert "\x1b" not in inner(code, REPORT, "--color=no").stdout.str()


def test_a_run_without_dependencies_says_only_that(inner: Inner) -> None:
    result = inner("def test_it(): pass\n", REPORT)
    assert printed(result) == [
        "0 of 1 tests depend on assumptions, on 0 in total. Of the others, 0 used a mock",
        "and 1 did not.",
    ]


def test_nothing_is_printed_if_tests_are_only_collected(inner: Inner) -> None:
    result = inner("def test_it(): pass\n", REPORT, "--collect-only")
    result.stdout.no_fnmatch_line("*rufus assumptions*")


def test_without_the_option_nothing_of_it_is_imported() -> None:
    code = (
        "import sys, pytest, rufus_mock.pytest_plugin\n"
        "pytest.main(['-q', '-p', 'rufus-mock', '-p', 'no:cacheprovider', '--co', '/dev/null'])\n"
        "heavy = [name for name in sys.modules if name.startswith(('rufus_mock.testing', 'rufus_mock.spec'))]\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        timeout=60,
        env={"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
    )
