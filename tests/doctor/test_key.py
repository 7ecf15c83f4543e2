"""Whether the key reaches the server, and what it may do there."""

import json
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from rufus_mock.doctor import NOT_ASKED, NOTE, OK, WRONG
from rufus_mock.web.app import create_app
from tests.doctor.examining import JSON, UNKNOWN, answering, examined, verdicts, werkzeug
from tests.servers import ADMIN, READ, WRITE, serving


def test_every_check_passes_with_a_key_that_may_read(url: str, dialect: str) -> None:
    for key in (ADMIN, READ):
        found = examined(url, key)
        assert set(verdicts(found).values()) == {OK}
        assert found["dialect"].text.startswith(f"{dialect}: ")
        assert found["key"].text.startswith(f"…{key[-4:]} may read: 2 devices")


def test_a_write_key_arrives_but_may_not_read(url: str) -> None:
    found = examined(url, WRITE)
    assert found["api_key"].verdict == found["x-api-key"].verdict == OK
    assert found["key"].verdict == NOTE
    assert "it is a WRITE key" in found["key"].text


@pytest.mark.parametrize(("key", "advice"), [(UNKNOWN, "is unknown to the server"), ("password", "20 lower-case hex")])
def test_an_unknown_key_is_distinguished_from_a_lost_one(url: str, key: str, advice: str) -> None:
    found = examined(url, key)
    assert found["api_key"].verdict == OK
    assert found["key"].verdict == WRONG
    assert advice in found["key"].text


def test_without_a_key_an_invented_one_shows_which_headers_arrive(url: str) -> None:
    found = examined(url)
    assert found["api_key"].verdict == found["x-api-key"].verdict == OK
    assert found["key"].verdict == NOT_ASKED
    assert "RUFUS_API_KEY" in found["key"].text


@pytest.mark.parametrize("key", [READ, WRITE, UNKNOWN, None])
def test_a_server_that_drops_headers_with_an_underscore_is_detected(key: str | None) -> None:
    with werkzeug(create_app()) as url:
        found = examined(url, key)
    assert found["api_key"].verdict == WRONG
    assert "underscores_in_headers on" in found["api_key"].text
    assert found["x-api-key"].verdict == OK
    if key == READ:
        assert found["key"].verdict == OK


def test_a_server_that_drops_both_headers_is_detected() -> None:
    def dropping(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        environ.pop("HTTP_API_KEY", None)
        environ.pop("HTTP_X_API_KEY", None)
        return app(environ, start_response)

    app = create_app()
    with serving(dropping) as url:
        found = examined(url, READ)
    assert found["api_key"].verdict == found["x-api-key"].verdict == found["key"].verdict == WRONG
    assert "does not arrive or is unknown" in found["key"].text


def test_one_refusal_for_all_requests_says_nothing_about_the_headers() -> None:
    with serving(answering("403 FORBIDDEN", '{"description":"Forbidden"}', JSON)) as url:
        found = examined(url, READ)
    assert found["api_key"].verdict == found["x-api-key"].verdict == NOTE
    assert found["key"].verdict == WRONG


def test_a_server_that_requires_no_key_says_nothing_about_the_headers() -> None:
    with serving(answering("200 OK", '{"description":"Success","result":[]}', JSON)) as url:
        found = examined(url, READ)
    assert found["api_key"].verdict == NOTE


@pytest.mark.parametrize(("status", "verdict"), [("403 FORBIDDEN", WRONG), ("401 UNAUTHORIZED", WRONG)])
def test_an_undocumented_refusal_is_shown(status: str, verdict: str) -> None:
    def body(environ: dict[str, Any]) -> str:
        return json.dumps({"description": "No " + environ.get("HTTP_API_KEY", "") + environ.get("HTTP_X_API_KEY", "")})

    with serving(answering(status, body, JSON)) as url:
        found = examined(url, READ)
    assert found["key"].verdict == verdict
    assert status[:3] in found["key"].text
