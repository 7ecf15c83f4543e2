"""What a rerun under another variant consists of: fresh fixtures, and companies and mocks that follow the variant."""

import pytest

from tests.testing.assumptions.conftest import FLIP, Inner, printed, results

pytest_plugins = ["pytester"]


def test_a_reset_of_all_companies_is_flipped_too(inner: Inner) -> None:
    code = """
def test_it(rufus):
    rufus.admin.call("POST", "/reset")
    rufus.admin.call("PUT", f"/companies/{rufus.id}", {"assumptions": {"insert.status": "200"}})
    rufus.keys = type(rufus.keys).of(rufus.admin.call("GET", f"/companies/{rufus.id}")["keys"])
    assert insert(rufus, opened(rufus)).status_code == 200
"""
    assert results(printed(inner(code, FLIP))) == {
        "insert.status=201: test_it fails",
        "sessions.insert-status=200: test_it passes",
    }


def test_function_scoped_fixtures_are_set_up_and_torn_down_for_each_rerun(
    inner: Inner, pytester: pytest.Pytester
) -> None:
    code = """
from pathlib import Path

def log(text):
    with Path("log").open("a") as file:
        file.write(text + "\\n")

@pytest.fixture(scope="module")
def wide():
    log("module")
    yield
    log("/module")

@pytest.fixture
def narrow(rufus):
    log("function")
    yield
    log("/function")

class TestDevices:
    def test_it(self, rufus, wide, narrow):
        assert rufus.state["companies"][0]["devices"] == []
        assert opened(rufus)
"""
    inner(code, FLIP).assert_outcomes(passed=1)
    function = ["function", "/function"]
    assert (pytester.path / "log").read_text().split() == [
        *("module", *function, "/module"),
        *("module", *function, "/module"),
    ]


def test_parametrized_tests_and_unittest_classes_are_flipped(inner: Inner) -> None:
    code = """
import unittest

@pytest.mark.parametrize("status", [200, 201])
def test_status(rufus, status):
    assert insert(rufus, opened(rufus)).status_code in (200, status)

class Sending(unittest.TestCase):
    @pytest.fixture(autouse=True)
    def company(self, rufus):
        self.rufus = rufus

    def test_send(self):
        self.assertEqual(insert(self.rufus, opened(self.rufus)).status_code, 201)
"""
    assert results(printed(inner(code, FLIP, "-v"))) == {
        "insert.status=200: test_status[201] passes",
        "insert.status=200: Sending::test_send fails",
        "sessions.insert-status=200: test_status[201] passes",
        "sessions.insert-status=200: Sending::test_send passes",
    }


def test_a_variant_that_the_test_chose_is_flipped_to_all_others(inner: Inner) -> None:
    code = """
@pytest.mark.rufus(assume={"insert.status": "200"})
def test_marked(rufus):
    assert insert(rufus, opened(rufus)).status_code == 200

def test_chosen(rufus):
    rufus.assumptions = {"insert.status": "200"}
    assert rufus.assumptions["sessions.insert-status"] in ("200", "201")
    rufus.state = rufus.state
    assert insert(rufus, opened(rufus)).status_code == 200

def test_reset(rufus):
    rufus.reset()
    assert insert(rufus, opened(rufus)).status_code == 201
"""
    assert {line for line in results(printed(inner(code, FLIP))) if "insert.status=" in line[:14]} == {
        "insert.status=201: test_marked fails",
        "insert.status=201: test_chosen fails",
        "insert.status=200: test_reset fails",
    }


def test_companies_and_mocks_of_wider_scope_follow_the_variant_during_the_rerun_only(inner: Inner) -> None:
    code = """
from rufus_mock import MockCompany, RufusMock

@pytest.fixture(scope="session")
def shared(rufus_admin):
    with MockCompany.fresh(rufus_admin, assume={"sessions.duration": "null-while-active"}) as company:
        yield company

@pytest.fixture(scope="session")
def own():
    with RufusMock("empty") as mock:
        yield mock

@pytest.mark.parametrize("which", ["shared", "own"])
def test_it(request, which):
    company = request.getfixturevalue(which)
    assert company.assumptions["sessions.duration"] == ("null-while-active" if which == "shared" else "two-hours")
    company.reset()
    session = opened(company)
    assert insert(company, session).status_code == 201
    assert [closed(company, session) for _ in range(2)] == [200, 200]
"""
    lines = results(printed(inner(code, FLIP, "-v")))
    assert lines == {
        f"{variant}: test_it[{which}] {verdict}"
        for which in ("shared", "own")
        for variant, verdict in {
            "insert.status=200": "fails",
            "sessions.insert-status=200": "passes",
            "sessions.close-again=404": "fails",
            "sessions.close-again=409": "fails",
        }.items()
    }


def test_a_mock_that_the_test_starts_follows_the_variant_also_without_a_key(inner: Inner) -> None:
    code = """
from rufus_mock import intercept

def test_it():
    with intercept():
        assert requests.get("https://api.runonrufus.com/v0/devices", timeout=10).status_code == 400
"""
    assert {line for line in results(printed(inner(code, FLIP))) if line.startswith("access.missing-key")} == {
        "access.missing-key=401: test_it fails",
        "access.missing-key=403: test_it fails",
    }


def test_the_mock_of_the_run_follows_the_variant_also_without_a_key(inner: Inner) -> None:
    code = """
def test_keyless(rufus):
    opened(rufus)
    assert keyless(rufus) in (400, 401)
"""
    assert results(printed(inner(code, FLIP))) == {
        "access.body-400=message: test_keyless passes",
        "access.body-400=error: test_keyless passes",
        "access.body-400=empty: test_keyless passes",
        "access.missing-key=403: test_keyless fails",
        "access.missing-key=401: test_keyless passes",
        "sessions.insert-status=200: test_keyless passes",
    }
