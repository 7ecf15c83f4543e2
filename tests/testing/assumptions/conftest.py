"""A suite of tests for the inner runs, and what they run with."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from rufus_mock.serving.server import Server
from rufus_mock.web.app import Config, create_app
from tests.testing.runs import isolate, run

HELPERS = """
import pytest, requests

PASSING = {"bib": "1", "timestamp": "2026-05-01T09:00:00.000Z", "latitude": "1.5", "longitude": "2.5", "chip": "A"}
UNKNOWN = "0" * 64

def called(rufus, method, path, body=None):
    key = {"api_key": rufus.keys.read_write}
    return requests.request(method, rufus.base_url + path, json=body, headers=key, timeout=10)

def bound(rufus):
    return called(rufus, "POST", "/devices", {"type": "T", "model": "M", "serial_number": "S"}).json()["deviceid"]

def opened(rufus):
    return called(rufus, "POST", "/sessions", {"deviceid": bound(rufus), "alias": "A"}).json()["token_session"]

def insert(rufus, session, number=1):
    passing = {**PASSING, "num_passing": number}
    return called(rufus, "POST", "/passings", {"token_session": session, "passings_list": [passing]})

def closed(rufus, session):
    return called(rufus, "PATCH", "/sessions/close/" + session).status_code

def harmless(rufus):
    return called(rufus, "GET", "/sessions/" + UNKNOWN).status_code

def keyless(rufus):
    return requests.get(rufus.base_url + "/devices", timeout=10).status_code
"""
"""opened depends on sessions.insert-status, insert on insert.status, closed on sessions.close-again if the session is
closed already, harmless on nothing, and keyless on access.missing-key and what a 400 looks like."""

REPORT, FLIP = "--rufus-assumptions=report", "--rufus-assumptions=flip"

ADVICE = """\
  Which variant is true? Measure it on your account (add --allow-writes for what
  only writes show):
    rufus-mock calibrate --base-url URL --out profile.json
  Decided? Accept these in [tool.pytest.ini_options] of pyproject.toml, and let
  others fail:
    rufus_accepted_assumptions = ["sessions.insert-status=201",
    "insert.status=201", "sessions.close-again=200"]
    pytest --rufus-assumptions=strict"""
"""How a report on these three assumptions ends."""

here_and_with_xdist = pytest.mark.parametrize("arguments", [(), ("-n", "2")], ids=["here", "xdist"])

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


def results(lines: list[str]) -> set[str]:
    """The lines that say what tests do under variants."""
    return {line for line in lines if "=" in line.split(" ")[0] and line.split(" ")[0].endswith(":")}


@contextmanager
def empty_mock(**config: Any) -> Iterator[str]:
    """The URL of a mock in a server that the inner run did not start, with companies that are empty."""
    with Server(create_app(Config(fixtures=["empty"], **config))) as server:
        yield server.url
