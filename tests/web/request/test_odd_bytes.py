"""Bytes that are not valid text, in a request line or a header."""

import socket
from urllib.parse import urlsplit

import pytest

from tests.admin import Tenant


@pytest.mark.parametrize(
    "target",
    [
        b"/v0/devices/%00",
        b"/v0/devices/a%00b",
        b"/v0/devices/%ED%A0%80",
        b"/v0/devices/%FF",
        b"/v0/devices/\xff",
        b"/v0/devices?page=%00",
        b"/v0/devices?x=%ED%A0%80&%FF=%00",
        b"/v0/devices?x=\xff",
        b"/v0/passings/session/%ED%A0%80?first=1",
        b"/v0/nothing/%ED%A0%80%00",
    ],
)
@pytest.mark.parametrize("header", [b"x-odd: \xff\xfe", b"x-odd: \xed\xa0\x80", b"\xff: 1"])
def test_odd_bytes_in_a_request_line_or_a_header_are_no_failure(tenant: Tenant, target: bytes, header: bytes) -> None:
    url = urlsplit(tenant.admin.url)
    for key in (tenant.keys["read"].encode(), b"ror-\xff\xed\xa0\x80"):
        request = b"GET %s HTTP/1.1\r\nHost: mock\r\napi_key: %s\r\n%s\r\nConnection: close\r\n\r\n"
        with socket.create_connection((url.hostname or "", url.port or 0), timeout=30) as connection:
            connection.sendall(request % (target, key, header))
            answer = b"".join(iter(lambda: connection.recv(65536), b""))
        assert answer.startswith((b"HTTP/1.1 2", b"HTTP/1.1 4")), answer
    assert tenant.admin.request("GET", f"{tenant.path}/requests").status_code == 200
    assert tenant.admin.request("GET", "/requests").status_code == 200
