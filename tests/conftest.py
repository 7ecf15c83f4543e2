"""A served mock for all tests, and for each test an account of its own in it: the product's own isolation.

The variables that configure the product are removed before anything else: a test passes the ones it needs itself.
"""

import gc
import itertools
import os
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
import requests
from hypothesis import settings

from rufus_mock.base.defaults import HOST, PORT
from rufus_mock.serving.server import Server
from rufus_mock.spec.contract import Contract
from rufus_mock.spec.dialects import DIALECTS, OPENAPI
from rufus_mock.web.app import Config, create_app
from rufus_mock.web.request.api import Api
from rufus_mock.world import Company, Key, World
from tests.admin import AdminClient, Tenant

ACCESS = {
    "read": ("READ", False),
    "write": ("WRITE", False),
    "write_unbind": ("WRITE", True),
    "read_write": ("READ_WRITE", False),
    "read_write_unbind": ("READ_WRITE", True),
}

_numbers = itertools.count(0x1000)
"""The ids of the accounts' companies. The fixture of the served mocks has companies with small ids."""

FOR_TESTS = "RUFUS_MOCK_IMAGE"
"""Tells the tests which image to test; the product does not read it."""

for _name in [name for name in os.environ if name.startswith("RUFUS_") and name != FOR_TESTS]:
    del os.environ[_name]

# A machine that is busy with other things is no failure, and CI finds the same examples each time.
settings.register_profile("tests", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("tests")


def pytest_configure(config: pytest.Config) -> None:
    """The plugin has read its variables before this module could remove them."""
    config.option.rufus_url = config.option.rufus_token = config.option.rufus_profile = None


def pytest_collection_finish() -> None:
    """Keep the garbage collector from going through all collected tests again each time."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True, scope="session")
def default_port_taken() -> Iterator[None]:
    """Holds the port that serve takes by default, unless another process holds it: no test may depend on it.

    The containers of the image's tests may share the network of this machine, and use it.
    """
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if FOR_TESTS not in os.environ:
            with suppress(OSError):
                listener.bind((HOST, PORT))
                listener.listen()
        yield


class Account:
    """A company of its own on a served mock, and what a user does with it."""

    def __init__(self, base_url: str, world: World, http: requests.Session, dialect: str) -> None:
        number = next(_numbers)
        self.base_url = base_url
        self.http = http
        self.dialect = dialect
        self.company: Company = world.get_or_create(f"{number:08x}")
        self.keys = {name: f"ror-{number:08x}{index:012x}" for index, name in enumerate(ACCESS)}
        for name, (access, unbind) in ACCESS.items():
            world.add_key(self.company, Key(self.keys[name], access, unbind))

    def request(
        self,
        method: str,
        path: str,
        *,
        key: str | None = "read_write_unbind",
        header: str = "api_key",
        **arguments: Any,
    ) -> requests.Response:
        headers = dict(arguments.pop("headers", {}))
        if key is not None:
            headers[header] = self.keys.get(key, key)
        return self.http.request(method, self.base_url + path, headers=headers, timeout=30, **arguments)

    def body(self, response: requests.Response, status: int) -> dict[str, Any]:
        assert response.status_code == status, response.text
        body: dict[str, Any] = response.json()
        return body["body"] if self.dialect == OPENAPI else body

    def get(self, path: str, status: int = 200, **arguments: Any) -> dict[str, Any]:
        return self.body(self.request("GET", path, **arguments), status)

    def post(self, path: str, json: Any, status: int = 201, **arguments: Any) -> dict[str, Any]:
        return self.body(self.request("POST", path, json=json, **arguments), status)

    def bind(self, serial_number: str = "S-1", **fields: Any) -> str:
        deviceid: str = self.post("/devices", {"model": "M", "serial_number": serial_number, **fields})["deviceid"]
        return deviceid

    def open(self, deviceid: str, alias: str | None = None) -> str:
        token: str = self.post("/sessions", {"deviceid": deviceid, "alias": alias})["token_session"]
        return token

    def close(self, token_session: str) -> dict[str, Any]:
        return self.body(self.request("PATCH", f"/sessions/close/{token_session}"), 200)

    def insert(self, token_session: str, *passings: dict[str, Any]) -> dict[str, Any]:
        return self.post("/passings", {"token_session": token_session, "passings_list": list(passings)})

    def session(self, token_session: str) -> dict[str, Any]:
        result: dict[str, Any] = self.get(f"/sessions/{token_session}")["result"][0]
        return result

    def read(self, token_session: str, **query: Any) -> list[dict[str, Any]]:
        result: list[dict[str, Any]] = self.get(f"/passings/session/{token_session}", params=query)["result"]
        return result

    def read_device(self, deviceid: str, **query: Any) -> list[dict[str, Any]]:
        result: list[dict[str, Any]] = self.get(f"/passings/device/{deviceid}", params=query)["result"]
        return result

    def resume(self, deviceid: str, **query: Any) -> dict[str, Any]:
        return self.get(f"/passings/device2/{deviceid}", params=query)


def sent(
    num_passing: int, timestamp: str = "2026-05-10T09:00:00.000Z", bib: str = "7", **fields: Any
) -> dict[str, Any]:
    """A passing as a device sends it."""
    return {"num_passing": num_passing, "timestamp": timestamp, "bib": bib, **fields}


def numbers(passings: list[dict[str, Any]]) -> list[int]:
    return [entry["num_passing"] for entry in passings]


@pytest.fixture(scope="session")
def contract() -> Contract:
    return Contract()


@pytest.fixture(scope="session")
def http() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        yield session


def traced(application: Callable[..., Any]) -> Callable[..., Any]:
    """The application as coverage sees it: the threads that granian starts ask for no trace function."""
    trace = threading.gettrace()
    if trace is None:
        return application

    def called(environ: Any, start_response: Any) -> Any:
        if sys.gettrace() is None:
            sys.settrace(trace)
        return application(environ, start_response)

    return called


class Served:
    """A mock on its socket, with a look behind it."""

    def __init__(self, config: Config) -> None:
        self.app = create_app(config)
        self.server = Server(traced(self.app))
        self.api: Api = self.app.extensions["rufus_mock"]
        self.base_url = self.server.url + self.api.contract.base_path
        self.dialect = config.dialect


@pytest.fixture(scope="session")
def served_in() -> Iterator[dict[str, Served]]:
    mocks = {dialect: Served(Config(dialect=dialect)) for dialect in DIALECTS}
    for served in mocks.values():
        served.server.start()
    yield mocks
    for served in mocks.values():
        served.server.stop()


@pytest.fixture
def served(served_in: dict[str, Served]) -> Served:
    return served_in["pages"]


@pytest.fixture
def account(served: Served, http: requests.Session) -> Account:
    return Account(served.base_url, served.api.world, http, "pages")


@pytest.fixture(params=DIALECTS)
def either(request: pytest.FixtureRequest, served_in: dict[str, Served], http: requests.Session) -> Account:
    """The same in each dialect."""
    served = served_in[request.param]
    return Account(served.base_url, served.api.world, http, request.param)


@pytest.fixture
def small_pages(either: Account, served_in: dict[str, Served], monkeypatch: pytest.MonkeyPatch) -> Account:
    """The same in each dialect, with pages of two passings."""
    served = served_in[either.dialect]
    monkeypatch.setattr(served.api.world, "page_size", 2)
    return Account(served.base_url, served.api.world, either.http, either.dialect)


@pytest.fixture
def admin(served: Served, http: requests.Session) -> AdminClient:
    return AdminClient(served.server.url, http)


@pytest.fixture
def tenant(admin: AdminClient) -> Tenant:
    return admin.create()
