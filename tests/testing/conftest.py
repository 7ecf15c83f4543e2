"""A mock for the tests of a module, and for each test a company of its own in it."""

from collections.abc import Iterator

import pytest

from rufus_mock import MockCompany, RufusMock


@pytest.fixture(scope="module")
def mock() -> Iterator[RufusMock]:
    with RufusMock() as mock:
        yield mock


@pytest.fixture
def company(mock: RufusMock) -> Iterator[MockCompany]:
    with mock.company() as company:
        yield company
