"""Which web pages may call the mock."""

from collections.abc import Iterator

import pytest
import requests

from rufus_mock.web.app import Config
from tests.conftest import Served

PAGE = "https://shop.example"


@pytest.fixture(scope="module")
def browsers_allowed() -> Iterator[Served]:
    served = Served(Config(cors=[PAGE]))
    with served.server:
        yield served


def preflight(http: requests.Session, served: Served, origin: str) -> requests.Response:
    headers = {"Origin": origin, "Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "api_key"}
    return http.options(served.base_url + "/devices", headers=headers)


def test_cors_answers_preflights_for_both_key_headers(browsers_allowed: Served, http: requests.Session) -> None:
    response = preflight(http, browsers_allowed, PAGE)
    assert response.status_code == 204
    assert response.headers["Access-Control-Allow-Origin"] == PAGE
    allowed = response.headers["Access-Control-Allow-Headers"].split(", ")
    assert {"api_key", "x-api-key", "content-type"} <= set(allowed)
    assert "PATCH" in response.headers["Access-Control-Allow-Methods"]


def test_cors_marks_errors_too(browsers_allowed: Served, http: requests.Session) -> None:
    response = http.get(browsers_allowed.base_url + "/devices", headers={"Origin": PAGE})
    assert response.status_code == 400
    assert response.headers["Access-Control-Allow-Origin"] == PAGE
    assert response.headers["Vary"] == "Origin"


def test_cors_lets_no_other_origin_in(browsers_allowed: Served, http: requests.Session) -> None:
    response = preflight(http, browsers_allowed, "https://evil.example")
    assert response.status_code == 405
    assert "Access-Control-Allow-Origin" not in response.headers


def test_cors_is_off_by_default(served: Served, http: requests.Session) -> None:
    assert preflight(http, served, PAGE).status_code == 405
