"""Each variant of the statements about events, in real answers."""

import pytest

from rufus_mock.spec.dialects import DIALECTS
from rufus_mock.world import Event
from tests.assumptions.calls import Mock

NO_PATH = (404, {"description": "Not found: there is no such path"})


def tokens(mock: Mock, query: str = "") -> list[str]:
    _, body = mock("GET", f"/events{query}")
    return [event["event_token"] for event in body["result"]]


@pytest.mark.parametrize("key", ["read", "write", "unknown", None])
@pytest.mark.parametrize(("method", "query"), [("GET", ""), ("GET", "?page=x"), ("POST", ""), ("PUT", "")])
def test_without_a_path_of_its_own_the_list_of_events_is_an_unknown_path(method: str, query: str, key: str) -> None:
    mock = Mock("events.path=none")
    assert mock(method, f"/events{query}", key=key) == mock(method, "/nowhere", key=key) == NO_PATH
    mock(method, f"/events{query}", key=key)
    assert mock.listed == {"events.path", "requests.unknown-path"}


def test_a_request_to_the_path_that_is_missing_belongs_to_no_operation() -> None:
    mock = Mock("events.path=none")
    mock("GET", "/events")
    assert mock.company.journal.read().entries[-1].operation is None


def test_other_paths_do_not_depend_on_the_path_of_events() -> None:
    mock = Mock()
    for path in ("/devices", "/nowhere", "/events/"):
        mock("GET", path)
        assert "events.path" not in mock.listed


@pytest.mark.parametrize("variant", ["events", "none"])
def test_a_wrong_method_does_not_depend_on_the_path_if_it_is_answered_like_an_unknown_one(variant: str) -> None:
    mock = Mock(f"events.path={variant}", "requests.wrong-method=404")
    assert mock("POST", "/events") == NO_PATH
    assert mock.listed == {"requests.wrong-method" if variant == "events" else "requests.unknown-path"}


@pytest.mark.parametrize("path", ["/events/", "//events"])
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("slashes", ["significant", "ignored"])
def test_extra_slashes_do_not_matter_for_the_path_that_is_missing(slashes: str, method: str, path: str) -> None:
    mock = Mock("events.path=none", f"requests.extra-slashes={slashes}")
    assert mock(method, path) == NO_PATH
    expected = {"requests.unknown-path"}
    assert mock.listed == (expected if slashes == "significant" else {*expected, "events.path"})


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(("id", "query"), [("empty-list", ""), ("past-the-end", "?page=2")])
@pytest.mark.parametrize("status", [200, 404])
def test_a_page_without_events(id: str, query: str, status: int, dialect: str) -> None:
    mock = Mock(f"events.{id}={status}", dialect=dialect)
    found, body = mock("GET", f"/events{query}")
    assert (found, body.get("result")) == (status, [] if status == 200 else None)
    assert body == {"description": "Events not found"} or status == 200
    assert f"events.{id}" in mock.listed


@pytest.mark.parametrize(
    ("variant", "expected"), [("as-stored", ["E0", "E1", "E2", "E3"]), ("latest-first", ["E2", "E1", "E3", "E0"])]
)
def test_the_order_of_events(variant: str, expected: list[str]) -> None:
    mock = Mock(f"events.order={variant}")
    for number, date in enumerate((None, 1000, 2000, 1000)):
        mock.company.events.add(Event(f"E{number}", start_date=date))
    assert tokens(mock) == expected
    assert "events.order" in mock.listed
    assert tokens(mock, "?page=2&limit=2") == expected[2:]
    assert tokens(mock, "?page=2&limit=9") == []
    assert "events.order" not in mock.listed


def test_the_list_has_pagination() -> None:
    mock = Mock("events.pagination=present")
    mock.company.events.add(Event("E"))
    _, body = mock("GET", "/events")
    assert list(body) == ["description", "result", "pagination"]
    assert body["pagination"] == {"page": 1, "limit": 1000, "total": 1, "has_more": False}
