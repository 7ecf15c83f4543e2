"""An open session of an account, and a mock with a token and a small limit for bodies."""

from collections.abc import Iterator

import pytest

from rufus_mock.serving.server import Server
from rufus_mock.web.app import Config, create_app
from tests.conftest import Account

LIMIT = 1000
TOKEN = "s3cret"


@pytest.fixture
def token(either: Account) -> str:
    return either.open(either.bind())


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server(create_app(Config(max_body=LIMIT, admin_token=TOKEN))) as server:
        yield server
