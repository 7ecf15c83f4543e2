"""What the doctor asks, and what it reads from the responses."""

from collections.abc import Callable, Iterable
from email.utils import formatdate
from time import time
from typing import Any

import pytest

from rufus_mock.doctor import CLOCK_TOLERANCE, NOT_ASKED, NOTE, OK, WRONG
from rufus_mock.web.app import create_app
from tests.doctor.examining import JSON, Application, answering, examined
from tests.servers import ADMIN, READ, serving


def test_only_get_requests_are_made() -> None:
    methods = []

    def recording(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        methods.append(environ["REQUEST_METHOD"])
        return app(environ, start_response)

    app = create_app()
    with serving(recording) as url:
        examined(url, ADMIN)
    assert set(methods) == {"GET"}


@pytest.mark.parametrize("key", [READ, None])
@pytest.mark.parametrize(
    ("application", "advice"),
    [
        (answering("200 OK", "<html>\n<h1>Welcome", ("Content-Type", "text/html")), "text/html: '<html> <h1>Welcome'"),
        (answering("200 OK", "[]", JSON), "expected a JSON object"),
        (
            answering("301 MOVED", "", ("Location", f"https://u:secret@there/?k={READ}")),
            "a redirect to https://…@there",
        ),
        (answering("404 NOT FOUND", "{}", JSON), "ends in /v0"),
        (answering("502 BAD GATEWAY", '{"description":"Bad gateway"}', JSON), "502 Bad gateway"),
    ],
)
def test_a_response_that_is_not_the_apis_ends_the_checks(
    application: Application, advice: str, key: str | None
) -> None:
    with serving(application) as url:
        found = examined(url, key)
    assert found["answer"].verdict == WRONG
    assert advice in found["answer"].text
    assert "secret" not in found["answer"].text
    assert {found[name].verdict for name in ("api_key", "x-api-key", "dialect", "clock", "key")} == {NOT_ASKED}


@pytest.mark.parametrize(
    ("offset", "verdict", "advice"),
    [
        (0, OK, "agree"),
        (-90, WRONG, "behind this machine. One of"),
        (3600, WRONG, "ahead of this machine. A whole number of hours"),
    ],
)
def test_clocks_are_compared(offset: int, verdict: str, advice: str) -> None:
    app = create_app()

    def shifted(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            return start_response(status, [*headers, ("Date", formatdate(time() + offset, usegmt=True))], *rest)

        return app(environ, start)

    with serving(shifted) as url:
        clock = examined(url, READ)["clock"]
    assert clock.verdict == verdict
    assert advice in clock.text
    if offset:
        seconds = int(next(word for word in clock.text.split() if word.isdigit()))
        assert abs(seconds - abs(offset)) < CLOCK_TOLERANCE


def test_an_invalid_date_header_is_noted() -> None:
    app = create_app()

    def timeless(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        return app(environ, lambda status, headers, *rest: start_response(status, [*headers, ("Date", "soon")], *rest))

    with serving(timeless) as url:
        assert examined(url, READ)["clock"].verdict == NOTE
