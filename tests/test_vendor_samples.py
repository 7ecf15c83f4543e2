"""Programs of the form that the vendor's pages show, on a served mock: nothing but the host is replaced.

The pages show curl, PHP and JavaScript for each operation. The programs in tests/clients do the same, and take the
method, the path and the body as arguments.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import requests

from rufus_mock.spec.contract import Contract
from rufus_mock.spec.operations import Operation
from tests.programs import CLIENTS, require, run, serve_tls, unavailable

LIVE = "https://api.runonrufus.com/"
EXAMPLES = {
    "deviceid": "65A1B7E0C6BC3D32C268C1506E3F6F39E225DC6ED79573E177E7243E8E38115B",
    "token_session": "2A19294BB886C3D5C7783309BBC6E385515C843893A6BC126FECE3904C6E2B25",
}
OPERATIONS = Contract().operations
PROGRAMS = {
    "curl.sh": ("sh", "curl"),
    "php_curl.php": ("php",),
    "php_stream.php": ("php",),
    "fetch.mjs": ("node",),
}
"""The programs, and what must be installed for each."""


class Machine:
    """A machine whose programs trust the mock's authority, and call the mock in the place of the live host."""

    def __init__(self, http: requests.Session, folder: Path, url: str, certificate: Path) -> None:
        self._http = http
        self._folder = folder
        self._url = url
        self._certificate = certificate

    def reset(self) -> None:
        answer = self._http.post(f"{self._url}/__admin/reset", verify=str(self._certificate), timeout=30)
        assert answer.status_code == 200, answer.text

    def call(self, program: str, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """The status and the JSON that a program prints."""
        text = (CLIENTS / program).read_text()
        assert text.count(LIVE) == 1
        copy = self._folder / program
        copy.write_text(text.replace(LIVE, f"{self._url}/"))
        arguments: list[str | Path] = [copy, method, path, *([] if body is None else [json.dumps(body)])]
        if program.endswith(".php"):
            trusting = (f"curl.cainfo={self._certificate}", f"openssl.cafile={self._certificate}")
            done = run("php", "-d", trusting[0], "-d", trusting[1], *arguments)
        elif program.endswith(".mjs"):
            done = run("node", *arguments, NODE_EXTRA_CA_CERTS=str(self._certificate))
        else:
            done = run("sh", *arguments, CURL_CA_BUNDLE=str(self._certificate))
        assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
        printed, status = done.stdout.splitlines()
        return int(status), json.loads(printed)


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory, http: requests.Session) -> Iterator[Machine]:
    folder = tmp_path_factory.mktemp("samples")
    with serve_tls(folder, "127.0.0.1", 0) as (url, certificate):
        yield Machine(http, folder, url, certificate)


@pytest.fixture(params=PROGRAMS)
def program(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    require(*PROGRAMS[name])
    if name == "php_curl.php" and "curl" not in run("php", "-m").stdout.split():
        unavailable("needs the extension curl of PHP")
    return name


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_each_operation_answers_as_the_pages_say(machine: Machine, program: str, operation: Operation) -> None:
    machine.reset()
    path = operation.path.format(**EXAMPLES)
    body = None if operation.body is None else operation.body["examples"][-1]
    status, answer = machine.call(program, operation.method, path, body)
    assert (status, answer["description"]) == (operation.success.status, operation.success.text)
    jsonschema_rs.validate(operation.success.schema, answer)


def test_the_documented_session_is_the_one_on_the_page(machine: Machine, program: str) -> None:
    machine.reset()
    (example,) = Contract().schema("session")["examples"]
    for path in (f"/sessions/{EXAMPLES['token_session']}", f"/sessions/device/{EXAMPLES['deviceid']}/active"):
        assert machine.call(program, "GET", path) == (200, {"description": "Success", "result": [example]})
