"""The journal's limit in bytes counts everything that it keeps."""

import gc
import tracemalloc
from collections.abc import Callable
from io import BytesIO
from typing import Any

import orjson
import pytest
from werkzeug.test import create_environ

from rufus_mock.web.app import Config, create_app
from rufus_mock.world.journal import Bounds
from tests.servers import ADMIN

LIMIT = 200_000
CONSTANT = 50_000
"""What the journal takes beside its entries: counters, and a ring that grows in steps."""

KEY = {"HTTP_API_KEY": ADMIN}
LONG = "Z" * 20_000

SENT: dict[str, Callable[[int], dict[str, Any]]] = {
    "nothing": lambda _: {},
    "a long header name": lambda n: {f"HTTP_X{n}_{LONG}": "v"},
    "header names": lambda n: {f"HTTP_X{n}_{i}": "v" for i in range(500)},
    "path": lambda n: {"PATH_INFO": f"/v0/devices/{n}{LONG}"},
    "a path that is not ASCII": lambda n: {"PATH_INFO": f"/v0/devices/{n}" + "\xc3\xa9" * 10_000},
    "query": lambda n: {"QUERY_STRING": f"q{n}={LONG}"},
    "method": lambda n: {"REQUEST_METHOD": f"M{n}{LONG}"},
    "body": lambda n: posted("/v0/devices", f"{n}{LONG}".encode()),
    "problems": lambda n: posted("/v0/passings", orjson.dumps({"passings_list": [{"bib": [n, i]} for i in range(10)]})),
    "no key": lambda n: {"HTTP_API_KEY": "", f"HTTP_X{n}_{LONG}": "v"},
    "no operation": lambda n: {"PATH_INFO": f"/{n}", f"HTTP_X{n}_{LONG}": "v"},
}


def posted(path: str, body: bytes) -> dict[str, Any]:
    return {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": path,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": BytesIO(body),
    }


def start_response(*_: Any) -> Any:
    return None


@pytest.mark.parametrize("what", SENT)
def test_no_more_is_kept_than_the_limit_says(what: str) -> None:
    app = create_app(Config(fixtures=["empty"], journal=Bounds(10_000, LIMIT)))
    environ = create_environ("/v0/devices")

    def ask(number: int) -> None:
        list(app.wsgi_app({**environ, **KEY, **SENT[what](number)}, start_response))

    world = app.extensions["rufus_mock"].world
    journal = world.journal if what == "no key" else world.get("00000001").journal
    ask(0)
    gc.collect()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        for number in range({"nothing": 300, "problems": 100}.get(what, 30)):
            ask(number)
        gc.collect()
        kept = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    read = journal.read()
    assert kept <= LIMIT + CONSTANT
    assert read.entries
    assert sum(read.evicted.values()) + len(read.entries) == read.total
    assert sum(read.evicted.values()) > 0


def test_an_entry_that_alone_is_over_the_limit_is_counted_and_not_kept() -> None:
    app = create_app(Config(fixtures=["empty"], journal=Bounds(10, 5000)))
    client = app.test_client()
    client.get("/v0/devices", headers={"api_key": ADMIN, f"x-{'y' * 6000}": "v"})
    answer = client.get("/__admin/companies/00000001/requests").json
    assert answer == {"requests": [], "total": 1, "evicted": 1}
