"""The dialects, for tests that hold in each."""

import pytest


@pytest.fixture(params=["pages", "openapi"])
def dialect(request: pytest.FixtureRequest) -> str:
    assert isinstance(request.param, str)
    return request.param
