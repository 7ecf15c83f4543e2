"""A rejected body is freed with its answer: it is in no reference cycle that waits for the garbage collector."""

import gc
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import requests

from rufus_mock.serving.server import Server
from rufus_mock.web.app import Config, create_app
from rufus_mock.world.journal import Bounds
from tests.servers import ADMIN, READ

MEGABYTE = 1_000_000
REQUESTS = 12
PADDING = b'"' + b"x" * MEGABYTE + b'"'


@contextmanager
def without_collector() -> Iterator[None]:
    gc.collect()
    gc.disable()
    tracemalloc.start()
    try:
        yield
    finally:
        tracemalloc.stop()
        gc.enable()


@pytest.mark.parametrize(
    ("method", "path", "key", "body", "status"),
    [
        pytest.param("POST", "/v0/devices", ADMIN, b"x" * MEGABYTE, 400, id="not JSON"),
        pytest.param("POST", "/v0/devices", ADMIN, b"\xff" * MEGABYTE, 400, id="not UTF-8"),
        pytest.param("POST", "/v0/devices", ADMIN, PADDING, 400, id="not an object"),
        pytest.param("POST", "/v0/devices", ADMIN, b'{"model":7,"x":' + PADDING + b"}", 400, id="wrong shape"),
        pytest.param(
            "POST", "/v0/devices", ADMIN, b'{"x":' + b"[" * 64 + PADDING + b"]" * 64 + b"}", 400, id="too deep"
        ),
        pytest.param("POST", "/v0/devices", ADMIN, b"x" * 3 * MEGABYTE, 413, id="too large"),
        pytest.param("POST", "/v0/devices", None, PADDING, 400, id="no key"),
        pytest.param("POST", "/v0/devices", "ror-" + "0" * 20, PADDING, 403, id="unknown key"),
        pytest.param("POST", "/v0/devices", READ, PADDING, 403, id="wrong access"),
        pytest.param("POST", "/v0/nothing", ADMIN, PADDING, 404, id="unknown path"),
        pytest.param("PUT", "/v0/devices", ADMIN, PADDING, 405, id="wrong method"),
        pytest.param(
            "POST",
            "/v0/passings",
            ADMIN,
            b'{"token_session":"A","passings_list":[{"num_passing":1,"bib":"1","timestamp":"0000-01-01T00:00:00Z","x":'
            + PADDING
            + b"}]}",
            400,
            id="impossible time",
        ),
        pytest.param(
            "POST",
            "/v0/sessions",
            ADMIN,
            b'{"deviceid":"A","alias":' + PADDING + b"}",
            404,
            id="unknown device",
        ),
        pytest.param("POST", "/__admin/companies", None, b'{"name":7,"x":' + PADDING + b"}", 400, id="admin API"),
        pytest.param("PUT", "/__admin/state", None, b"x" * MEGABYTE, 400, id="state"),
    ],
)
def test_a_rejected_body_is_freed_without_the_collector(
    method: str, path: str, key: str | None, body: bytes, status: int
) -> None:
    # A journal keeps bodies for good, so this one has no room for them.
    app = create_app(Config(fixtures=["empty"], max_body=2 * MEGABYTE, journal=Bounds(bytes=MEGABYTE // 10)))
    headers = {} if key is None else {"api_key": key}
    with Server(app) as server, requests.Session() as http:
        http.trust_env = False

        def rejected() -> None:
            response = http.request(method, server.url + path, data=body, headers=headers, timeout=30)
            assert response.status_code == status, response.text

        rejected()
        with without_collector():
            before, _ = tracemalloc.get_traced_memory()
            for _ in range(REQUESTS):
                rejected()
            after, _ = tracemalloc.get_traced_memory()
    # The last request may still be on its way out.
    assert after - before < 3 * MEGABYTE
