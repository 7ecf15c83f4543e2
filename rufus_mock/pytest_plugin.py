"""The pytest plugin: a mock for the run, and in it a company of its own for each test.

pytest imports this module in every run of an environment that has the package, so it imports the rest only when used.
"""

import os
from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .testing.company import MockCompany
    from .testing.connection import AdminConnection

MARKER = (
    "rufus(fixture): what the company of the test begins with: the name or Path of a fixture, or a company as in one"
)


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("rufus-mock", "mock of the RUFUS Cloud Public API")
    group.addoption(
        "--rufus-url",
        metavar="URL",
        default=os.environ.get("RUFUS_MOCK_URL"),
        help="Use the mock that runs there instead of one in this process. [env: RUFUS_MOCK_URL]",
    )
    group.addoption(
        "--rufus-token",
        metavar="TOKEN",
        default=os.environ.get("RUFUS_MOCK_ADMIN_TOKEN"),
        help="The --admin-token of the mock at --rufus-url. [env: RUFUS_MOCK_ADMIN_TOKEN]",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", MARKER)


@pytest.fixture(scope="session")
def rufus_admin(pytestconfig: pytest.Config) -> "Iterator[AdminConnection]":
    """The admin API of the mock of this run: one in this process, or that of --rufus-url."""
    url = pytestconfig.getoption("--rufus-url")
    if url is None:
        from .testing.mock import RufusMock

        with RufusMock(fixture="empty") as mock:
            yield mock.admin
        return

    from .testing.connection import AdminConnection

    with closing(AdminConnection(url, pytestconfig.getoption("--rufus-token"))) as admin:
        admin.call("GET", "/ready")
        yield admin


@pytest.fixture
def rufus(request: pytest.FixtureRequest, rufus_admin: "AdminConnection") -> "Iterator[MockCompany]":
    """A company for this test alone: base_url, keys, faults, clock, requests, verify(). It is gone after the test."""
    from .testing.company import MockCompany

    marker = request.node.get_closest_marker("rufus")
    beginning = _beginning(*marker.args, **marker.kwargs) if marker else None
    with MockCompany.fresh(rufus_admin, beginning) as company:
        yield company


def _beginning(fixture: Any = None) -> Any:
    return fixture
