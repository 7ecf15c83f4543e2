"""Real servers on real sockets for the tests of the client and of the kit."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from rufus_mock.serving.server import Server
from rufus_mock.serving.worker import LOGGER
from rufus_mock.web.app import Config, create_app

ADMIN = "ror-ae4fc6c19681a20fad30"
READ = "ror-11111111111111111111"
WRITE = "ror-22222222222222222222"
WRITE_AND_UNBIND = "ror-33333333333333333333"
OTHER_COMPANY = "ror-99999999999999999999"

logging.getLogger(LOGGER).setLevel(logging.WARNING)


@contextmanager
def serving(application: Callable[..., Any]) -> Iterator[str]:
    """The base URL of a WSGI application that is served over a socket."""
    with Server(application) as server:
        yield f"{server.url}/v0"


@contextmanager
def mock(dialect: str = "pages", *fixtures: str) -> Iterator[str]:
    """The base URL of a faultless mock."""
    with serving(create_app(Config(fixtures=fixtures or ("documented",), dialect=dialect))) as url:
        yield url
