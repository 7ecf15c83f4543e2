"""The admin API is for programs on this machine, not for the pages in its browser."""

from collections.abc import Iterator

import pytest
import requests

from rufus_mock.serving.server import Server
from rufus_mock.web.app import Config, create_app
from tests.admin import AdminClient


@pytest.fixture
def guarded() -> Iterator[AdminClient]:
    config = Config(fixtures=["empty"], admin_token="s3cret", cors=["*"])
    with Server(create_app(config)) as server, requests.Session() as http:
        http.trust_env = False
        yield AdminClient(server.url, http)


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "s3crét".encode()}])
def test_a_token_is_wanted_where_there_is_one(guarded: AdminClient, headers: dict[str, str]) -> None:
    for method, path in (("GET", "/companies"), ("POST", "/reset"), ("GET", "/openapi.json"), ("GET", "/companies/x")):
        assert guarded.request(method, path, headers=headers).status_code == 401


def test_the_token_opens(guarded: AdminClient) -> None:
    headers = {"Authorization": "Bearer s3cret"}
    assert guarded.request("POST", "/companies", headers=headers).status_code == 201


def test_probes_need_no_token(guarded: AdminClient) -> None:
    assert guarded.call("GET", "/health")["status"] == "up"
    assert guarded.call("GET", "/ready")["status"] == "ready"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_page_of_another_origin_is_refused_also_with_cors(guarded: AdminClient, headers: dict[str, str]) -> None:
    for method, path in (("POST", "/companies"), ("GET", "/state"), ("GET", "/health")):
        response = guarded.request(method, path, headers={"Authorization": "Bearer s3cret", **headers})
        assert response.status_code == 403
        assert "Access-Control-Allow-Origin" not in response.headers


def test_a_preflight_for_the_admin_api_is_refused_also_with_cors(guarded: AdminClient) -> None:
    headers = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    response = guarded.http.options(guarded.url + "/__admin/companies", headers=headers, timeout=30)
    assert response.status_code == 405
    assert "Access-Control-Allow-Origin" not in response.headers
    assert guarded.http.options(guarded.url + "/v0/devices", headers=headers, timeout=30).status_code == 204


def test_the_same_origin_is_not_refused(admin: AdminClient) -> None:
    headers = {"Origin": admin.url, "Sec-Fetch-Site": "same-origin"}
    assert admin.request("GET", "/companies", headers=headers).status_code == 200


def test_headers_are_those_of_the_request_and_not_of_the_process(
    admin: AdminClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_ORIGIN", "https://evil.example")
    monkeypatch.setenv("HTTP_API_KEY", "ror-ae4fc6c19681a20fad30")
    with Server(create_app(Config(fixtures=["empty"]))) as server:
        assert admin.http.get(server.url + "/v0/devices", timeout=30).status_code == 400
        assert admin.http.get(server.url + "/__admin/companies", timeout=30).status_code == 200
