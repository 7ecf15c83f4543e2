"""Which requests belong to a test, whatever it does with its companies and their journals."""

import pytest

from rufus_mock.world.journal import Bounds
from tests.testing.assumptions.conftest import REPORT, Inner, empty_mock, printed

pytest_plugins = ["pytester"]

LOSSES = {
    "forget": "rufus.forget()",
    "reset": "rufus.reset()",
    "replaced": 'rufus.admin.call("PUT", f"/companies/{rufus.id}")',
    "all forgotten": 'rufus.admin.call("DELETE", "/requests")',
    "all reset": 'rufus.admin.call("POST", "/reset"); rufus.remove = lambda: None',
    "restored": "rufus.state = rufus.state",
}


def dependent(lines: list[str]) -> list[str]:
    """The lines of the report that name an assumption or a test."""
    return [line for line in lines if line.endswith(" test)") or line.endswith(" tests)") or "::" in line]


@pytest.mark.parametrize("loss", LOSSES.values(), ids=list(LOSSES))
def test_a_request_counts_once_although_its_journal_is_lost_afterwards(inner: Inner, loss: str) -> None:
    code = f"def test_it(rufus):\n    opened(rufus)\n    {loss}\n"
    assert dependent(printed(inner(code, REPORT))) == [
        "sessions.insert-status (1 test)",
        "  test_it.py::test_it (1 request)",
    ]


def test_requests_count_with_the_variant_that_was_in_force(inner: Inner) -> None:
    code = """
@pytest.mark.rufus(assume={"sessions.insert-status": "200"})
def test_marked(rufus):
    opened(rufus)

def test_chosen(rufus):
    device = bound(rufus)
    for variant in ("201", "200"):
        rufus.assumptions = {"sessions.insert-status": variant}
        called(rufus, "POST", "/sessions", {"deviceid": device, "alias": "A"})
"""
    lines = printed(inner(code, REPORT))
    assert dependent(lines) == [
        "sessions.insert-status (2 tests)",
        "  test_it.py::test_chosen (1 request, 201 in force)",
        "  test_it.py::test_chosen (1 request, 200 in force)",
        "  test_it.py::test_marked (1 request, 200 in force)",
    ]
    assert "  * 201  A new session is a 201." in lines
    assert "  * 200  A new session is a 200." in lines


def test_all_companies_and_mocks_of_a_test_count(inner: Inner) -> None:
    code = """
from rufus_mock import MockCompany, RufusMock, intercept

def send(path, mock):
    requests.post("https://api.runonrufus.com/v0" + path, json={"deviceid": UNKNOWN, "alias": "A"},
        headers={"api_key": mock.keys.write}, timeout=10)

def test_companies(rufus, rufus_admin):
    opened(rufus)
    opened(MockCompany.fresh(rufus_admin))

def test_own_mock():
    with RufusMock("empty") as mock:
        opened(mock)
        opened(mock.company())

def test_intercept():
    with intercept() as mock:
        send("/sessions", mock)

def test_intercept_with_the_fixture(rufus):
    with intercept(rufus):
        send("/sessions", rufus)
"""
    assert dependent(printed(inner(code, REPORT))) == [
        "sessions.insert-status (2 tests)",
        "  test_it.py::test_companies (2 requests)",
        "  test_it.py::test_own_mock (2 requests)",
        "sessions.insert-unknown-device (2 tests)",
        "  test_it.py::test_intercept (1 request)",
        "  test_it.py::test_intercept_with_the_fixture (1 request)",
    ]


def test_a_company_that_tests_share_counts_for_the_test_that_sent_the_request(inner: Inner) -> None:
    code = """
from rufus_mock import MockCompany

@pytest.fixture(scope="module")
def shared(rufus_admin):
    with MockCompany.fresh(rufus_admin) as company:
        yield company

def test_a(shared): harmless(shared)
def test_b(shared): opened(shared)
def test_c(shared): harmless(shared)
"""
    lines = printed(inner(code, REPORT))
    assert " ".join(lines[:2]).endswith("Of the others, 2 used a mock and 0 did not.")
    assert dependent(lines) == ["sessions.insert-status (1 test)", "  test_it.py::test_b (1 request)"]


KEYLESS = """
@pytest.mark.parametrize("times", [1, 2, 0])
def test_keyless(rufus, times):
    for _ in range(times):
        keyless(rufus)
"""


def test_requests_without_a_key_count_in_a_mock_of_this_process(inner: Inner) -> None:
    assert dependent(printed(inner(KEYLESS, REPORT)))[-3:] == [
        "access.missing-key (2 tests)",
        "  test_it.py::test_keyless[1] (1 request)",
        "  test_it.py::test_keyless[2] (2 requests)",
    ]


def test_requests_without_a_key_do_not_count_in_a_mock_that_others_may_use(inner: Inner) -> None:
    with empty_mock() as url:
        lines = printed(inner(KEYLESS, REPORT, "--rufus-url", url))
    assert dependent(lines) == []
    assert lines[-2] == "! Requests without a known key are not included, because others may use"
    assert lines[-1] == f"  {url} at the same time."


def test_requests_that_the_journal_dropped_are_mentioned(inner: Inner) -> None:
    code = """
def test_many(rufus):
    for _ in range(4):
        harmless(rufus)
    rufus.forget()
    for _ in range(3):
        harmless(rufus)
    rufus.assumptions = {}
    for _ in range(2):
        harmless(rufus)

def test_few(rufus):
    harmless(rufus)
    rufus.assumptions = {}
    harmless(rufus)
    rufus.assumptions = {}
    harmless(rufus)
"""
    with empty_mock(journal=Bounds(entries=2)) as url:
        lines = printed(inner(code, REPORT, "--rufus-url", url))
    assert [line for line in lines if "dropped" in line] == [
        "! test_it.py::test_many: the journal dropped 3 requests before they were read,"
    ]
