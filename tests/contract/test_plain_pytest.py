"""The contract tests, run with plain pytest."""

import subprocess
import sys
from pathlib import Path

from flask import request

from rufus_mock.web.app import create_app
from tests.contract.command_runs import echo_keys, environment
from tests.contract.mutants import mutant_named
from tests.servers import ADMIN, serving

QUICK = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
"""Keeps the plugins of this project's other dependencies out, which take seconds to import."""

UNUSED_PLUGINS = ("-p", "no:schemathesis", "-p", "no:faker", "-p", "no:anyio")
"""Keeps only these out: pytest finds all others by itself."""


def _pytest(tmp_path: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    folder = Path(__file__).parent.parent.parent / "contract_tests"
    files = [str(folder / argument) for argument in arguments if argument.endswith(".py")] or [str(folder)]
    options = [argument for argument in arguments if not argument.endswith(".py")]
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", *files, *options]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=120, cwd=tmp_path, env=environment(tmp_path, **variables)
    )


def test_it_runs_as_plain_pytest_side_by_side(tmp_path: Path) -> None:
    app = create_app()
    company = next(iter(app.extensions["rufus_mock"].world.companies.values()))
    with serving(app) as url:
        options = ("--base-url", url, "--allow-writes", "--rate", "1000", "--examples", "2", "-p", "xdist", "-n", "2")
        ran = _pytest(tmp_path, *options, RUFUS_API_KEY=ADMIN, **QUICK)
    assert ran.returncode == 0, ran.stdout
    assert company.devices.page(1, 5000)[1] == 2


def test_plain_pytest_fails_for_drift_and_shows_no_key(tmp_path: Path) -> None:
    app = create_app()
    echo_keys(app)
    with serving(app) as url:
        options = (
            "--base-url",
            url,
            "--rate",
            "1000",
            "-k",
            "a_device_is or a_session_is",
            "--junit-xml",
            "a.xml",
            "-s",
        )
        ran = _pytest(tmp_path, *options, RUFUS_API_KEY=ADMIN, **QUICK)
    assert ran.returncode == 1, ran.stdout
    assert "breaking" in ran.stdout
    assert ADMIN not in ran.stdout + ran.stderr + (tmp_path / "a.xml").read_text()


def test_plain_pytest_says_in_one_line_that_it_could_not_run(tmp_path: Path) -> None:
    ran = _pytest(tmp_path, "--base-url", "http://127.0.0.1:9/v0", RUFUS_API_KEY=ADMIN, **QUICK)
    assert ran.returncode == 2
    assert "could not run: http://127.0.0.1:9/v0: no answer: Connection refused" in ran.stdout


def test_plain_pytest_of_one_subject_reads_only_and_skips_what_needs_to_write(tmp_path: Path) -> None:
    app = create_app()
    methods = set()

    @app.before_request
    def watch() -> None:
        methods.add(request.method)

    with serving(app) as url:
        options = ("--base-url", url, "--rate", "1000", "--examples", "2", *UNUSED_PLUGINS)
        ran = _pytest(tmp_path, "test_sessions.py", *options, RUFUS_API_KEY=ADMIN)
    assert ran.returncode == 0, ran.stdout
    assert "3 passed, 2 skipped" in ran.stdout
    assert methods == {"GET"}


def test_plain_pytest_of_one_subject_finds_a_defect_and_says_how_to_repeat_it(tmp_path: Path) -> None:
    with serving(mutant_named("close_404_is_plural").application()) as url:
        options = ("--base-url", url, "--allow-writes", "--rate", "1000", "--contract-seed", "7")
        ran = _pytest(tmp_path, "test_sessions.py", *options, RUFUS_API_KEY=ADMIN, **QUICK)
    assert ran.returncode == 1, ran.stdout
    assert "1 failed, 4 passed" in ran.stdout
    assert "breaking: closeSession 404 /description" in ran.stdout
    assert "repeat    --contract-seed 7, check a_closed_session_is_readable_and_takes_no_passings" in ran.stdout
