"""A suite of tests for the inner runs, and what they run with."""

from collections.abc import Callable

import pytest

from tests.testing.runs import isolate, run

HELPERS = """
import pytest, requests

PASSING = {"bib": "1", "num_passing": 1, "timestamp": "2026-05-01T09:00:00.000Z"}

def opened(rufus):
    device = called(rufus, "POST", "/devices", {"model": "M", "serial_number": "S"}).json()["deviceid"]
    return called(rufus, "POST", "/sessions", {"deviceid": device}).json()["token_session"]

def called(rufus, method, path, body=None):
    key = {"api_key": rufus.keys.read_write}
    return requests.request(method, rufus.base_url + path, json=body, headers=key, timeout=10)

def insert(rufus, session):
    return called(rufus, "POST", "/passings", {"token_session": session, "passings_list": [PASSING]})

def keyless(rufus):
    return requests.get(rufus.base_url + "/devices", timeout=10).status_code
"""
"""opened depends on sessions.insert-status, insert on insert.status, a second insert also on insert.inserted-count, and
keyless on access.missing-key."""

Inner = Callable[..., pytest.RunResult]


@pytest.fixture
def inner(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Inner:
    """Runs the code of a module, with the names of HELPERS, in a terminal of 80 columns."""
    isolate(monkeypatch)

    def inner(code: str, *arguments: str, width: str = "80") -> pytest.RunResult:
        monkeypatch.setenv("COLUMNS", width)
        pytester.makepyfile(helpers=HELPERS, test_it="from helpers import *\n" + code)
        return run(pytester, *arguments)

    return inner


def printed(result: pytest.RunResult) -> list[str]:
    """The lines of the report on assumptions, without its title."""
    lines = result.outlines
    start = next(number for number, line in enumerate(lines) if line.strip("= ") == "rufus assumptions")
    report = lines[start + 1 :]
    end = next(number for number, line in enumerate(report) if "=====" in line)
    return report[:end]
