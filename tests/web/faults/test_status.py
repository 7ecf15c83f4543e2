"""Faults that answer with another status, with their own headers and body."""

from typing import Any

import pytest

from tests.admin import Tenant
from tests.web.faults.fault_calls import add, curl


def test_another_status_with_its_headers_and_body(tenant: Tenant) -> None:
    add(tenant, status=429, headers={"Retry-After": "2", "X-Limit": "5"}, body={"slow": ["down"]})
    response = tenant.api("GET", "/devices")
    assert (response.status_code, response.json()) == (429, {"slow": ["down"]})
    assert (response.headers["Retry-After"], response.headers["X-Limit"]) == ("2", "5")
    printed = curl(tenant, "-w", "%{http_code} %header{retry-after}").stdout
    assert printed == b'{"slow":["down"]}429 2'


@pytest.mark.parametrize("status", [500, 503, 599])
def test_a_status_alone_has_a_body_that_says_it(tenant: Tenant, status: int) -> None:
    add(tenant, status=status)
    response = tenant.api("GET", "/devices")
    assert response.status_code == status
    assert list(response.json()) == ["description"]


def test_a_status_can_have_text(tenant: Tenant) -> None:
    add(tenant, status=502, text="<html>Bad Gateway", headers={"Content-Type": "text/html"})
    response = tenant.api("GET", "/devices")
    assert (response.text, response.headers["content-type"]) == ("<html>Bad Gateway", "text/html")


@pytest.mark.parametrize("name", ["1", "0", "X-1", "!#$%&'*+-.^_`|~9"])
def test_every_token_is_a_header_of_a_fault(tenant: Tenant, name: str) -> None:
    add(tenant, status=429, headers={name: "visible ~ text"})
    assert tenant.api("GET", "/devices").headers[name] == "visible ~ text"


@pytest.mark.parametrize("name", ["", " ", "a b", "a:", "X\n", "X\r\nY: z", "é", "☃", "a/b", "(x)", "x\0", "1,2"])
def test_what_is_no_name_of_a_header_is_a_400_that_names_it(tenant: Tenant, name: str) -> None:
    problem = tenant.admin.problem("POST", f"{tenant.path}/faults", {"status": 500, "headers": {name: "x"}})
    assert problem["pointer"] == "/headers/" + name.replace("/", "~1")
    assert problem["expected"].startswith("the name of a header: ")
    assert tenant("GET", "/faults") == {"faults": []}


@pytest.mark.parametrize("name", ["1", "X"])
@pytest.mark.parametrize("value", ["a\r\nb", "a\n", "\0", "\x7f", "\t", "é", "☃", 5, None, ["a"]])
def test_what_is_no_value_of_a_header_is_a_400_that_names_it(tenant: Tenant, name: str, value: Any) -> None:
    problem = tenant.admin.problem("POST", f"{tenant.path}/faults", {"status": 500, "headers": {name: value}})
    assert problem["pointer"] == f"/headers/{name}"
    assert problem["expected"] == ("visible ASCII characters and spaces" if isinstance(value, str) else "string")
    assert tenant("GET", "/faults") == {"faults": []}
