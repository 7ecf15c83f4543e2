"""The target of a request: it is taken as it is, in each of its forms (RFC 9112)."""

import pytest

from rufus_mock.serving.server import Server
from tests.raw import ask


@pytest.mark.parametrize("prefix", ["", "http://h", "http://other.example:81", "HTTP://h"])
@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("/v0/devices", 200),
        ("/v0/devices?page=1", 200),
        ("/v0/devices?", 200),
        ("/v0/%64evices", 200),
        ("//v0/devices", 404),
        ("///v0/devices", 404),
        ("/v0//devices", 404),
        ("/v0/devices//", 404),
        ("/v0/devices/", 404),
        ("/v0/./devices", 404),
        ("/v0/x/../devices", 404),
        ("//__admin/companies", 404),
        ("/__admin//companies", 404),
        ("/__admin/companies/", 404),
        ("/", 404),
    ],
)
def test_a_path_is_taken_as_it_is_in_either_form_of_the_target(
    server: Server, prefix: str, target: str, status: int
) -> None:
    answer = ask(server, f"GET {prefix}{target} HTTP/1.1")
    assert answer.status == status
    if status == 404:
        assert answer.json == {"description": "Not found: there is no such path"}


@pytest.mark.parametrize(
    ("segment", "status"),
    [
        ("%00", 404),
        ("%2F", 404),
        ("a%2fb", 404),
        ("%", 404),
        ("%zz", 404),
        ("%ff", 404),
        ("%ed%a0%80", 404),
        ("é", 404),
    ],
)
def test_an_odd_segment_is_a_404_in_json(server: Server, segment: str, status: int) -> None:
    for method in ("GET", "DELETE"):
        answer = ask(server, f"{method} /v0/devices/".encode() + segment.encode() + b" HTTP/1.1")
        assert answer.status == status
        assert "not found" in answer.json["description"].lower()


@pytest.mark.parametrize("query", ["%00", "%ff", "%", "%zz", "%ed%a0%80", "é"])
def test_an_odd_query_is_a_400_that_names_the_parameter(server: Server, query: str) -> None:
    answer = ask(server, b"GET /v0/devices?page=" + query.encode() + b" HTTP/1.1")
    assert (answer.status, answer.json["errors"][0]["parameter"]) == (400, "page")


@pytest.mark.parametrize("target", ["/v0/devices/\xff", "/v0/devices?page=\xff", "v0/devices", "?page=1"])
def test_what_is_no_target_is_refused_by_the_server(server: Server, target: str) -> None:
    assert ask(server, f"GET {target} HTTP/1.1").status == 400
