"""Measures each of the server's speed-ups alone: what a request, or a start, costs without it.

`python bench/speedups.py` calls the application in this process, without a socket. It alternates small batches with and
without the speed-up and prints the median of the ratios of five such runs; 1.03 means 3 % more time without it.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any
from unittest.mock import patch

import flask
from flask import Flask, Response
from werkzeug.routing import Rule

from rufus_mock.web.app import Config, create_app
from rufus_mock.web.request.answers import JsonResponse
from rufus_mock.web.request.api import Api
from rufus_mock.web.request.application import Application
from rufus_mock.web.request.hosts import require_host

RUNS = 5
BATCHES = 20

Act = Callable[[], object]


@contextmanager
def without(name: str) -> Iterator[None]:
    """Replaces one speed-up by what Flask and Werkzeug do."""
    replaced: dict[str, tuple[Any, str, Any]] = {
        "URL adapter without hosts": (Application, "create_url_adapter", Flask.create_url_adapter),
        "rules that compile their URLs later": (Application, "url_rule_class", Rule),
        "JSON responses sent unchanged": (JsonResponse, "__call__", Response.__call__),
        "hooks before requests only if any": (Application, "preprocess_request", _preprocess_request),
        "hooks after requests only if any": (Application, "process_response", Flask.process_response),
        "hooks at the end of a request only if any": (Application, "do_teardown_request", Flask.do_teardown_request),
        "hooks at the end of a context only if any": (
            Application,
            "do_teardown_appcontext",
            Flask.do_teardown_appcontext,
        ),
    }
    with patch.object(*replaced[name]):
        yield


def _preprocess_request(app: Flask) -> object:
    require_host(flask.request.environ)
    return Flask.preprocess_request(app)


def request() -> Act:
    """A function that reads a session 50 times."""
    app = create_app(Config(fixtures=["empty"]))
    application: Callable[..., Any] = app.wsgi_app
    company, keys = Api.of(app).world.create("00000001")
    device = company.devices.bind("Reader", "1", None, None, None)
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": f"/v0/sessions/{company.sessions.open(device.deviceid, None).token_session}",
        "QUERY_STRING": "",
        "SCRIPT_NAME": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8080",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "127.0.0.1:8080",
        "HTTP_API_KEY": keys["read"].api_key,
        "HTTP_USER_AGENT": "bench",
        "wsgi.url_scheme": "http",
    }

    def act() -> None:
        for _ in range(50):
            b"".join(application({**environ, "wsgi.input": BytesIO()}, lambda *_: None))

    return act


def start() -> Act:
    """A function that creates an application which answers."""
    return lambda: create_app(Config(fixtures=["empty"])).test_client().get("/v0/devices")


def ratio(name: str, make: Callable[[], Act]) -> float:
    """The time without a speed-up, as a multiple of the time with it."""
    with_it = make()
    with without(name):
        without_it = make()
        without_it()
    with_it()
    spent = [0.0, 0.0]
    for _ in range(BATCHES):
        spent[0] += seconds(with_it)
        with without(name):
            spent[1] += seconds(without_it)
    return spent[1] / spent[0]


def seconds(act: Act) -> float:
    """Processor time: other programs on the machine do not count."""
    began = time.process_time()
    act()
    return time.process_time() - began


if __name__ == "__main__":
    for what, make, name in (
        ("request", request, "URL adapter without hosts"),
        ("request", request, "JSON responses sent unchanged"),
        ("request", request, "hooks before requests only if any"),
        ("request", request, "hooks after requests only if any"),
        ("request", request, "hooks at the end of a request only if any"),
        ("start", start, "rules that compile their URLs later"),
    ):
        found = sorted(ratio(name, make) for _ in range(RUNS))
        print(f"{what:8} {name:38} {statistics.median(found):.3f}  ({found[0]:.3f} to {found[-1]:.3f})", flush=True)
