"""A mock in another process: with all modes, with several workers, and one that is older."""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

from rufus_mock.serving.server import Server
from rufus_mock.web.app import Config, create_app
from tests.testing.assumptions.conftest import Inner, printed

pytest_plugins = ["pytester"]

SUITE = """
@pytest.mark.parametrize("number", range(6))
def test_send(rufus, number):
    assert insert(rufus, opened(rufus)).status_code == 201
    rufus.reset()
"""


@pytest.fixture
def sidecar() -> Iterator[Server]:
    with Server(create_app(Config(fixtures=["empty"]))) as server:
        yield server


def test_a_running_mock_says_what_the_tests_of_all_workers_depend_on(inner: Inner, sidecar: Server) -> None:
    lines = printed(inner(SUITE, "--rufus-assumptions=flip", "-v", "--rufus-url", sidecar.url, "-n", "2"))
    assert lines[2] == "12 reruns under other variants: 6 failed, 6 passed."
    assert "insert.status (6 tests)" in lines
    assert [line for line in lines if line.endswith("fails")] == [
        f"insert.status=200: test_send[{number}] fails" for number in range(6)
    ]


def test_strict_judges_the_tests_on_a_running_mock(inner: Inner, sidecar: Server) -> None:
    inner(SUITE, "--rufus-assumptions=strict", "--rufus-url", sidecar.url, "-n", "2").assert_outcomes(failed=6)


def older(application: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """A mock of a version that knows no assumptions."""

    def serve(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"].startswith("/__admin") and "assumptions" in environ["PATH_INFO"]:
            environ = {**environ, "PATH_INFO": "/__admin/nothing"}
        started: list[Any] = []
        body = b"".join(application(environ, lambda *arguments: started.extend(arguments)))
        if environ["PATH_INFO"].endswith("/requests") and environ["REQUEST_METHOD"] == "GET":
            answer = json.loads(body)
            for entry in answer["requests"]:
                del entry["assumptions"]
            body = json.dumps(answer).encode()
        headers = [(name, value) for name, value in started[1] if name.lower() != "content-length"]
        start_response(started[0], [*headers, ("Content-Length", str(len(body)))])
        return [body]

    return serve


@pytest.fixture
def outdated() -> Iterator[str]:
    with Server(older(create_app(Config(fixtures=["empty"])))) as server:
        yield server.url


@pytest.mark.parametrize("mode", ["report", "flip"])
def test_the_report_says_that_a_mock_is_too_old(inner: Inner, outdated: str, mode: str) -> None:
    result = inner(SUITE, f"--rufus-assumptions={mode}", "--rufus-url", outdated)
    result.assert_outcomes(passed=6)
    assert result.ret == 0
    assert " ".join(line.strip() for line in printed(result)[3:]) == (
        f"! 6 tests: the mock at {outdated} does not say which assumptions its answers depend on; update it to the "
        "version of rufus-mock that runs these tests. "
        f"! Requests without a known key are not included, because others may use {outdated} at the same time."
    )


def test_a_test_on_a_mock_that_is_too_old_fails_if_it_is_judged(inner: Inner, outdated: str) -> None:
    result = inner(SUITE, "--rufus-assumptions=strict", "--rufus-url", outdated)
    result.assert_outcomes(failed=6)
    result.stdout.fnmatch_lines([f"cannot tell which assumptions it depends on: the mock at {outdated} does not say *"])


def test_a_mock_that_stops_during_a_test_is_mentioned(inner: Inner) -> None:
    code = """
from rufus_mock import RufusMock

def test_it():
    mock = RufusMock("empty")
    opened(mock)
    mock._server.stop()
    mock.admin.close()
"""
    result = inner(code, "--rufus-assumptions=report")
    result.assert_outcomes(passed=1)
    assert any(line.startswith("! 1 test: a journal could not be read: no mock answers at") for line in printed(result))
