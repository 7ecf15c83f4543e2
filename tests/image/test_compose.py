"""What compose.yaml describes, started piece by piece with its own values: the application in the mock's network."""

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.image.engine import ROOT, Container, Engine

SERVICES: dict[str, Any] = YAML(typ="safe", pure=True).load(ROOT / "compose.yaml")["services"]
NAME = "api.runonrufus.com"


@pytest.fixture(scope="module")
def mock(engine: Engine, image: str, volume: str) -> Iterator[Container]:
    container = engine.start(image, *options(SERVICES["mock"], volume), network="none")
    container.await_health()
    yield container
    container.remove()


def options(service: dict[str, Any], volume: str) -> list[str]:
    """A service's options for the command line of the engine."""
    given = [f"--env={name}={value}" for name, value in service.get("environment", {}).items()]
    for entry in service.get("volumes", ()):
        source, _, rest = entry.partition(":")
        given.append(f"--volume={volume if source == 'ca' else (ROOT / source).resolve()}:{rest}")
    given += ["--read-only"] if service.get("read_only") else []
    given += [f"--cap-drop={name}" for name in service.get("cap_drop", ())]
    given += [f"--security-opt={entry}" for entry in service.get("security_opt", ())]
    given += [f"--sysctl={name}={value}" for name, value in service.get("sysctls", {}).items()]
    given += [f"--memory={service['mem_limit']}"] if "mem_limit" in service else []
    given += [f"--user={service['user']}"] if "user" in service else []
    return given


def test_the_application_shows_the_mocks_passings_though_its_base_url_is_a_constant(
    engine: Engine, mock: Container, volume: str, tmp_path: Path
) -> None:
    assert f'"https://{NAME}/v0"' in (ROOT / "examples" / "results.py").read_text()
    # In compose a network has the name. Here the application is in the mock's own network, with a host entry.
    hosts = tmp_path / "hosts"
    hosts.write_text(f"127.0.0.1 localhost {NAME}\n")
    service = SERVICES["app"]
    app = engine.start(
        service["image"],
        *options(service, volume),
        f"--volume={hosts}:/etc/hosts:ro",
        network=f"container:{mock.id}",
        command=service["command"],
    )
    try:
        (port,) = (entry.rpartition(":")[2] for entry in service["ports"])
        read = f"import urllib.request as u; print(u.urlopen('http://127.0.0.1:{port}/', timeout=10).read().decode())"
        deadline = time.monotonic() + 20
        while (page := app.exec("python", "-c", read)).returncode != 0:
            assert time.monotonic() < deadline, page.stderr + app.log()
        assert "<h2>Start 5K, finish 10K</h2>" in page.stdout
        assert len(re.findall("<tr><td>", page.stdout)) == 40
        status, seconds = app.stop()
        assert status == 0
        assert seconds < 5
    finally:
        app.remove()


def test_the_authoritys_key_is_for_the_mock_alone(engine: Engine, mock: Container, volume: str) -> None:
    service = SERVICES["app"]
    done = engine.run(
        service["image"],
        *options(service, volume),
        network=f"container:{mock.id}",
        command=("cat", "/ca/authority.pem"),
    )
    assert done.returncode != 0
    assert "Permission denied" in done.stderr
