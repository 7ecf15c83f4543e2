"""What the image installs exists for the machines that it is for, ready built."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
NEWEST_GLIBC = 36
"""Debian bookworm has 2.36."""


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"], ids=["amd64", "arm64"])
def test_each_pinned_package_of_the_image_has_a_wheel_for_the_machine(machine: str) -> None:
    version = re.search(r"^FROM python:(\d+\.\d+)-slim-bookworm", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert version
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    tags = [f"manylinux_2_{minor}_{machine}" for minor in range(17, NEWEST_GLIBC + 1)]
    command = [
        *(sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--ignore-installed", "--report=-"),
        *("--retries=1", "--only-binary=:all:", f"--python-version={version[1]}", "--implementation=cp"),
        *(f"--platform={tag}" for tag in (*tags, f"manylinux2014_{machine}")),
        *("--target=unused", f"--constraint={ROOT / 'constraints.txt'}"),
        *project["dependencies"],
        *project["optional-dependencies"]["tls"],
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    if done.returncode and re.search("connection broken|NewConnectionError|ReadTimeout", done.stderr):
        pytest.skip(f"no package index can be asked: {done.stderr.splitlines()[0][:200]}")
    assert done.returncode == 0, done.stderr
    found = {entry["metadata"]["name"].lower() for entry in json.loads(done.stdout)["install"]}
    assert {"flask", "granian", "markupsafe", "trustme", "cryptography"} <= found
