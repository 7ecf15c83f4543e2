"""The contract kit on the mock in its container, as a user of the image would hold it."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.image.conftest import Start

KEYS = {
    "--api-key": "ror-ae4fc6c19681a20fad30",
    "--read-key": "ror-11111111111111111111",
    "--write-key": "ror-33333333333333333333",
    "--other-key": "ror-99999999999999999999",
}


@pytest.mark.parametrize("dialect", ["pages", "openapi"])
def test_the_contract_kit_finds_nothing(start: Start, dialect: str) -> None:
    container, port = start(RUFUS_MOCK_DIALECT=dialect)
    container.await_health()
    command = [
        *(str(Path(sys.executable).with_name("rufus-mock")), "contract", "--allow-writes", "--strict", "--seed=1"),
        *("--rate=1000", "--budget=20000", "--examples=3", f"--base-url=http://127.0.0.1:{port}/v0"),
        *(f"{option}={key}" for option, key in KEYS.items()),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"dialect {dialect}" in done.stdout
    assert "conformance 100.0 %" in done.stdout
