"""compose.yaml and the files in deploy/ are valid, and the commands in them work."""

import json
import os
import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema_rs
import kubernetes_validate
import pytest
from ruamel.yaml import YAML

from rufus_mock.base.defaults import PORT
from tests.conftest import Served

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
DOCKERFILE = (ROOT / "Dockerfile").read_text()
SERVER_OPTIONS = re.compile(r"RUFUS_MOCK_[A-Z_]+")


def read(path: Path) -> Any:
    """Load a YAML 1.2 file, in which `on` is a string."""
    return YAML(typ="safe", pure=True).load(path)


@pytest.mark.parametrize(
    ("schema", "path"),
    [
        ("compose-spec", ROOT / "compose.yaml"),
        ("github-workflows", DEPLOY / "github-actions.yml"),
        ("gitlab-ci", DEPLOY / "gitlab-ci.yml"),
        ("github-workflows", DEPLOY / "nightly-github-actions.yml"),
        ("gitlab-ci", DEPLOY / "nightly-gitlab-ci.yml"),
    ],
    ids=lambda value: getattr(value, "name", value),
)
def test_the_file_is_valid(schema: str, path: Path) -> None:
    published = files("check_jsonschema.builtin_schemas") / "vendor" / f"{schema}.json"
    validator = jsonschema_rs.validator_for(json.loads(published.read_text()))
    assert [
        f"{'/'.join(map(str, error.instance_path))}: {error.message}" for error in validator.iter_errors(read(path))
    ] == []
    assert not validator.is_valid({**read(path), "services": 7, "jobs": 7, "test": 7, "stages": 7})


def test_the_pod_is_valid_and_has_no_fields_unknown_to_kubernetes() -> None:
    pod = read(DEPLOY / "kubernetes.yaml")
    kubernetes_validate.validate(pod, "1.31", strict=True)
    pod["spec"]["containers"][0]["readinessProb"] = {}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(pod, "1.31", strict=True)


def test_the_pod_restricts_every_container_and_starts_the_mock_first() -> None:
    spec = read(DEPLOY / "kubernetes.yaml")["spec"]
    (mock,), (app,) = spec["initContainers"], spec["containers"]
    assert mock["restartPolicy"] == "Always"
    assert mock["resources"]["limits"]["memory"] == "128Mi"
    for container in (mock, app):
        security = container["securityContext"]
        assert security["readOnlyRootFilesystem"]
        assert not security["allowPrivilegeEscalation"]
        assert security["capabilities"] == {"drop": ["ALL"]}
    user = re.search(r"^USER (\d+):(\d+)$", DOCKERFILE, re.MULTILINE)
    assert user
    security = spec["securityContext"]
    assert (str(security["runAsUser"]), str(security["fsGroup"])) == user.groups()
    assert spec["hostAliases"] == [{"ip": "127.0.0.1", "hostnames": ["api.runonrufus.com"]}]


@pytest.mark.parametrize("name", ["startupProbe", "readinessProbe", "livenessProbe"])
def test_the_mock_answers_the_probes(served: Served, http: Any, name: str) -> None:
    (mock,) = read(DEPLOY / "kubernetes.yaml")["spec"]["initContainers"]
    probe = mock[name]["httpGet"]
    assert http.get(served.server.url + probe["path"], timeout=10).status_code == 200
    assert (probe["port"], probe["scheme"]) == (mock["ports"][0]["name"], "HTTPS")


def curl_lines() -> list[Any]:
    (job,) = read(DEPLOY / "github-actions.yml")["jobs"].values()
    steps = [step["run"] for step in job["steps"] if "curl" in step.get("run", "")]
    gitlab = read(DEPLOY / "gitlab-ci.yml")["test"]
    lines = [line for line in gitlab["before_script"] + gitlab["script"] if "curl" in line]
    return [*((job["env"], step) for step in steps), *((gitlab["variables"], line) for line in lines)]


@pytest.mark.parametrize(("variables", "line"), curl_lines())
def test_the_mock_answers_the_requests_of_the_ci_jobs(variables: dict[str, str], line: str) -> None:
    # A separate mock, because the lines reset all companies.
    with subprocess.Popen(
        [Path(sys.executable).with_name("rufus-mock"), "serve"],
        env={**os.environ, "RUFUS_MOCK_PORT": "0"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout
        url = process.stdout.readline().split()[-1].removesuffix("/v0")
        done = subprocess.run(
            ["sh", "-ec", line], env={**os.environ, **variables, "RUFUS_MOCK": url}, capture_output=True, text=True
        )
        process.terminate()
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("{")


def test_the_ci_jobs_and_the_image_use_the_default_port() -> None:
    (job,) = read(DEPLOY / "github-actions.yml")["jobs"].values()
    gitlab = read(DEPLOY / "gitlab-ci.yml")["test"]
    assert job["services"]["rufus"]["ports"] == [f"{PORT}:{PORT}"]
    assert job["env"]["RUFUS_MOCK"].endswith(f":{PORT}")
    assert gitlab["variables"]["RUFUS_MOCK"] == f"http://{gitlab['services'][0]['alias']}:{PORT}"
    assert f"\nEXPOSE {PORT}\n" in DOCKERFILE


@pytest.mark.parametrize(
    "path",
    [ROOT / "compose.yaml", ROOT / "Dockerfile", *sorted(DEPLOY.glob("*.y*ml"))],
    ids=lambda path: str(path.name),
)
def test_the_command_knows_every_variable(path: Path) -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("rufus-mock"), "serve", "--help"], capture_output=True, text=True
    )
    known = set(SERVER_OPTIONS.findall(done.stdout))
    assert set(re.findall(r"(RUFUS_MOCK_[A-Z_]+)", path.read_text())) <= known


def test_compose_starts_the_example_with_its_files() -> None:
    services = read(ROOT / "compose.yaml")["services"]
    for service in services.values():
        for volume in service.get("volumes", ()):
            source = volume.split(":")[0]
            assert source == "ca" or (ROOT / source).is_file(), source
    assert services["mock"]["networks"]["default"]["aliases"] == ["${MOCK_NAME:-api.runonrufus.com}"]
    assert services["app"]["image"] in DOCKERFILE
