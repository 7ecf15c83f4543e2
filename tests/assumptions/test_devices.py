"""Each variant of the statements about devices, in real answers."""

from typing import Any

import pytest

from rufus_mock.base.timestamps import render
from rufus_mock.spec.dialects import DIALECTS, OPENAPI
from tests.assumptions.calls import HOUR, Mock
from tests.assumptions.twin import NOON

NOT_FOUND = {"description": "Devices not found"}


def deviceids(mock: Mock, query: str = "") -> list[str]:
    _, body = mock("GET", f"/devices{query}")
    return [device["deviceid"] for device in body["result"]]


@pytest.mark.parametrize("variant", ["oldest-first", "newest-first", "by-id"])
def test_the_order_of_devices(variant: str) -> None:
    mock = Mock(f"devices.order={variant}")
    bound = [mock.bind(serial_number=str(number)) for number in range(5)]
    expected = {"oldest-first": bound, "newest-first": bound[::-1], "by-id": sorted(bound)}[variant]
    assert deviceids(mock) == expected
    assert deviceids(mock, "?page=2&limit=2") == expected[2:4]


def test_only_a_page_that_another_order_changes_depends_on_the_order() -> None:
    mock = Mock()
    mock.bind()
    deviceids(mock)
    assert "devices.order" not in mock.listed
    for number in range(2, 7):
        mock.bind(serial_number=str(number))
    deviceids(mock)
    assert "devices.order" in mock.listed


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(
    ("id", "query", "bound"),
    [("empty-list", "", False), ("past-the-end", "?page=2", True), ("past-the-end", "?page=2", False)],
)
def test_a_page_without_devices(id: str, query: str, bound: bool, dialect: str) -> None:
    for variant, status in (("200", 200), ("404", 404)):
        mock = Mock(f"devices.{id}={variant}", dialect=dialect)
        if bound:
            mock.bind()
        found, body = mock("GET", f"/devices{query}")
        assert (found, body.get("result")) == (status, [] if status == 200 else None)
        assert body == NOT_FOUND or status == 200
        assert f"devices.{id}" in mock.listed


def test_the_list_has_pagination() -> None:
    mock = Mock("devices.pagination=present")
    mock.bind()
    mock.bind(serial_number="2")
    _, body = mock("GET", "/devices?limit=1")
    assert list(body) == ["description", "result", "pagination"]
    assert body["pagination"] == {"page": 1, "limit": 1, "total": 2, "has_more": True}
    assert "passings" in body["result"][0]


@pytest.mark.parametrize("variant", ["absent", "present"])
def test_pagination_is_no_assumption_in_the_dialect_openapi(variant: str) -> None:
    mock = Mock(f"devices.pagination={variant}", f"events.pagination={variant}", dialect=OPENAPI)
    for path in ("/devices", "/events"):
        _, body = mock("GET", path)
        assert "pagination" in body
        assert not {id for id in mock.listed if id.endswith("pagination")}


@pytest.mark.parametrize(
    ("chosen", "status", "text"),
    [
        ((), 409, "Device already binded"),
        (("devices.bind-again=200",), 200, "Device binded succesfully"),
        (("devices.bind-again-text=bound",), 409, "Device already bound"),
        (("devices.bind-again-text=captured:Nope: bound",), 409, "Nope: bound"),
    ],
)
def test_binding_again(chosen: tuple[str, ...], status: int, text: str) -> None:
    mock = Mock(*chosen)
    deviceid = mock.bind()
    answer = mock("POST", "/devices", {"model": "A", "serial_number": "1"})
    assert answer == (status, {"description": text, "deviceid": deviceid})
    assert ("devices.bind-again-text" in mock.listed) == (status == 409)


@pytest.mark.parametrize(
    ("variant", "other_model", "other_type"),
    [("serial-and-model", 201, 409), ("serial", 409, 409), ("serial-model-and-type", 201, 201)],
)
def test_what_identifies_a_device(variant: str, other_model: int, other_type: int) -> None:
    mock = Mock(f"devices.identity={variant}")
    mock.bind(type="x")
    assert mock("POST", "/devices", {"model": "A", "serial_number": "1", "type": "y"})[0] == other_type
    assert mock("POST", "/devices", {"model": "B", "serial_number": "1", "type": "x"})[0] == other_model
    assert mock("POST", "/devices", {"model": "A", "serial_number": "1", "type": "x"})[0] == 409
    assert mock("POST", "/devices", {"model": "A", "serial_number": "2", "type": "x"})[0] == 201


@pytest.mark.parametrize(
    ("identity", "model"), [("serial-and-model", "A"), ("serial", "B"), ("serial", "A"), ("serial-model-and-type", "A")]
)
def test_a_device_gets_its_former_deviceid(identity: str, model: str) -> None:
    mock = Mock("devices.rebind=same-id", f"devices.identity={identity}")
    former = mock.bind()
    mock("DELETE", f"/devices/{former}")
    assert mock.bind(serial_number="2") != former
    assert "devices.rebind" not in mock.listed
    assert mock.bind(model) == former
    assert "devices.rebind" in mock.listed


def test_by_default_a_device_gets_a_new_deviceid() -> None:
    mock = Mock()
    former = mock.bind()
    mock("DELETE", f"/devices/{former}")
    assert mock.bind() != former
    assert "devices.rebind" in mock.listed


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(
    ("variant", "bound", "opened", "sent"),
    [
        ("latest-contact", 0, 1, 2),
        ("latest-passing", None, None, -3),
        ("last-insert", None, None, 2),
        ("null", None, None, None),
    ],
)
def test_last_seen(variant: str, bound: Any, opened: Any, sent: Any, dialect: str) -> None:
    mock = Mock(f"devices.last-seen={variant}", dialect=dialect)

    def last_seen() -> str | None:
        _, body = mock("GET", f"/devices/{deviceid}")
        field = "last_login" if dialect == OPENAPI else "last_seen"
        _, listed = mock("GET", "/devices")
        assert listed["result"][0][field] == body["result"]["last_seen"]
        assert "devices.last-seen" in mock.listed
        return body["result"]["last_seen"]  # type: ignore[no-any-return]

    deviceid = mock.bind()
    seen = [last_seen()]
    mock.at(1 * HOUR)
    token = mock.open(deviceid)
    seen.append(last_seen())
    mock.at(2 * HOUR)
    mock.insert(token, (1, render(NOON - 3 * HOUR)), (2, render(NOON - 4 * HOUR)))
    seen.append(last_seen())
    mock.at(5 * HOUR)
    seen.append(last_seen())
    assert seen == [None if hours is None else render(NOON + hours * HOUR) for hours in (bound, opened, sent, sent)]
