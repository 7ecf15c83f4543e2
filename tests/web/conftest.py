"""An open session of an account."""

import pytest

from tests.conftest import Account


@pytest.fixture
def token(either: Account) -> str:
    return either.open(either.bind())
