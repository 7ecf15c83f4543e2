"""The example application on a real mock. compose.yaml runs the same file."""

import http.client
import importlib.util
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

import pytest

from tests.conftest import Account, sent

EXAMPLE = Path(__file__).parent.parent / "examples" / "results.py"


@pytest.fixture(scope="module")
def example() -> ModuleType:
    spec = importlib.util.spec_from_file_location("results", EXAMPLE)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@contextmanager
def shown(example: ModuleType, api_key: str, base_url: str) -> Iterator[http.client.HTTPConnection]:
    """A connection to the example's page."""
    with example.server(example.Results(api_key, base_url), "127.0.0.1", 0) as server:
        thread = threading.Thread(target=server.serve_forever, args=[0.01])
        thread.start()
        connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
        yield connection
        connection.close()
        server.shutdown()
        thread.join()


def page(connection: http.client.HTTPConnection) -> tuple[int, str]:
    connection.request("GET", "/")
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


def bibs(text: str) -> list[str]:
    """The bibs of the device that was bound last."""
    return re.findall(r"<tr><td>([^<]*)", text.rpartition("<h2>")[2])


def test_new_passings_appear_across_sessions(example: ModuleType, either: Account) -> None:
    deviceid = either.bind("S-1", alias="Finish <1>")
    token_session = either.open(deviceid)
    with shown(example, either.keys["read"], either.base_url) as connection:
        status, text = page(connection)
        assert status == 200
        assert "<h2>Finish &lt;1&gt;</h2>" in text
        assert bibs(text) == []
        either.insert(token_session, *(sent(number, bib=str(number)) for number in range(1, 31)))
        assert bibs(page(connection)[1]) == [str(number) for number in range(30, 10, -1)]
        either.insert(token_session, sent(31, bib="31"))
        either.insert(either.open(deviceid), sent(1, bib="next"))
        assert bibs(page(connection)[1])[:3] == ["next", "31", "30"]


def test_more_passings_than_fit_in_one_response_are_all_read(example: ModuleType, account: Account) -> None:
    token_session = account.open(account.bind())
    account.insert(token_session, *(sent(number, bib=str(number)) for number in range(5002)))
    with shown(example, account.keys["read"], account.base_url) as connection:
        assert bibs(page(connection)[1])[:2] == ["5001", "5000"]


def test_the_page_shows_a_refused_key_and_a_missing_api(example: ModuleType, account: Account) -> None:
    with shown(example, account.keys["write"], account.base_url) as connection:
        status, text = page(connection)
    assert status == 502
    assert "403" in text
    with shown(example, account.keys["read"], "http://127.0.0.1:1/v0") as connection:
        status, text = page(connection)
    assert status == 502
    assert "refused" in text
