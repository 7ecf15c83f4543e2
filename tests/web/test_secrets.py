"""Wherever a request carries a key or the admin token: neither is in the log, the journal or an admin answer."""

import json
import logging
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rufus_mock.serving.server import Server
from rufus_mock.web.app import Config, create_app
from tests.conftest import traced
from tests.servers import ADMIN

TOKEN = "s3cret-token/with=signs"
OTHER = "ror-0123456789abcdef0123"
AUTHORIZED = {"Authorization": f"Bearer {TOKEN}"}


class Watched:
    """A mock with an admin token, and all that it logs."""

    def __init__(self, url: str, http: requests.Session, log: list[str]) -> None:
        self.url = url
        self.http = http
        self.log = log

    def request(self, method: str, path: str, **arguments: Any) -> requests.Response:
        return self.http.request(method, self.url + path, timeout=30, **arguments)

    def admin(self, method: str, path: str, **arguments: Any) -> requests.Response:
        return self.request(method, f"/__admin{path}", headers=AUTHORIZED, **arguments)

    def shown(self) -> str:
        """The log, and what the admin API shows of the requests since the last call."""
        asked: dict[str, Any] = {"operation": "unbindDevice", "body": {ADMIN: TOKEN}}
        texts = [self.admin("GET", "/requests").text, self.admin("POST", "/requests/verify", json=asked).text]
        self.admin("DELETE", "/requests")
        texts += self.log
        self.log.clear()
        return "\n".join(texts)


@pytest.fixture(scope="module")
def watched() -> Iterator[Watched]:
    log: list[str] = []
    app = create_app(Config(admin_token=TOKEN), access_log=log.append)
    with Server(traced(app)) as server, requests.Session() as http:
        http.trust_env = False
        yield Watched(server.url, http, log)


SECRETS = [ADMIN, ADMIN.upper(), OTHER, TOKEN]


def forms(secret: str) -> list[str]:
    return [secret, quote(secret, safe=""), json.dumps(secret)[1:-1], "".join(f"%{ord(c):02x}" for c in secret)]


def assert_hidden(secret: str, text: str) -> None:
    for form in forms(secret):
        assert form not in text
        assert form.lower() not in text.lower()


PLACES: dict[str, Any] = {
    "key header": lambda secret: {"headers": {"api_key": secret}},
    "both key headers": lambda secret: {"headers": {"api_key": secret, "x-api-key": secret}},
    "another header": lambda secret: {"headers": {"X-Other": secret}},
    "header name": lambda secret: {"headers": {secret.replace("/", "-").replace("=", "-"): "x"}},
    "referer and cookie": lambda secret: {"headers": {"Referer": f"http://x/?key={secret}", "Cookie": f"k={secret}"}},
    "authorization": lambda secret: {"headers": {"Authorization": f"Bearer {secret}"}},
    "query value": lambda secret: {"path": f"/v0/devices?api_key={quote(secret)}&page={quote(secret)}"},
    "query value, encoded": lambda secret: {"path": "/v0/devices?a=" + forms(secret)[3]},
    "query value, encoded twice": lambda secret: {"path": "/v0/devices?a=" + quote(forms(secret)[3])},
    "query name": lambda secret: {"path": f"/v0/devices?{quote(secret, safe='')}=1"},
    "path segment": lambda secret: {"path": f"/v0/devices/{quote(secret)}"},
    "path, encoded": lambda secret: {"path": f"/v0/devices/{forms(secret)[3]}"},
    "path, encoded twice": lambda secret: {"path": f"/v0/devices/{quote(forms(secret)[3])}"},
    "unknown path": lambda secret: {"path": f"/{quote(secret)}/x"},
    "admin path": lambda secret: {"path": f"/__admin/companies/{quote(secret, safe='')}"},
    "method": lambda secret: {"method": secret.replace("/", "-").replace("=", "-")},
    "body field": lambda secret: {"method": "POST", "json": {"model": secret, "serial_number": [secret]}},
    "body name": lambda secret: {"method": "POST", "json": {secret: {secret: 1}}},
    "form": lambda secret: {"method": "POST", "data": {"model": secret}},
    "text": lambda secret: {"method": "POST", "data": f"model={secret};"},
}


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("key", [None, ADMIN])
def test_a_secret_is_shown_nowhere(watched: Watched, place: str, secret: str, key: str | None) -> None:
    sent = PLACES[place](secret)
    headers = {**({"x-api-key": key} if key else {}), **sent.pop("headers", {})}
    if place == "admin path":
        headers |= AUTHORIZED
    answer = watched.request(sent.pop("method", "GET"), sent.pop("path", "/v0/devices"), headers=headers, **sent)
    assert answer.status_code < 500
    if place == "admin path":
        assert_hidden(secret, answer.text)
    assert_hidden(secret, watched.shown())


keys = st.text("0123456789abcdefABCDEF", min_size=20, max_size=20).map(lambda digits: f"ror-{digits}")


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(key=keys, place=st.sampled_from(sorted(PLACES)), method=st.sampled_from(["GET", "POST", "PATCH", "DELETE"]))
def test_no_key_is_shown_wherever_it_stands(watched: Watched, key: str, place: str, method: str) -> None:
    sent = PLACES[place](key)
    path = sent.pop("path", "/v0/devices")
    headers = {"x-api-key": ADMIN, **sent.pop("headers", {})}
    watched.request(sent.pop("method", method), path, headers=headers, **sent)
    assert_hidden(key, watched.shown())


def test_a_400_shows_no_key_not_even_the_beginning_of_one(watched: Watched) -> None:
    body = {"model": {"x" * 40: OTHER}, "serial_number": [OTHER + "a" * 500]}
    answer = watched.request("POST", "/v0/devices", json=body, headers={"api_key": ADMIN})
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/model", "/serial_number"]
    assert OTHER[:8] not in answer.text
    watched.shown()


def test_a_request_is_found_by_what_was_sent_and_by_the_tail_of_its_key(watched: Watched) -> None:
    watched.shown()
    body = {"model": OTHER, "serial_number": TOKEN}
    watched.request("POST", f"/v0/devices?a={OTHER}", json=body, headers={"api_key": ADMIN})
    asked: dict[str, Any] = {"body": body, "query": {"a": OTHER}, "key": ADMIN[-4:], "count": 1}
    assert watched.admin("POST", "/requests/verify", json=asked).json()["verified"] is True
    (entry,) = watched.admin("GET", "/requests").json()["requests"]
    assert (entry["body"], entry["query"], entry["key"]) == (
        {"model": "…0123", "serial_number": f"…{TOKEN[-4:]}"},
        {"a": "…0123"},
        ADMIN[-4:],
    )


@pytest.mark.parametrize("token", ["e", "status", "true", '"', "{", "body"])
def test_a_token_that_is_a_word_of_json_breaks_no_answer(token: str) -> None:
    client = create_app(Config(admin_token=token)).test_client()
    client.post(f"/v0/devices?{quote(token)}=1", data=json.dumps({token: token}), headers={"api_key": ADMIN})
    headers = {"Authorization": f"Bearer {token}"}
    journal = client.get("/__admin/requests", headers=headers).json
    assert journal is not None
    assert (journal["requests"][0]["query"], journal["requests"][0]["body"]) == ({"…": "1"}, {"…": "…"})
    assert journal["requests"][0]["status"] == 400


def test_a_defect_is_logged_without_the_key_that_it_names(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError(f"a defect at {ADMIN} and {TOKEN}")

    app = create_app(Config(admin_token=TOKEN))
    monkeypatch.setattr(app.extensions["rufus_mock"].world.get("00000001").devices, "page", broken)
    with caplog.at_level(logging.ERROR):
        assert app.test_client().get("/v0/devices", headers={"api_key": ADMIN}).status_code == 500
    assert "a defect at …ad30" in caplog.text
    assert_hidden(ADMIN, caplog.text)
    assert_hidden(TOKEN, caplog.text)
