"""The image, run for real: locked down, healthy, small, quick, and over in two seconds."""

import json
import re
import subprocess
import time
import uuid
from pathlib import Path

import pytest
import requests

from tests.image.conftest import Start
from tests.image.engine import ROOT, Container, Engine

MIB = 1024 * 1024
KEY = "ror-ae4fc6c19681a20fad30"
SESSION = "2A19294BB886C3D5C7783309BBC6E385515C843893A6BC126FECE3904C6E2B25"

Mock = tuple[Container, int]


def curl(*arguments: str) -> tuple[int, str]:
    done = subprocess.run(
        ["curl", "--silent", "--show-error", "--max-time", "20", "--write-out", "\n%{http_code}", *arguments],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    body, _, status = done.stdout.rpartition("\n")
    return int(status), body


def inside(container: Container, code: str) -> str:
    """What Python prints in the container."""
    done = container.exec("python", "-c", code)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_vendors_curl_line_is_answered(mock: Mock) -> None:
    _, port = mock
    key = ["--header", "Content-Type: application/json", "--header", f"api_key: {KEY}"]
    status, body = curl(*key, f"http://127.0.0.1:{port}/v0/sessions/{SESSION}")
    assert status == 200
    assert body.startswith(f'{{"description":"Success","result":[{{"token_session":"{SESSION}","alias":"START-5K"')
    passing = {"bib": "1", "num_passing": 9001, "timestamp": "2026-05-10T09:00:00.000Z"}
    data = json.dumps({"token_session": SESSION, "passings_list": [passing]})
    status, body = curl(*key, "--data", data, f"http://127.0.0.1:{port}/v0/passings")
    assert (status, json.loads(body)["inserted_count"]) == (201, 1)


def test_it_may_nothing_and_is_nobody(mock: Mock) -> None:
    container, _ = mock
    status = dict(re.findall(r"(\w+):\s+(.*)", inside(container, "print(open('/proc/1/status').read())")))
    assert set(status["Uid"].split()) == {"10001"}
    assert set(status["Gid"].split()) == {"10001"}
    assert {status[name] for name in status if name.startswith("Cap")} == {"0" * 16}
    assert status["NoNewPrivs"] == "1"
    for place in ("/", "/opt/rufus-mock", "/ca", "/state"):
        assert inside(container, f"import os; print(os.access({place!r}, os.W_OK))") == "False"


def test_it_is_one_process_and_fits_in_its_memory(mock: Mock) -> None:
    container, _ = mock
    assert inside(container, "print(open('/proc/1/task/1/children').read())") == ""
    used = int(inside(container, "import re; print(re.search(r'VmRSS:\\s+(\\d+)', open('/proc/1/status').read())[1])"))
    assert used * 1024 < 96 * MIB
    assert container.state()["HostConfig"]["Memory"] == 128 * MIB


def test_a_hundred_thousand_passings_fit_in_its_memory(start: Start) -> None:
    container, port = start(RUFUS_MOCK_FIXTURE="empty")
    container.await_health()
    url = f"http://127.0.0.1:{port}/v0"
    with requests.Session() as session:
        session.headers["api_key"] = KEY
        device = session.post(f"{url}/devices", json={"model": "M", "serial_number": "S"}, timeout=10).json()
        opened = session.post(f"{url}/sessions", json={"deviceid": device["deviceid"]}, timeout=10).json()
        for first in range(0, 100_000, 5000):
            passings = [
                {"bib": str(number), "num_passing": number, "timestamp": "2026-05-10T09:00:00.000Z"}
                for number in range(first, first + 5000)
            ]
            body = {"token_session": opened["token_session"], "passings_list": passings}
            assert session.post(f"{url}/passings", json=body, timeout=30).json()["inserted_count"] == 5000
    assert container.healthy()
    assert container.state()["State"]["Running"]


@pytest.mark.parametrize("dialect", ["pages", "openapi"])
@pytest.mark.parametrize("tls", ["", "1"])
def test_it_becomes_healthy_however_it_is_configured(start: Start, dialect: str, tls: str) -> None:
    container, _ = start(RUFUS_MOCK_DIALECT=dialect, RUFUS_MOCK_TLS=tls)
    container.await_health()


def test_the_check_of_the_health_fails_where_nothing_answers(mock: Mock) -> None:
    container, _ = mock
    assert container.healthy()
    done = container.exec("rufus-mock", "healthcheck", RUFUS_MOCK_PORT="1")
    assert done.returncode == 1
    assert "no response: Connection refused" in done.stderr


def test_the_check_of_the_health_starts_within_100_ms(mock: Mock) -> None:
    container, _ = mock
    code = """if True:
        import subprocess, time
        def seconds():
            begin = time.perf_counter()
            subprocess.run(["rufus-mock", "healthcheck"], check=True, stdout=subprocess.DEVNULL)
            return time.perf_counter() - begin
        print(min(seconds() for _ in range(5)))
        """
    assert float(inside(container, code)) < 0.1


def test_it_is_ready_within_a_second_of_its_start(start: Start) -> None:
    def seconds() -> float:
        container, port = start()
        deadline = time.monotonic() + 20
        while True:
            try:
                if requests.get(f"http://127.0.0.1:{port}/__admin/ready", timeout=1).ok:
                    break
            except requests.ConnectionError:
                time.sleep(0.01)
            assert time.monotonic() < deadline, container.log()
        took = time.time() - container.started()
        container.remove()
        return took

    assert min(seconds() for _ in range(3)) < 1


def test_it_ends_with_0_within_two_seconds_of_sigterm(start: Start) -> None:
    container, port = start()
    container.await_health()
    with requests.Session() as session:  # an open connection must not hold it up
        assert session.get(f"http://127.0.0.1:{port}/v0/devices", headers={"api_key": KEY}, timeout=10).ok
        status, seconds = container.stop()
    assert status == 0
    assert seconds < 2


def test_a_program_whose_base_url_is_a_constant_trusts_the_authority_in_a_volume(
    engine: Engine, image: str, start: Start, tmp_path: Path
) -> None:
    ca = tmp_path / "ca"
    ca.mkdir()
    ca.chmod(0o777)
    container, port = start(f"--volume={ca}:/ca", RUFUS_MOCK_TLS="1", RUFUS_MOCK_CA_DIR="/ca")
    container.await_health()
    printed = engine.run(image, f"--volume={ca}:/ca", command=("ca", "--ca-dir", "/ca"))
    assert printed.stdout == (ca / "ca.pem").read_text()
    name = ["--resolve", f"api.runonrufus.com:{port}:127.0.0.1", "--cacert", str(ca / "ca.pem")]
    status, _ = curl(*name, "--header", f"api_key: {KEY}", f"https://api.runonrufus.com:{port}/v0/devices")
    assert status == 200


def test_volumes_for_the_authority_and_the_state_belong_to_the_mock(engine: Engine, start: Start) -> None:
    name = f"rufus-mock-{uuid.uuid4().hex}"
    variables = {"RUFUS_MOCK_TLS": "1", "RUFUS_MOCK_CA_DIR": "/ca", "RUFUS_MOCK_STATE": "/state/state.json"}
    try:
        for before, after in ((2, 3), (3, 4)):
            container, port = start("--volume=/ca", f"--volume={name}:/state", **variables)
            container.await_health()
            url = ["--insecure", "--header", f"api_key: {KEY}", f"https://127.0.0.1:{port}/v0/devices"]
            assert len(json.loads(curl(*url)[1])["result"]) == before
            assert curl(*url, "--json", json.dumps({"model": "M", "serial_number": f"S-{after}"}))[0] == 201
            assert container.stop()[0] == 0
            container.remove()
    finally:
        engine("volume", "rm", "--force", name)


def test_what_cannot_be_done_is_said_in_one_line(engine: Engine, image: str) -> None:
    done = engine.run(image, "--env=RUFUS_MOCK_DIALECT=soap")
    assert done.returncode == 2
    assert "--dialect" in done.stderr
    assert done.stderr.count("\n") == 1


def test_the_command_takes_options_like_the_installed_one(engine: Engine, image: str) -> None:
    assert engine.run(image, command=("--version",)).stdout.startswith("rufus-mock ")
    document = json.loads(engine.run(image, command=("openapi",)).stdout)
    assert document["openapi"].startswith("3.1")


def test_it_says_what_it_is(mock: Mock) -> None:
    config = mock[0].state()["Config"]
    assert config["Entrypoint"] in ("rufus-mock", ["rufus-mock"])  # podman writes it so, docker so
    assert config["Cmd"] == ["serve"]
    assert config["User"] == "10001:10001"
    assert config["StopSignal"] in {"SIGTERM", 15}
    assert config["Healthcheck"]["Test"] == ["CMD", "rufus-mock", "healthcheck"]
    labels = {name.removeprefix("org.opencontainers.image."): value for name, value in config["Labels"].items()}
    assert {"title", "description", "licenses", "base.name"} <= labels.keys()
    assert labels["title"] == "rufus-mock"


def test_it_adds_60_mib_at_most_to_its_base(engine: Engine, image: str) -> None:
    base = engine.inspect("image", image)["Config"]["Labels"]["org.opencontainers.image.base.name"]
    assert engine.size(image) - engine.size(base) < 60 * MIB


def test_only_what_serve_needs_is_inside_and_as_pinned(mock: Mock) -> None:
    container, _ = mock
    code = """if True:
        import json, sysconfig
        from importlib.metadata import distributions
        path = sysconfig.get_path("purelib")
        print(json.dumps({found.name.lower().replace("-", "_"): found.version for found in distributions(path=[path])}))
        """
    installed = json.loads(inside(container, code))
    pinned = dict(line.lower().replace("-", "_").split("==") for line in (ROOT / "constraints.txt").read_text().split())
    del installed["rufus_mock"]
    assert {name: pinned[name] for name in installed} == installed
    assert {"flask", "granian", "trustme"} <= installed.keys()
    assert not installed.keys() & {"pip", "setuptools", "hatchling", "pytest", "requests", "hypothesis"}
    for tool in ("gcc", "ld", "curl", "git"):
        assert inside(container, f"import shutil; print(shutil.which({tool!r}))") == "None"


def test_no_module_is_compiled_at_a_start(mock: Mock) -> None:
    container, _ = mock
    code = """if True:
        import os, sys
        import rufus_mock.__main__, rufus_mock.cli, rufus_mock.serving.healthcheck, rufus_mock.serving.serve, trustme
        for name, module in sorted(sys.modules.items()):
            cached = getattr(module, "__cached__", None)
            if cached and not os.path.exists(cached):
                print(name)
        """
    assert inside(container, code) == ""
