"""Bodies that a fault cuts, empties or replaces with garbage, as real clients see them."""

import json

import pytest
import requests

from tests.admin import Tenant
from tests.web.faults.fault_calls import CURL_CUT, add, curl


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_cut_body_ends_early_and_closes_the_connection(tenant: Tenant, when: str) -> None:
    tenant.bind()
    whole = tenant.api("GET", "/devices").content
    add(tenant, answer="cut", when=when)
    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="IncompleteRead"):
        tenant.api("GET", "/devices")
    done = curl(tenant)
    assert done.returncode == CURL_CUT
    assert done.stdout == whole[: len(whole) // 2]


def test_a_cut_body_is_cut_over_http_2_too(tenant: Tenant) -> None:
    add(tenant, answer="cut")
    assert curl(tenant, "--http2-prior-knowledge").returncode != 0


@pytest.mark.parametrize("when", ["before", "after"])
def test_an_empty_body(tenant: Tenant, when: str) -> None:
    add(tenant, answer="empty", when=when)
    response = tenant.api("GET", "/devices")
    assert (response.status_code, response.content) == (200, b"")
    assert curl(tenant, "-w", "%{http_code} %{size_download}").stdout == b"200 0"


@pytest.mark.parametrize("when", ["before", "after"])
def test_garbage_is_no_json(tenant: Tenant, when: str) -> None:
    add(tenant, answer="garbage", when=when)
    response = tenant.api("GET", "/devices")
    assert response.status_code == 200
    for content in (response.content, curl(tenant).stdout):
        with pytest.raises((json.JSONDecodeError, UnicodeDecodeError)):
            json.loads(content)
