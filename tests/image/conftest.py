"""The image under test: RUFUS_MOCK_IMAGE names one that is built. `make test-image` builds one and sets it."""

import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.image.engine import HARDENED, Container, Engine, free_port

Start = Callable[..., tuple[Container, int]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if not os.environ.get("RUFUS_MOCK_IMAGE"):
        reason = "no image to test: `make test-image` builds one (it needs docker, podman or buildah)"
        for item in items:
            if item.path.is_relative_to(Path(__file__).parent):
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def image() -> str:
    return os.environ["RUFUS_MOCK_IMAGE"]


@pytest.fixture(scope="session")
def engine(image: str) -> Engine:
    try:
        return Engine()
    except LookupError as error:
        pytest.fail(f"{image} cannot run: {error}")


@pytest.fixture(scope="session")
def mock(engine: Engine, image: str) -> Iterator[tuple[Container, int]]:
    """A hardened mock and its port on 127.0.0.1, for the tests that change nothing."""
    port = free_port()
    container = engine.start(image, *HARDENED, *_at(port))
    container.await_health()
    yield container, port
    container.remove()


@pytest.fixture
def start(engine: Engine, image: str) -> Iterator[Start]:
    """Starts hardened mocks that end with the test."""
    containers = []

    def started(*options: str, **environment: str) -> tuple[Container, int]:
        port = free_port()
        variables = [f"--env={name}={value}" for name, value in environment.items()]
        container = engine.start(image, *HARDENED, *_at(port), *options, *variables)
        containers.append(container)
        return container, port

    yield started
    for container in containers:
        container.remove()


@pytest.fixture(scope="module")
def volume(engine: Engine) -> Iterator[str]:
    """The name of a volume for the tests of a module."""
    name = f"rufus-mock-{uuid.uuid4().hex}"
    engine("volume", "create", name)
    yield name
    engine("volume", "rm", "--force", name)


def _at(port: int) -> list[str]:
    # The engine ignores the publishing where containers share the host's network.
    return [f"--publish=127.0.0.1:{port}:{port}", f"--env=RUFUS_MOCK_PORT={port}"]
