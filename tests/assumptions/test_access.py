"""Which errors a caller gets, under each variant, over a socket."""

from typing import Any

import pytest
import requests

from rufus_mock.web.app import Config, create_app
from rufus_mock.world.quota import Quota
from rufus_mock.world.rate import Rate
from tests.assumptions.accounts import UNKNOWN, answer, assume, listed
from tests.conftest import Account, Served, sent

UNKNOWN_SESSION = (404, {"description": "Session not found", "token_session": UNKNOWN})


@pytest.mark.parametrize("variant", ["not-found", "forbidden"])
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/devices/{deviceid}", None),
        ("DELETE", "/devices/{deviceid}", None),
        ("GET", "/sessions/device/{deviceid}", None),
        ("GET", "/sessions/device/{deviceid}/active", None),
        ("GET", "/passings/device/{deviceid}", None),
        ("GET", "/passings/device2/{deviceid}", None),
        ("GET", "/passings/device2/{own}?token_session={token}", None),
        ("GET", "/sessions/{token}", None),
        ("PATCH", "/sessions/close/{token}", None),
        ("GET", "/passings/session/{token}", None),
        ("POST", "/sessions", {"deviceid": "{deviceid}"}),
        ("POST", "/passings", {"token_session": "{token}", "passings_list": [sent(1)]}),
    ],
)
def test_other_company(
    served: Served, http: requests.Session, account: Account, variant: str, method: str, path: str, body: Any
) -> None:
    other = Account(served.base_url, served.api.world, http, "pages")
    token = other.open(deviceid := other.bind())
    names = {"deviceid": deviceid, "token": token, "own": account.bind()}
    body = body and {name: text.format(**names) if isinstance(text, str) else text for name, text in body.items()}
    assume(account, f"access.other-company={variant}")
    response = account.request(method, path.format(**names), json=body)
    assert "access.other-company" in listed(account)
    if variant == "not-found":
        assert response.status_code == 404
    else:
        assert answer(account, response) == (403, {"description": "Forbidden: it belongs to another company"})
    assert other.session(token)["active"]


def test_what_nobody_owns_is_not_found_by_every_variant(account: Account) -> None:
    assume(account, "access.other-company=forbidden")
    assert answer(account, account.request("GET", f"/sessions/{UNKNOWN}")) == UNKNOWN_SESSION
    assert listed(account) == set()


TEXTS = {
    400: "Bad request",
    403: "Forbidden: wrong api key access type",
}


@pytest.mark.parametrize("status", [400, 403])
@pytest.mark.parametrize("variant", ["description", "message", "error", "empty", 'captured:{"a": "ü"}', "captured"])
def test_the_body_of_a_general_error(either: Account, status: int, variant: str) -> None:
    id = f"access.body-{status}"
    assume(either, f"{id}={variant}")
    response = either.request("GET", "/devices?page=0", key="read" if status == 400 else "write")
    assert response.status_code == status
    assert id in listed(either)
    text = TEXTS[status]
    if variant == "captured":
        assert response.text == "A text that was captured from the live API"
    elif variant.startswith("captured:"):
        assert response.content == '{"a": "ü"}'.encode()
    elif variant == "empty":
        assert response.content == (b'{"body":null}' if either.dialect == "openapi" else b"")
    elif variant == "description":
        assert answer(either, response)[1]["description"] == text
    else:
        assert answer(either, response)[1] == {variant: text}


@pytest.mark.parametrize("status", [401, 403])
def test_the_body_of_a_401_is_that_of_a_403(status: int) -> None:
    chosen = {"access.unknown-key": str(status), "access.missing-key": "401", "access.body-403": "message"}
    client = create_app(Config(("empty",), assumptions=chosen)).test_client()
    response = client.get("/v0/devices", headers={"api_key": "ror-" + "0" * 20})
    assert (response.status_code, response.json) == (status, {"message": "Forbidden: unknown API key"})
    response = client.get("/v0/devices")
    assert response.status_code == 401
    assert list(response.get_json()) == ["message"]


def test_an_error_with_a_text_of_its_own_keeps_it(account: Account) -> None:
    assume(account, "access.body-400=empty", "access.body-403=empty", "requests.unknown-path=gateway-403")
    assert answer(account, account.request("GET", "/nowhere")) == (403, {"message": "Missing Authentication Token"})
    assert answer(account, account.request("GET", f"/sessions/{UNKNOWN}")) == UNKNOWN_SESSION


class Seconds:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize("variant", ["none", "50-per-second"])
def test_rate_limit(either: Account, variant: str) -> None:
    seconds = Seconds()
    either.company.rate = Rate(seconds)
    assume(either, f"access.rate-limit={variant}")
    for _ in range(50):
        assert either.request("GET", "/devices").status_code == 200
    assert "access.rate-limit" not in listed(either)
    seconds.now = 0.999
    response = either.request("GET", "/devices")
    assert "access.rate-limit" in listed(either)
    if variant == "none":
        assert response.status_code == 200
    else:
        text = "Too many requests: the quota of this company is used up"
        assert answer(either, response) == (429, {"description": text})
        assert response.headers["Retry-After"] == "1"
    seconds.now = 1.0
    assert either.request("GET", "/devices").status_code == 200
    assert "access.rate-limit" not in listed(either)


def test_the_rate_of_a_company_does_not_limit_another_one(
    served: Served, http: requests.Session, account: Account
) -> None:
    other = Account(served.base_url, served.api.world, http, "pages")
    for each in (account, other):
        each.company.rate = Rate(Seconds())
        assume(each, "access.rate-limit=50-per-second")
    for _ in range(50):
        account.get("/devices")
    account.get("/devices", 429)
    other.get("/devices")


def test_a_request_over_the_rate_limit_does_not_use_up_the_quota(account: Account) -> None:
    account.company.rate = Rate(Seconds())
    assume(account, "access.rate-limit=50-per-second")
    account.company.quota = Quota(1000, 1000, account.company.clock)
    for _ in range(50):
        account.get("/devices")
    account.get("/devices", 429)
    assert (account.company.quota.used, account.company.quota.refused) == (50, 0)
