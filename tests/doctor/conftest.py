"""A mock in each dialect, for the doctor to examine."""

from collections.abc import Iterator

import pytest

from tests.servers import mock


@pytest.fixture(scope="module", params=["pages", "openapi"])
def dialect(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def url(dialect: str) -> Iterator[str]:
    with mock(dialect) as url:
        yield url
