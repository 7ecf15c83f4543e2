"""Reading a body that is too large."""

from io import BytesIO
from typing import Any

import pytest
from flask import Request
from werkzeug.test import EnvironBuilder

from rufus_mock.base.errors import ContentTooLarge
from rufus_mock.web.request.exchange import is_below, read

LIMIT = 1000


class Unread(BytesIO):
    """A body of which a test can say how much was not read."""

    @property
    def rest(self) -> int:
        return len(self.getvalue()) - self.tell()


def asked(size: int, length: bool = True, **headers: str) -> tuple[Request, Unread]:
    stream = Unread(b"x" * size)
    environ: dict[str, Any] = EnvironBuilder(method="POST", headers=list(headers.items())).get_environ()
    environ |= {"wsgi.input": stream, "wsgi.input_terminated": True}
    if length:
        environ["CONTENT_LENGTH"] = str(size)
    else:
        environ.pop("CONTENT_LENGTH", None)
    request = Request(environ)
    request.max_content_length = LIMIT
    return request, stream


@pytest.mark.parametrize("length", [True, False])
def test_the_rest_of_a_body_that_is_too_large_is_received_so_that_the_client_sees_the_answer(length: bool) -> None:
    request, stream = asked(3 * LIMIT, length)
    with pytest.raises(ContentTooLarge):
        read(request)
    assert stream.rest == 0


def test_a_huge_body_is_not_received() -> None:
    request, stream = asked(100 * LIMIT)
    with pytest.raises(ContentTooLarge):
        read(request)
    assert stream.rest == 100 * LIMIT


def test_no_more_of_a_chunked_body_is_received_than_of_one_with_a_length() -> None:
    request, stream = asked(100 * LIMIT, length=False)
    with pytest.raises(ContentTooLarge):
        read(request)
    assert stream.rest >= 94 * LIMIT


def test_a_body_that_the_client_holds_back_is_not_asked_for() -> None:
    request, stream = asked(2 * LIMIT, Expect="100-continue")
    with pytest.raises(ContentTooLarge):
        read(request)
    assert stream.rest == 2 * LIMIT


@pytest.mark.parametrize("length", [True, False])
def test_a_body_of_the_largest_size_is_read(length: bool) -> None:
    request, _ = asked(LIMIT, length)
    assert read(request) == b"x" * LIMIT


@pytest.mark.parametrize(
    ("path", "below"),
    [("/__admin", True), ("/__admin/", True), ("/__admin/health", True), ("/__adminx", False), ("/v0/__admin", False)],
)
def test_a_path_is_below_another_one_at_a_slash(path: str, below: bool) -> None:
    assert is_below(path, "/__admin") is below
