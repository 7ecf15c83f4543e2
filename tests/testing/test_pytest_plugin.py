"""The pytest plugin, in separate runs of pytest."""

import re
from collections.abc import Iterator

import pytest

from rufus_mock.serving.server import Server
from rufus_mock.web.app import Config, create_app
from tests.testing.near_misses import PRINTED
from tests.testing.runs import isolate, run

pytest_plugins = ["pytester"]

ISOLATED = """
import pytest, requests

@pytest.mark.parametrize("number", range({tests}))
def test_alone(rufus, number):
    key = {{"api_key": rufus.keys.read_write}}
    url = rufus.base_url + "/devices"
    assert requests.get(url, headers=key, timeout=10).json()["result"] == []
    rufus.clock.freeze(f"2026-05-01T09:00:00.{{number:03d}}Z")
    body = {{"model": "M", "serial_number": "the same"}}
    with rufus.faults.add(operation="bindDevice", status=503, calls=1) as fault:
        assert requests.post(url, json=body, headers=key, timeout=10).status_code == 503
        assert fault.struck == 1
    assert requests.post(url, json=body, headers=key, timeout=10).status_code == 201
    (device,) = requests.get(url, headers=key, timeout=10).json()["result"]
    assert device["creation_date"] == f"2026-05-01T09:00:00.{{number:03d}}Z"
    rufus.verify("bindDevice", count=2)
    assert len(rufus.requests) == 4
"""

SHUFFLED = """
import random

def pytest_collection_modifyitems(items):
    random.Random({seed}).shuffle(items)
"""


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    isolate(monkeypatch)


@pytest.fixture
def server() -> Iterator[Server]:
    """A running mock. It could also run in another process, because the plugin only knows its URL."""
    with Server(create_app(Config(fixtures=["empty"]))) as server:
        yield server


def test_each_test_has_its_own_company(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(ISOLATED.format(tests=5))
    run(pytester).assert_outcomes(passed=5)


def test_each_xdist_worker_has_its_own_mock(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(ISOLATED.format(tests=8))
    run(pytester, "-n", "2").assert_outcomes(passed=8)


def test_one_running_mock_serves_all_workers_in_any_order(pytester: pytest.Pytester, server: Server) -> None:
    pytester.makepyfile(ISOLATED.format(tests=24))
    pytester.makeconftest(SHUFFLED.format(seed=1))
    run(pytester, "-n", "4", "--rufus-url", server.url).assert_outcomes(passed=24)


def test_pytest_finds_the_plugin_by_itself(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD")
    pytester.makepyfile(ISOLATED.format(tests=1))
    unused = ("schemathesis", "faker", "anyio")
    options = [part for plugin in unused for part in ("-p", f"no:{plugin}")]
    pytester.runpytest_subprocess("-p", "no:cacheprovider", *options).assert_outcomes(passed=1)


def test_the_url_can_come_from_the_environment(
    pytester: pytest.Pytester, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUFUS_MOCK_URL", server.url + "/v0")
    pytester.makepyfile(f"def test_url(rufus):\n    assert rufus.base_url == '{server.url}/v0'\n")
    run(pytester).assert_outcomes(passed=1)


def test_the_token_of_the_mock_is_required(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_it(rufus): rufus.reset()")
    with Server(create_app(Config(fixtures=["empty"], admin_token="secret"))) as server:
        run(pytester, "--rufus-url", server.url, "--rufus-token", "secret").assert_outcomes(passed=1)
        run(pytester, "--rufus-url", server.url).assert_outcomes(errors=1)


def test_a_url_without_a_mock_is_reported_in_one_line(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_it(rufus): pass")
    result = run(pytester, "--rufus-url", "http://127.0.0.1:1")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["E *AdminError: no mock answers at http://127.0.0.1:1: *refused*"])


def test_the_marker_sets_the_initial_state_of_the_company(pytester: pytest.Pytester) -> None:
    pytester.makefile(
        ".json",
        race='{"companies": [{"id": "00000001", "keys": [{"api_key": "ror-00000000000000000001", "access": "READ"}],'
        ' "devices": [{"deviceid": "%s", "model": "M", "serial_number": "mine",'
        ' "creation_date": "2024-01-01T00:00:00.000Z"}]}]}' % ("0" * 64),
    )
    pytester.makepyfile(
        """
        from pathlib import Path
        import pytest, requests

        def serial_numbers(rufus):
            answer = requests.get(rufus.base_url + "/devices", headers={"api_key": rufus.keys.read}, timeout=10)
            return [device["serial_number"] for device in answer.json()["result"]]

        @pytest.mark.rufus(fixture="documented")
        def test_name(rufus):
            assert serial_numbers(rufus) == ["O4A-00150", "O4A-00151"]

        @pytest.mark.rufus(Path(__file__).with_name("race.json"))
        def test_path(rufus):
            assert serial_numbers(rufus) == ["mine"]

        @pytest.mark.rufus(fixture="nothing")
        def test_unknown(rufus):
            pass
        """
    )
    result = run(pytester, "--strict-markers")
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(["E *AdminError: POST /__admin/companies: 400 *nothing*"])


def test_a_failed_verification_shows_only_the_test_and_the_nearest_request(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import requests

        def test_alias(rufus):
            body = {"model": "M", "serial_number": "S-1", "alias": "Start"}
            requests.post(rufus.base_url + "/devices", json=body, headers={"api_key": rufus.keys.write}, timeout=10)
            rufus.verify("bindDevice", body={"alias": "Finish"}, count=1)
        """
    )
    result = run(pytester)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            '>       rufus.verify("bindDevice", body={"alias": "Finish"}, count=1)',
            'E *VerificationFailed: bindDevice with body {"alias":"Finish"}: expected exactly 1, found 0',
            "E *nearest 1: POST /v0/devices (bindDevice) at *: 201",
            "E * /body/alias:",
            'E *expected "Finish"',
            'E *actual   "Start"',
        ],
        consecutive=True,
    )
    result.stdout.no_fnmatch_line("*journal.py*def*")


@pytest.mark.parametrize(("asked", "said", "lines"), PRINTED, ids=lambda value: str(value)[:40])
def test_a_near_miss_is_printed_as_it_is(pytester: pytest.Pytester, asked: str, said: str, lines: list[str]) -> None:
    nearest = "  nearest 1: POST /v0/devices (bindDevice) at TIME: 201"
    printed = [said, nearest, *("    " + line for line in lines)]
    pytester.makepyfile(
        f"""
        import json
        import re
        from http.client import HTTPConnection
        from urllib.parse import urlsplit

        import pytest
        from rufus_mock import VerificationFailed

        def test_it(rufus):
            connection = HTTPConnection(urlsplit(rufus.url).netloc)
            body = json.dumps({{"model": "M", "serial_number": "S-1", "nested": {{"deep": [{{"b": None}}]}}}}).encode()
            connection.putrequest("POST", "/v0/devices?page=1&a=1&a=2", skip_accept_encoding=True)
            connection.putheader("api_key", rufus.keys.write)
            connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            assert connection.getresponse().status == 201
            connection.close()
            with pytest.raises(VerificationFailed) as failed:
                rufus.verify({asked})
            text = re.sub("at 20.*Z: 201", "at TIME: 201", str(failed.value))
            assert text.splitlines() == {printed!r}
        """
    )
    run(pytester).assert_outcomes(passed=1)


def test_the_help_shows_the_options_and_the_fixture(pytester: pytest.Pytester) -> None:
    run(pytester, "--help").stdout.fnmatch_lines(["*--rufus-url=URL*"])
    run(pytester, "--markers").stdout.fnmatch_lines(["@pytest.mark.rufus(fixture, assume)*"])
    run(pytester, "--fixtures").stdout.fnmatch_lines(["rufus -- *", "*A company for this test only*"])


def test_the_mock_stops_at_the_end_of_the_run(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_it(rufus): print('at', rufus.url)")
    result = run(pytester, "-s")
    result.assert_outcomes(passed=1)
    assert re.search(r"at http://127\.0\.0\.1:\d+", result.stdout.str())
