"""Equivalent requests get the same answer, however they are written on the wire (RFC 9110 and 9112)."""

import socket
import subprocess

import pytest

from rufus_mock.serving.server import Server
from tests.raw import ask
from tests.servers import ADMIN
from tests.web.conftest import LIMIT, TOKEN


def with_length(body: bytes) -> tuple[list[str], bytes]:
    return [f"Content-Length: {len(body)}"], body


def in_one_chunk(body: bytes) -> tuple[list[str], bytes]:
    return ["Transfer-Encoding: chunked"], b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)


def in_small_chunks(body: bytes) -> tuple[list[str], bytes]:
    parts = [body[start : start + 7] for start in range(0, len(body), 7)]
    return ["Transfer-Encoding: chunked"], b"".join(
        b"%x\r\n%b\r\n" % (len(part), part) for part in parts
    ) + b"0\r\n\r\n"


@pytest.mark.parametrize("ways", [with_length, in_one_chunk, in_small_chunks])
@pytest.mark.parametrize("expect", [[], ["Expect: 100-continue"]])
@pytest.mark.parametrize(("path", "token"), [("/v0/devices", False), ("/__admin/companies/00000001/faults", True)])
def test_the_limit_is_the_same_with_a_length_and_in_chunks(
    server: Server, ways: object, expect: list[str], path: str, token: bool
) -> None:
    assert callable(ways)
    authorization = [f"Authorization: Bearer {TOKEN}"] if token else []
    for size, status in ((LIMIT - 1, 400), (LIMIT, 400), (LIMIT + 1, 413), (LIMIT + 2, 413), (3 * LIMIT, 413)):
        headers, body = ways(b"{" * size)
        answer = ask(server, f"POST {path} HTTP/1.1", *headers, *expect, *authorization, body=body)
        assert answer.status == status, size
        if status == 413:
            assert answer.json == {"description": "Request body too large", "limit": LIMIT}
        else:
            assert answer.json["errors"][0]["parameter"] == "body"


@pytest.mark.parametrize("path", ["/v0/devices", "/nothing", "/openapi.json", "/__admin/health"])
@pytest.mark.parametrize(
    ("hosts", "actual"),
    [
        ([], "missing"),
        ([""], "missing"),
        (["a", "b"], '"a,b" (string)'),
        (["a", "a"], '"a,a" (string)'),
        (["", "a"], '",a" (string)'),
        (["a b"], '"a b" (string)'),
        (["user@a"], '"user@a" (string)'),
        (["a:b"], '"a:b" (string)'),
        (["[::1"], '"[::1" (string)'),
    ],
)
def test_http_1_1_needs_exactly_one_valid_host(server: Server, path: str, hosts: list[str], actual: str) -> None:
    answer = ask(server, f"GET {path} HTTP/1.1", *(f"Host: {host}" for host in hosts), host=None)
    assert answer.status == 400
    assert answer.json == {
        "description": "Bad request",
        "errors": [
            {
                "in": "header",
                "parameter": "Host",
                "pointer": "/Host",
                "expected": "one Host header with a host name or an IP address",
                "actual": actual,
            }
        ],
    }


def test_http_1_0_needs_no_host_but_takes_only_one(server: Server) -> None:
    assert ask(server, "GET /v0/devices HTTP/1.0", host=None).status == 200
    assert ask(server, "GET /v0/devices HTTP/1.0").status == 200
    assert ask(server, "GET /v0/devices HTTP/1.0", "Host: b").status == 400
    authorization = f"Authorization: Bearer {TOKEN}"
    assert ask(server, "GET /__admin/companies HTTP/1.0", authorization, host=None).status == 200


def test_http_2_is_answered(server: Server) -> None:
    line = [
        "curl",
        "--silent",
        "--http2-prior-knowledge",
        "-H",
        f"api_key: {ADMIN}",
        "-w",
        "%{http_version} %{http_code}",
    ]
    for host, status in (("h", "200"), ("a,b", "400")):
        printed = subprocess.run(
            [*line, "-H", f"Host: {host}", server.url + "/v0/devices"], capture_output=True, text=True, timeout=30
        ).stdout
        assert printed.endswith(f"2 {status}")


def test_a_bad_host_is_in_the_journal_as_what_it_is(server: Server) -> None:
    ask(server, "GET /v0/devices?bad-host HTTP/1.1", "Host: b")
    entries = ask(server, "GET /__admin/requests HTTP/1.1", f"Authorization: Bearer {TOKEN}").json["requests"]
    (entry,) = [entry for entry in entries if "bad-host" in entry["query"]]
    assert (entry["status"], entry["valid"], entry["problems"][0]["parameter"]) == (400, False, "Host")


@pytest.mark.parametrize("path", ["/v0/devices", "/v0/devices/X", "/openapi.json", "/nothing", "/__admin/health"])
def test_head_is_get_without_its_body(server: Server, path: str) -> None:
    got, headed = (ask(server, f"{method} {path} HTTP/1.1") for method in ("GET", "HEAD"))
    assert (headed.status, headed.body) == (got.status, b"")
    assert {**headed.headers, "date": ""} == {**got.headers, "date": ""}


def test_options_is_a_405_with_allow(server: Server) -> None:
    for path, allowed in (("/v0/devices", "GET, HEAD, POST"), ("/__admin/reset", "POST")):
        answer = ask(server, f"OPTIONS {path} HTTP/1.1")
        assert (answer.status, answer.headers["allow"]) == (405, allowed)
    assert ask(server, "OPTIONS * HTTP/1.1").status == 404
    assert ask(server, "CONNECT h:80 HTTP/1.1").status == 404


def test_a_client_that_expects_100_gets_it_before_it_sends_its_body(server: Server) -> None:
    head = f"POST /v0/devices HTTP/1.1\r\nHost: h\r\napi_key: {ADMIN}\r\nConnection: close\r\n"
    with socket.create_connection((server.host, server.port), timeout=30) as client:
        client.sendall(f"{head}Expect: 100-continue\r\nContent-Length: 2\r\n\r\n".encode())
        assert client.recv(1000).startswith(b"HTTP/1.1 100 ")
        client.sendall(b"{}")
        assert client.recv(1000).startswith(b"HTTP/1.1 400 ")
    with socket.create_connection((server.host, server.port), timeout=30) as client:
        client.sendall(f"{head}Expect: 100-continue\r\nContent-Length: {LIMIT + 1}\r\n\r\n".encode())
        assert client.recv(1000).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", "Bearer "])
def test_the_scheme_of_the_token_has_no_case(server: Server, scheme: str) -> None:
    assert ask(server, "GET /__admin/companies HTTP/1.1", f"Authorization: {scheme} {TOKEN}").status == 200


@pytest.mark.parametrize(
    "value", ["", "Bearer", "Bearer S3CRET", f"Basic {TOKEN}", TOKEN, f"Bearer{TOKEN}", f"Bearer {TOKEN} x"]
)
def test_another_authorization_is_a_401_that_names_the_scheme(server: Server, value: str) -> None:
    answer = ask(server, "GET /__admin/companies HTTP/1.1", f"Authorization: {value}")
    assert (answer.status, answer.headers["www-authenticate"]) == (401, "Bearer")


@pytest.mark.parametrize(
    "origin", ["http://[", "http://[::1", "http://]", "[", "http://", "", "h", "http://h@evil", "null", "\xff"]
)
def test_an_odd_origin_is_a_403(server: Server, origin: str) -> None:
    headers = [f"Authorization: Bearer {TOKEN}", f"Origin: {origin}"]
    assert ask(server, "GET /__admin/companies HTTP/1.1", *headers).status == 403


def test_the_own_origin_is_answered_in_either_case(server: Server) -> None:
    for origin in ("http://h", "https://h", "http://H"):
        headers = [f"Authorization: Bearer {TOKEN}", f"Origin: {origin}"]
        assert ask(server, "GET /__admin/companies HTTP/1.1", *headers).status == 200
