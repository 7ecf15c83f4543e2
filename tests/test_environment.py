"""The suite does not depend on what runs, or is set, on the machine."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import click
import pytest

from rufus_mock.base.defaults import HOST, PORT
from rufus_mock.cli import COMMANDS, cli

ROOT = Path(__file__).parent.parent
PART = [
    "tests/commands/test_cli.py",
    "tests/serving/test_healthcheck.py",
    "tests/fixtures/test_state_file.py",
    "tests/testing/test_pytest_plugin.py::test_each_test_has_its_own_company",
]
"""The tests that start commands or read the environment."""


def variables() -> set[str]:
    """Every variable that an option of a command or of the pytest plugin can be set by."""
    found = {"RUFUS_MOCK_URL", "RUFUS_MOCK_ADMIN_TOKEN"}
    for name in COMMANDS:
        command = cli.get_command(click.Context(cli), name)
        assert command
        for parameter in command.params:
            found |= {parameter.envvar} if isinstance(parameter.envvar, str) else set(parameter.envvar or ())
    return found


@contextmanager
def default_port_taken() -> Iterator[None]:
    """Holds the port that serve takes by default, unless another process holds it."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with suppress(OSError):
            listener.bind((HOST, PORT))
            listener.listen()
        yield


def test_the_variables_of_all_options_are_known() -> None:
    assert {"RUFUS_MOCK_PORT", "RUFUS_MOCK_STATE", "RUFUS_MOCK_SEED", "RUFUS_BASE_URL", "RUFUS_API_KEY"} <= variables()


def test_no_variable_of_the_product_reaches_a_test() -> None:
    assert not variables() & os.environ.keys()


def test_the_suite_passes_while_the_default_port_is_taken_and_all_variables_are_nonsense() -> None:
    nonsense = {name: "nonsense" for name in variables()}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-x",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:xdist",
        "--no-cov",
        *PART,
    ]
    with default_port_taken():
        done = subprocess.run(
            command, cwd=ROOT, env={**os.environ, **nonsense}, capture_output=True, text=True, timeout=300
        )
    if done.returncode:
        pytest.fail(done.stdout + done.stderr, pytrace=False)
