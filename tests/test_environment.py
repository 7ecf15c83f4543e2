"""The suite does not depend on what runs, or is set, on the machine."""

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from rufus_mock.cli import COMMANDS, cli

ROOT = Path(__file__).parent.parent
PART = [
    "tests/test_environment.py::test_no_variable_of_the_product_reaches_a_test",
    "tests/commands/test_cli.py::test_serve_prints_its_address_and_ends_with_0_within_two_seconds",
    "tests/commands/test_cli.py::test_options_can_be_given_by_the_environment",
    "tests/commands/test_cli.py::test_openapi_prints_the_document",
    "tests/serving/test_healthcheck.py::test_without_a_server_it_is_unhealthy_and_names_the_variables",
    "tests/fixtures/test_state_file.py::test_what_was_there_is_there_again",
    "tests/testing/test_pytest_plugin.py::test_each_test_has_its_own_company",
]
"""Tests that start commands or read the environment, one of each kind."""


def variables() -> set[str]:
    """Every variable that an option of a command or of the pytest plugin can be set by."""
    found = {"RUFUS_MOCK_URL", "RUFUS_MOCK_ADMIN_TOKEN"}
    for name in COMMANDS:
        command = cli.get_command(click.Context(cli), name)
        assert command
        for parameter in command.params:
            found |= {parameter.envvar} if isinstance(parameter.envvar, str) else set(parameter.envvar or ())
    return found


def test_the_variables_of_all_options_are_known() -> None:
    assert {"RUFUS_MOCK_PORT", "RUFUS_MOCK_STATE", "RUFUS_MOCK_SEED", "RUFUS_BASE_URL", "RUFUS_API_KEY"} <= variables()


def test_no_variable_of_the_product_reaches_a_test() -> None:
    assert not variables() & os.environ.keys()


def test_the_suite_passes_while_all_variables_are_nonsense() -> None:
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
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **nonsense}, capture_output=True, text=True, timeout=300
    )
    if done.returncode:
        pytest.fail(done.stdout + done.stderr, pytrace=False)
