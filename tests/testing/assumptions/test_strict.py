"""--rufus-assumptions=strict: a test that depends on an assumption fails unless the configuration accepts it."""

import pytest

from rufus_mock.serving.server import Server
from rufus_mock.testing.assumptions.settings import ACCEPTED
from rufus_mock.web.app import Config, create_app
from rufus_mock.world.journal import Bounds
from tests.testing.assumptions.conftest import Inner, printed

pytest_plugins = ["pytester"]

STRICT = "--rufus-assumptions=strict"

SEND = """
def test_send(rufus):
    session = opened(rufus)
    for number in range(5):
        insert(rufus, session, number)
    closed(rufus, session)
    closed(rufus, session)
"""

REFUSAL = """\
depends on 2 assumptions not accepted: sessions.insert-status=201, insert.status=201

sessions.insert-status: Which status a new session gets.
  assumed: 201: A new session is a 201.
  request: POST /v0/sessions: 201

insert.status: Which status an insert gets.
  assumed: 201: An insert is a 201.
  request: POST /v0/passings: 201
  and 4 more

To accept: add "sessions.insert-status=201", "insert.status=201" to rufus_accepted_assumptions."""


def accepting(*entries: str) -> str:
    """The option that overrides the entries of the configuration."""
    return f"--override-ini={ACCEPTED}=" + "\n".join(entries)


@pytest.mark.parametrize("arguments", [(), ("-n", "2")], ids=["here", "xdist"])
def test_a_test_fails_and_says_what_it_depends_on(inner: Inner, arguments: tuple[str, ...]) -> None:
    result = inner(SEND, STRICT, accepting("sessions.close-again"), *arguments)
    result.assert_outcomes(failed=1)
    assert result.ret == 1
    assert REFUSAL in "\n".join(result.outlines)
    lines = printed(result)
    assert lines[:2] == [
        "1 of 1 tests depends on assumptions, on 3 in total. Of the others, 0 used a mock",
        "and 0 did not.",
    ]
    assert lines[2] == "The configuration accepts 1 of these assumptions and not 2."
    assert '    rufus_accepted_assumptions = ["insert.status=201",' in lines


@pytest.mark.parametrize(
    "entries",
    [
        ["insert.status", "sessions.insert-status", "sessions.close-again"],
        ["insert.*", "sessions.*"],
        ["*.*status=201", "sessions.close-again=200"],
        ["*"],
    ],
)
def test_accepted_assumptions_do_not_fail_a_test(inner: Inner, entries: list[str]) -> None:
    result = inner(SEND, STRICT, accepting(*entries))
    result.assert_outcomes(passed=1)
    assert printed(result)[2:] == ["The configuration accepts 3 of these assumptions and not 0."]


def test_the_list_of_pyproject_is_read(inner: Inner, pytester: pytest.Pytester) -> None:
    pytester.makepyprojecttoml('[tool.pytest.ini_options]\nrufus_accepted_assumptions = ["insert.*", "sessions.*"]\n')
    inner(SEND, STRICT).assert_outcomes(passed=1)


def test_an_entry_with_a_variant_accepts_no_other(inner: Inner) -> None:
    result = inner("def test_open(rufus): opened(rufus)\n", STRICT, accepting("sessions.insert-status=200"))
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["depends on 1 assumption not accepted: sessions.insert-status=201"])


def test_only_a_test_that_passes_is_judged(inner: Inner) -> None:
    code = """
@pytest.mark.xfail
def test_xfails(rufus):
    opened(rufus)
    assert False

@pytest.mark.xfail(strict=False)
def test_xpasses(rufus): opened(rufus)

def test_skips(rufus):
    opened(rufus)
    pytest.skip("later")

def test_fails(rufus):
    opened(rufus)
    assert 1 == 2

def test_lists(rufus): harmless(rufus)

def test_subtests(rufus, subtests):
    opened(rufus)
    with subtests.test():
        pass
"""
    result = inner(code, STRICT)
    result.assert_outcomes(xfailed=1, xpassed=1, skipped=1, failed=2, passed=1)
    result.stdout.fnmatch_lines(
        ["FAILED test_it.py::test_fails - assert 1 == 2", "FAILED *test_subtests - *depends on*"]
    )


def test_what_a_fixture_does_afterwards_is_an_error_of_the_test(inner: Inner) -> None:
    code = """
@pytest.fixture
def opens_afterwards(rufus):
    yield
    opened(rufus)

def test_it(opens_afterwards): pass
"""
    result = inner(code, STRICT)
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["depends on 1 assumption not accepted: sessions.insert-status=201"])


def test_a_test_whose_requests_the_journal_dropped_fails(inner: Inner) -> None:
    code = "def test_it(rufus):\n    for _ in range(3): harmless(rufus)\n"
    with Server(create_app(Config(fixtures=["empty"], journal=Bounds(entries=2)))) as server:
        result = inner(code, STRICT, "--rufus-url", server.url)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["cannot tell which assumptions it depends on: the journal dropped 1 request before*"])
