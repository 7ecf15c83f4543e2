"""intercept: requests to the live host are sent to a mock."""

from collections.abc import Iterator

import pytest
import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from rufus_mock import MockCompany, RufusMock, intercept

LIVE = "https://api.runonrufus.com/v0"
ADMIN = {"api_key": "ror-ae4fc6c19681a20fad30"}


@pytest.fixture(scope="module")
def mock() -> Iterator[RufusMock]:
    with RufusMock("empty") as mock:
        yield mock


@pytest.fixture
def company(mock: RufusMock) -> Iterator[MockCompany]:
    with mock.company() as company, intercept(company):
        yield company


def test_the_live_url_is_answered_by_a_mock() -> None:
    with intercept() as mock:
        response = requests.get(f"{LIVE}/devices?limit=1", headers={"api_key": mock.keys.read}, timeout=5)
    assert response.status_code == 200
    assert len(response.json()["result"]) == 1
    assert response.url == response.request.url == f"{LIVE}/devices?limit=1"
    assert HTTPAdapter.send.__name__ == "send"


@intercept()
def devices_of_the_documented_company() -> int:
    return len(requests.get(f"{LIVE}/devices", headers=ADMIN, timeout=5).json()["result"])


def test_intercept_works_as_a_decorator() -> None:
    assert [devices_of_the_documented_company(), devices_of_the_documented_company()] == [2, 2]


@pytest.mark.parametrize("header", ["api_key", "x-api-key"])
def test_both_key_headers_arrive(company: MockCompany, header: str) -> None:
    assert requests.get(f"{LIVE}/devices", headers={header: company.keys.read}, timeout=5).status_code == 200
    assert header in company.requests[0].headers


def test_a_body_sent_to_an_explicit_port_443_arrives(company: MockCompany) -> None:
    body = {"model": "M", "serial_number": "é"}
    url = "https://api.runonrufus.com:443/v0/devices"
    assert requests.post(url, json=body, headers={"api_key": company.keys.write}, timeout=5).status_code == 201
    assert company.requests[0].body == body


def test_a_session_with_its_own_adapter_keeps_its_retries(company: MockCompany) -> None:
    fault = company.faults.add(status=503, calls=2)
    retry = Retry(total=3, status_forcelist=[503], backoff_factor=0)
    with requests.Session() as session:
        session.mount("https://", HTTPAdapter(max_retries=retry))
        response = session.get(f"{LIVE}/devices", headers={"api_key": company.keys.read}, timeout=5)
    assert response.status_code == 200
    assert fault.struck == 2


def test_a_fault_has_its_usual_effect_on_requests(company: MockCompany) -> None:
    company.faults.add(answer="never", calls=1)
    with pytest.raises(requests.ReadTimeout) as raised:
        requests.get(f"{LIVE}/devices", headers={"api_key": company.keys.read}, timeout=0.2)
    assert raised.value.request is not None
    assert raised.value.request.url == f"{LIVE}/devices"


def test_a_proxy_in_the_environment_is_not_used(company: MockCompany, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "HTTP_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert requests.get(f"{LIVE}/devices", headers={"api_key": company.keys.read}, timeout=5).status_code == 200


def test_other_hosts_pass_through() -> None:
    with intercept(), RufusMock("empty") as other:
        response = requests.get(f"{other.base_url}/devices", headers={"api_key": other.keys.read}, timeout=5)
        assert response.json()["result"] == []
        with pytest.raises(requests.ConnectionError, match="Connection refused"):
            requests.get("http://127.0.0.1:1/", timeout=5)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/v0/devices",
        "http://api.runonrufus.com/v0/devices",
        "https://api.runonrufus.com:8443/v0/devices",
        "https://api.runonrufus.com.example.com/v0/devices",
    ],
)
def test_other_hosts_can_be_refused(mock: RufusMock, url: str) -> None:
    with intercept(mock, others="refuse"):
        with pytest.raises(requests.ConnectionError, match=r"only api\.runonrufus\.com is answered") as raised:
            requests.get(url, timeout=5)
        assert raised.value.request is not None
        key = {"api_key": mock.keys.read_write}
        assert requests.get(f"{LIVE}/devices", headers=key, timeout=5).status_code == 200
        assert requests.get(f"{mock.base_url}/devices", headers=key, timeout=5).status_code == 200


def test_the_inner_of_two_nested_intercepts_answers(mock: RufusMock) -> None:
    with mock.company() as outer, mock.company() as inner:
        with intercept(outer), intercept(inner):
            requests.get(f"{LIVE}/devices", headers={"api_key": inner.keys.read}, timeout=5)
        assert len(inner.requests) == 1
        assert outer.requests == []


def test_an_unknown_value_of_others_is_refused() -> None:
    with pytest.raises(ValueError, match='expected "pass" or "refuse"'), intercept(others="block"):
        pass


def test_a_decorator_without_parentheses_is_refused() -> None:
    with pytest.raises(TypeError, match=r"@intercept\(\)"):
        intercept(print)  # type: ignore[arg-type]
