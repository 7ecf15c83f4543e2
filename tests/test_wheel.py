"""The wheel: all that it needs, no name but ours, and it serves from any folder."""

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest
import requests

from rufus_mock.base.resources import folder

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    dist = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(dist), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    (built,) = dist.glob("*.whl")
    return built


def test_the_wheel_adds_no_import_name_but_ours_and_contains_the_data(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"rufus_mock"}
    for kind in ("schemas", "fixtures", "contract_tests"):
        there = {
            str(path.relative_to(folder(kind))) for path in folder(kind).rglob("*.*") if "__pycache__" not in str(path)
        }
        packed = {name.removeprefix(f"rufus_mock/_data/{kind}/") for name in names if f"_data/{kind}/" in name}
        assert packed == there
    assert "rufus_mock/py.typed" in names
    assert not [name for name in names if "__pycache__" in name or name.endswith(".pyc")]


def test_the_contract_tests_in_the_wheel_run(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path)
    tests = tmp_path / "rufus_mock" / "_data" / "contract_tests" / "test_events.py"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--examples", "1", str(tests)]
    variables = {"PATH": os.environ["PATH"], "PYTHONPATH": str(tmp_path), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(command, cwd=tmp_path, env=variables, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed" in done.stdout


def test_the_wheel_serves_from_a_clean_environment_and_any_folder(wheel: Path, tmp_path: Path) -> None:
    environment = tmp_path / "environment"
    venv.create(environment)
    pip = [sys.executable, "-m", "pip", "--python", str(environment), "install", "--quiet", "--no-compile"]
    subprocess.run(
        [*pip, "--constraint", str(ROOT / "constraints.txt"), str(wheel)], check=True, capture_output=True, timeout=300
    )
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    clean = {"PATH": os.environ["PATH"], "RUFUS_MOCK_PORT": "0"}
    with subprocess.Popen(
        [environment / "bin" / "rufus-mock", "serve"], cwd=elsewhere, env=clean, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout
            base_url = process.stdout.readline().split()[-1]
            answer = requests.get(base_url + "/devices", headers={"api_key": "ror-ae4fc6c19681a20fad30"}, timeout=10)
            assert len(answer.json()["result"]) == 2
        finally:
            process.terminate()
            assert process.wait(5) == 0
