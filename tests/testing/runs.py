"""Runs of pytest inside the tests of the plugin."""

import pytest


def isolate(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the settings of this project's own test run away from the inner runs.

    They load no plugins by themselves: those of this project's other dependencies take seconds to import.
    """
    for name in ("PYTEST_ADDOPTS", "PYTEST_XDIST_WORKER", "RUFUS_MOCK_URL", "RUFUS_MOCK_ADMIN_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")


def run(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    """Run pytest in this process, which is faster, or with workers in a subprocess."""
    start = pytester.runpytest_subprocess if "-n" in arguments else pytester.runpytest_inprocess
    plugins = ("-p", "xdist", "-p", "rufus-mock")  # the names of their entry points
    return start("-W", "error", "-p", "no:cacheprovider", *plugins, *arguments)
