"""Each variant of the statements about sessions, in real answers."""

from typing import Any

import pytest

from rufus_mock.spec.dialects import OPENAPI
from tests.assumptions.calls import HOUR, UNKNOWN, Mock

NO_SESSIONS = {"description": "Sessions not found", "deviceid": UNKNOWN}
NO_DEVICE = {"description": "Device not found", "deviceid": UNKNOWN}
NOTHING = {"description": "Success", "result": []}
NOON, AFTER_1H, AFTER_2H, AFTER_3H = (
    "2023-11-14T22:13:20.000Z",
    "2023-11-14T23:13:20.000Z",
    "2023-11-15T00:13:20.000Z",
    "2023-11-15T01:13:20.000Z",
)


@pytest.mark.parametrize("status", [200, 201])
def test_the_status_of_a_new_session(status: int) -> None:
    mock = Mock(f"sessions.insert-status={status}")
    assert mock("POST", "/sessions", {"deviceid": mock.bind()})[0] == status
    assert "sessions.insert-status" in mock.listed


@pytest.mark.parametrize("status", [404, 400])
def test_a_session_on_an_unknown_device(status: int) -> None:
    mock = Mock(f"sessions.insert-unknown-device={status}")
    assert mock("POST", "/sessions", {"deviceid": UNKNOWN}) == (status, NO_DEVICE)
    assert "sessions.insert-unknown-device" in mock.listed


@pytest.mark.parametrize(
    ("variant", "status", "text"),
    [
        ("200", 200, "Session closed succesfully"),
        ("404", 404, "Session not found"),
        ("409", 409, "Session already closed"),
    ],
)
def test_closing_a_closed_session(variant: str, status: int, text: str) -> None:
    mock = Mock(f"sessions.close-again={variant}")
    token = mock.open(mock.bind())
    assert mock("PATCH", f"/sessions/close/{token}")[0] == 200
    assert "sessions.close-again" not in mock.listed
    assert mock("PATCH", f"/sessions/close/{token}") == (status, {"description": text, "token_session": token})
    assert "sessions.close-again" in mock.listed


@pytest.mark.parametrize(
    ("variant", "answer"),
    [("sessions-not-found", (404, NO_SESSIONS)), ("device-not-found", (404, NO_DEVICE)), ("200", (200, NOTHING))],
)
@pytest.mark.parametrize(("id", "path"), [("unknown-device", ""), ("active-unknown-device", "/active")])
def test_the_sessions_of_an_unknown_device(id: str, path: str, variant: str, answer: tuple[int, Any]) -> None:
    mock = Mock(f"sessions.{id}={variant}")
    assert mock("GET", f"/sessions/device/{UNKNOWN}{path}") == answer
    assert f"sessions.{id}" in mock.listed


@pytest.mark.parametrize("status", [404, 200])
def test_the_sessions_of_a_device_without_any(status: int) -> None:
    mock = Mock(f"sessions.none={status}")
    deviceid = mock.bind()
    expected = NOTHING if status == 200 else {**NO_SESSIONS, "deviceid": deviceid}
    assert mock("GET", f"/sessions/device/{deviceid}") == (status, expected)
    assert "sessions.none" in mock.listed


def test_an_empty_list_of_sessions_has_valid_pagination() -> None:
    mock = Mock("sessions.none=200", dialect=OPENAPI)
    _, body = mock("GET", f"/sessions/device/{mock.bind()}")
    assert body == {**NOTHING, "pagination": {"page": 1, "limit": 1, "total": 0, "has_more": False}}


@pytest.mark.parametrize("variant", ["oldest-first", "newest-first"])
def test_the_order_of_sessions(variant: str) -> None:
    mock = Mock(f"sessions.order={variant}")
    deviceid = mock.bind()
    opened = [mock.open(deviceid)]
    mock("GET", f"/sessions/device/{deviceid}")
    assert "sessions.order" not in mock.listed
    opened += [mock.open(deviceid) for _ in range(2)]
    _, body = mock("GET", f"/sessions/device/{deviceid}")
    expected = opened if variant == "oldest-first" else opened[::-1]
    assert [session["token_session"] for session in body["result"]] == expected
    assert "sessions.order" in mock.listed


@pytest.mark.parametrize(("variant", "ends"), [("by-time", (NOON, AFTER_3H)), ("by-number", (AFTER_2H, AFTER_1H))])
@pytest.mark.parametrize("at_once", [True, False])
def test_first_and_last_of_a_session(variant: str, ends: tuple[str, str], at_once: bool) -> None:
    mock = Mock(f"sessions.first-last={variant}")
    token = mock.open(mock.bind())
    mock.insert(token, (3, NOON))
    mock.session(token)
    assert "sessions.first-last" not in mock.listed
    passings = [(1, AFTER_2H), (2, AFTER_3H), (4, NOON), (9, AFTER_1H)]
    for part in [passings] if at_once else [[each] for each in reversed(passings)]:
        mock.insert(token, *part)
    session = mock.session(token)
    assert (session["first"], session["last"]) == ends
    assert "sessions.first-last" in mock.listed


@pytest.mark.parametrize("variant", ["null", "absent"])
def test_first_and_last_of_a_session_without_passings(variant: str) -> None:
    mock = Mock(f"sessions.first-last-empty={variant}")
    token = mock.open(mock.bind())
    ends = {name: value for name, value in mock.session(token).items() if name in ("first", "last")}
    assert ends == ({"first": None, "last": None} if variant == "null" else {})
    assert "sessions.first-last-empty" in mock.listed
    mock.insert(token, (1, NOON))
    assert mock.session(token)["first"] == NOON
    assert "sessions.first-last-empty" not in mock.listed


@pytest.mark.parametrize(
    ("variant", "active", "closed"),
    [("two-hours", AFTER_2H, AFTER_2H), ("closing-time", AFTER_2H, AFTER_1H), ("null-while-active", None, AFTER_1H)],
)
@pytest.mark.parametrize("by_another", [True, False])
def test_duration(variant: str, active: str | None, closed: str, by_another: bool) -> None:
    mock = Mock(f"sessions.duration={variant}")
    deviceid = mock.bind()
    token = mock.open(deviceid)
    assert mock.session(token)["duration"] == active
    assert "sessions.duration" in mock.listed
    mock.at(1 * HOUR)
    if by_another:
        mock.open(deviceid)
    else:
        mock("PATCH", f"/sessions/close/{token}")
    mock.at(3 * HOUR)
    mock("PATCH", f"/sessions/close/{token}")  # closing it again changes nothing
    assert mock.session(token)["duration"] == closed
    assert "sessions.duration" in mock.listed


def test_the_duration_of_a_closed_session_that_does_not_say_when_it_was_closed() -> None:
    mock = Mock("sessions.duration=null-while-active")
    session = mock.company.sessions.get(mock.open(mock.bind()))
    session.active = False
    assert mock.session(session.token_session)["duration"] == AFTER_2H
    assert "sessions.duration" not in mock.listed


@pytest.mark.parametrize(("variant", "shown"), [("null", None), ("empty-text", "")])
def test_a_session_without_an_alias(variant: str, shown: str | None) -> None:
    mock = Mock(f"sessions.no-alias={variant}")
    deviceid = mock.bind()
    token = mock.open(deviceid)
    assert mock.session(token)["alias"] == shown
    for path, field in (
        (f"/sessions/device/{deviceid}", "alias"),
        (f"/sessions/device/{deviceid}/active", "alias"),
        (f"/passings/device2/{deviceid}", "session_label"),
    ):
        _, body = mock("GET", path)
        assert (body["result"][0] if "result" in body else body)[field] == shown
        assert "sessions.no-alias" in mock.listed
    assert mock.session(mock.open(deviceid, alias="Finish"))["alias"] == "Finish"
    assert "sessions.no-alias" not in mock.listed


@pytest.mark.parametrize("variant", ["no", "yes"])
def test_a_session_closes_itself(variant: str) -> None:
    mock = Mock(f"sessions.closes-itself={variant}", "sessions.close-again=409")
    deviceid = mock.bind()
    token = mock.open(deviceid)
    requests: list[tuple[str, str, Any]] = [
        ("GET", f"/sessions/{token}", None),
        ("GET", f"/sessions/device/{deviceid}", None),
        ("GET", f"/sessions/device/{deviceid}/active", None),
        (
            "POST",
            "/passings",
            {"token_session": token, "passings_list": [{"bib": "7", "num_passing": 1, "timestamp": NOON}]},
        ),
        ("PATCH", f"/sessions/close/{token}", None),
    ]
    mock.at(2 * HOUR - 1)
    for request in requests[:-1]:
        assert mock(*request)[0] in (200, 201)
        assert "sessions.closes-itself" not in mock.listed
    mock.at(2 * HOUR)
    statuses = []
    for request in requests:
        statuses.append(mock(*request)[0])
        assert "sessions.closes-itself" in mock.listed
    assert statuses == ([200, 200, 404, 404, 409] if variant == "yes" else [200, 200, 200, 201, 200])
    assert mock.session(token)["active"] is False


def test_a_session_that_closed_itself_shows_this_time() -> None:
    mock = Mock("sessions.closes-itself=yes", "sessions.duration=null-while-active")
    deviceid = mock.bind()
    token = mock.open(deviceid)
    mock.at(3 * HOUR)
    for method, path in (("GET", f"/sessions/{token}"), ("PATCH", f"/sessions/close/{token}")):
        mock(method, path)
        session = mock.session(token)
        assert (session["active"], session["duration"]) == (False, AFTER_2H)


def test_closing_an_old_session_depends_on_whether_it_closes_itself_only_if_closing_again_is_refused() -> None:
    mock = Mock()
    token = mock.open(mock.bind())
    mock.at(3 * HOUR)
    mock("PATCH", f"/sessions/close/{token}")
    assert "sessions.closes-itself" not in mock.listed
    mock.session(token)
    assert "sessions.closes-itself" not in mock.listed
    mock.company.assumptions = mock.company.assumptions.with_chosen({"sessions.duration": "closing-time"})
    assert mock.session(token)["duration"] == AFTER_3H
    assert "sessions.closes-itself" in mock.listed
