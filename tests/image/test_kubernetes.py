"""The pod of deploy/kubernetes.yaml, started by hand with its own values: the sidecar, its probes, a client."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.image.engine import ROOT, Container, Engine

SPEC: dict[str, Any] = YAML(typ="safe", pure=True).load(ROOT / "deploy" / "kubernetes.yaml")["spec"]
(SIDECAR,) = SPEC["initContainers"]
(APP,) = SPEC["containers"]

# What a kubelet does for a probe: any certificate will do.
PROBE = """if True:
    import ssl, sys, urllib.request
    context = ssl._create_unverified_context()
    print(urllib.request.urlopen(sys.argv[1], context=context, timeout=10).status)
    """
CLIENT = """if True:
    import os, urllib.request
    key = {"api_key": os.environ["RUFUS_API_KEY"]}
    request = urllib.request.Request("https://api.runonrufus.com/v0/devices", headers=key)
    print(urllib.request.urlopen(request, timeout=10).status)
    """


def options(container: dict[str, Any], volume: str) -> list[str]:
    """A container's options for the command line of the engine."""
    security = {**SPEC["securityContext"], **container["securityContext"]}
    (mount,) = container["volumeMounts"]
    given = [f"--env={entry['name']}={entry['value']}" for entry in container["env"]]
    given.append(f"--user={security['runAsUser']}:{security['runAsGroup']}")
    given.append(f"--memory={container['resources']['limits']['memory'].removesuffix('i').lower()}")
    given.append(f"--volume={volume}:{mount['mountPath']}{':ro' if mount.get('readOnly') else ''}")
    given += ["--read-only"] if security["readOnlyRootFilesystem"] else []
    given += ["--security-opt=no-new-privileges"] if not security["allowPrivilegeEscalation"] else []
    given += [f"--cap-drop={name}" for name in security["capabilities"]["drop"]]
    return given


@pytest.fixture(scope="module")
def sidecar(engine: Engine, image: str, volume: str) -> Iterator[Container]:
    sysctls = [f"--sysctl={entry['name']}={entry['value']}" for entry in SPEC["securityContext"]["sysctls"]]
    container = engine.start(image, *options(SIDECAR, volume), *sysctls, network="none")
    container.await_health()
    yield container
    container.remove()


@pytest.mark.parametrize("name", ["startupProbe", "readinessProbe", "livenessProbe"])
def test_the_probes_succeed(sidecar: Container, name: str) -> None:
    probe = SIDECAR[name]["httpGet"]
    (port,) = (port["containerPort"] for port in SIDECAR["ports"] if port["name"] == probe["port"])
    url = f"{probe['scheme'].lower()}://127.0.0.1:{port}{probe['path']}"
    done = sidecar.exec("python", "-c", PROBE, url)
    assert done.stdout == "200\n", done.stderr


def test_an_application_in_the_pod_calls_the_mock_by_the_name_of_the_live_api(
    engine: Engine, image: str, sidecar: Container, volume: str, tmp_path: Path
) -> None:
    hosts = tmp_path / "hosts"
    hosts.write_text("".join(f"{entry['ip']} {' '.join(entry['hostnames'])}\n" for entry in SPEC["hostAliases"]))
    done = engine.run(
        image,
        *options(APP, volume),
        f"--volume={hosts}:/etc/hosts:ro",
        "--entrypoint=python",
        network=f"container:{sidecar.id}",
        command=("-c", CLIENT),
    )
    assert done.stdout == "200\n", done.stderr
