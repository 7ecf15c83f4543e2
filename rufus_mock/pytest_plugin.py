"""The pytest plugin: one mock for the test run, and in it a separate company for each test.

pytest imports this module in every run in an environment that has the package, so it imports the rest only when needed.
"""

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .testing.company import MockCompany
    from .testing.connection import AdminConnection

MARKER = (
    "rufus(fixture, assume): the test's company: fixture is its initial state (the name or Path of a fixture, or one "
    "company as a dict), assume are the variants of assumed statements that it follows, by id"
)


MEASURED = pytest.StashKey[dict[str, str]]()
"""The variants that the profile of --rufus-profile has measured."""


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("rufus-mock", "mock of the RUFUS Cloud Public API")
    group.addoption(
        "--rufus-url",
        metavar="URL",
        default=os.environ.get("RUFUS_MOCK_URL"),
        help="Use the mock at this URL instead of starting one in this process. [env: RUFUS_MOCK_URL]",
    )
    group.addoption(
        "--rufus-token",
        metavar="TOKEN",
        default=os.environ.get("RUFUS_MOCK_ADMIN_TOKEN"),
        help="The --admin-token of the mock at --rufus-url. [env: RUFUS_MOCK_ADMIN_TOKEN]",
    )
    group.addoption(
        "--rufus-profile",
        metavar="FILE",
        default=os.environ.get("RUFUS_MOCK_PROFILE"),
        help="Let the companies behave as rufus-mock calibrate has measured. [env: RUFUS_MOCK_PROFILE]",
    )
    group.addoption(
        "--rufus-assumptions",
        metavar="MODE",
        help="report: print which tests depend on which assumptions about the live API. flip: also run these tests "
        "again under the other variants. strict: fail tests that depend on assumptions which the configuration does "
        "not accept (rufus_accepted_assumptions).",
    )
    for kind in ("json", "html"):
        group.addoption(
            f"--rufus-assumptions-{kind}",
            metavar="FILE",
            help=f"Also write what --rufus-assumptions found as {kind.upper()}.",
        )
    parser.addini(
        "rufus_accepted_assumptions",
        "Assumptions that tests may depend on with --rufus-assumptions=strict: id or id=variant, where id may be a "
        "pattern like insert.*",
        type="linelist",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", MARKER)
    if any(config.getoption(f"--rufus-assumptions{end}") is not None for end in ("", "-json", "-html")):
        from .testing.assumptions.plugin import AssumptionsPlugin

        config.pluginmanager.register(AssumptionsPlugin(config), "rufus-assumptions")


@pytest.fixture(scope="session")
def rufus_admin(pytestconfig: pytest.Config) -> "Iterator[AdminConnection]":
    """The admin API of the mock for this test run: a mock in this process, or the one at --rufus-url."""
    url = pytestconfig.getoption("--rufus-url")
    if url is None:
        from .testing.mock import RufusMock

        with RufusMock(fixture="empty", profile=pytestconfig.getoption("--rufus-profile")) as mock:
            yield mock.admin
        return

    from .testing.connection import AdminConnection

    with closing(AdminConnection(url, pytestconfig.getoption("--rufus-token"))) as admin:
        admin.call("GET", "/ready")
        yield admin


@pytest.fixture
def rufus(request: pytest.FixtureRequest, rufus_admin: "AdminConnection") -> "Iterator[MockCompany]":
    """A company for this test only: base_url, keys, faults, clock, requests, verify(). It is removed after the test."""
    from .testing.company import MockCompany

    marker = request.node.get_closest_marker("rufus")
    fixture, assume = _marked(*marker.args, **marker.kwargs) if marker else (None, None)
    with MockCompany.fresh(rufus_admin, fixture, _measured(request.config) | (assume or {})) as company:
        yield company


def _measured(config: pytest.Config) -> dict[str, str]:
    """The variants that the profile of --rufus-profile has measured. Raises pytest.UsageError for an invalid one."""
    profile = config.getoption("--rufus-profile")
    if profile is None:
        return {}
    if MEASURED in config.stash:
        return config.stash[MEASURED]
    from .assumptions.profile import ProfileError, measured, read_profile

    try:
        config.stash[MEASURED] = measured(read_profile(Path(profile)))
    except ProfileError as error:
        raise pytest.UsageError(f"--rufus-profile: {error}") from error
    return config.stash[MEASURED]


def _marked(fixture: Any = None, assume: Any = None) -> tuple[Any, Any]:
    return fixture, assume
