"""Connections that a fault resets, as real clients see them."""

import shutil
import socket
import subprocess
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
import requests

from tests.admin import Tenant

RESET = 56
STREAM_ENDED = 92
"""Exit statuses of curl."""

MOMENTS = ["before_headers", "after_headers"]


def request(tenant: Tenant, *headers: str) -> bytes:
    lines = ["GET /v0/devices HTTP/1.1", "Host: rufus.test", f"api_key: {tenant.keys['read']}", *headers, "", ""]
    return "\r\n".join(lines).encode()


def connect(tenant: Tenant) -> socket.socket:
    url = urlsplit(tenant.admin.url)
    assert url.hostname
    assert url.port
    return socket.create_connection((url.hostname, url.port), timeout=30)


def received(connection: socket.socket) -> tuple[bytes, bool]:
    """What a connection receives until it ends, and whether it was reset."""
    found = b""
    try:
        while data := connection.recv(65536):
            found += data
    except ConnectionResetError:
        return found, True
    return found, False


@pytest.mark.parametrize("moment", MOMENTS)
def test_many_connections_at_once_are_each_reset_at_the_right_moment(tenant: Tenant, moment: str) -> None:
    tenant("POST", "/faults", {"reset": moment}, 201)

    def once(_: int) -> tuple[bool, bool]:
        with connect(tenant) as connection:
            connection.sendall(request(tenant))
            data, was_reset = received(connection)
        return was_reset, data.startswith(b"HTTP/1.1 200 OK\r\n") and b'\r\n\r\n{"description"' in data

    with ThreadPoolExecutor(10) as pool:
        found = Counter(pool.map(once, range(60)))
    assert dict(found) == {(True, moment == "after_headers"): 60}


@pytest.mark.parametrize(
    ("moment", "error", "cause"),
    [
        ("before_headers", requests.exceptions.ConnectionError, "Connection aborted"),
        ("after_headers", requests.exceptions.ChunkedEncodingError, "Connection broken"),
    ],
)
def test_requests_reports_the_reset(tenant: Tenant, moment: str, error: type[Exception], cause: str) -> None:
    tenant("POST", "/faults", {"reset": moment}, 201)
    with pytest.raises(error, match=f"{cause}.*ConnectionResetError"):
        tenant.api("GET", "/devices")


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize(("option", "status"), [("--http1.1", RESET), ("--http2-prior-knowledge", STREAM_ENDED)])
def test_curl_reports_the_reset_and_over_http_2_that_of_the_stream(
    tenant: Tenant, moment: str, option: str, status: int
) -> None:
    tenant("POST", "/faults", {"reset": moment}, 201)
    program = shutil.which("curl")
    assert program
    line = [program, "-sS", "--noproxy", "*", option, "-H", f"api_key: {tenant.keys['read']}"]
    done = subprocess.run([*line, f"{tenant.admin.url}/v0/devices"], capture_output=True, check=False)
    assert done.returncode == status, done


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_write_is_stored_only_if_the_reset_comes_after_it(tenant: Tenant, when: str) -> None:
    tenant("POST", "/faults", {"reset": "before_headers", "when": when, "operation": "bindDevice"}, 201)
    with pytest.raises(requests.exceptions.ConnectionError):
        tenant.api("POST", "/devices", json={"model": "M", "serial_number": "S"})
    assert len(tenant.devices()) == (when == "after")


def test_the_journal_has_no_status_for_an_answer_that_was_not_sent(tenant: Tenant) -> None:
    for moment, status in (("before_headers", None), ("after_headers", 200)):
        fault = tenant("POST", "/faults", {"reset": moment, "calls": 1}, 201)["id"]
        with pytest.raises(requests.exceptions.RequestException):
            tenant.api("GET", "/devices")
        assert (tenant.journal()[-1]["status"], tenant.journal()[-1]["fault"]) == (status, fault)


def test_other_open_connections_of_the_same_client_are_not_reset(tenant: Tenant) -> None:
    other = tenant.admin.create()
    for number in range(20):
        other.bind(f"S-{number}")
    whole = other.api("GET", "/devices").content
    tenant("POST", "/faults", {"reset": "before_headers"}, 201)
    stop = threading.Event()
    counts: Counter[bool] = Counter()

    def read() -> None:
        # These connections stay open: one that is closed at the moment of a reset may be reset in its place.
        with requests.Session() as http:
            http.trust_env = False
            while not stop.is_set():
                answer = http.get(f"{other.admin.url}/v0/devices", headers={"api_key": other.keys["read"]}, timeout=30)
                counts[answer.content == whole] += 1

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    try:
        with requests.Session() as kept:
            kept.trust_env = False
            for _ in range(40):
                with pytest.raises(requests.exceptions.ConnectionError):
                    tenant.api("GET", "/devices")
                answer = kept.get(f"{other.admin.url}/v0/devices", headers={"api_key": other.keys["read"]}, timeout=30)
                assert answer.content == whole
    finally:
        stop.set()
        for reader in readers:
            reader.join()
    assert set(counts) == {True}
