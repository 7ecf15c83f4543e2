"""The reader of bodies, and clean-up, on answers of any shape."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from rufus_mock.client import Reply, specification
from rufus_mock.contract import Keys, Options
from rufus_mock.contract.session.cleanup import clean_up
from rufus_mock.contract.session.connection import Connection
from rufus_mock.contract.session.errors import CannotGoOn
from rufus_mock.contract.session.exchange import Body, Exchange
from tests.contract.recorder import Recorder


def exchange(body: Any, status: int = 200) -> Exchange:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    reply = Reply("GET", "http://x/v0", None, status, {"Content-Type": "application/json"}, content)
    return Exchange(specification().operations["getDevice"], reply, "curl")


ODD: list[Any] = [
    None,
    1,
    "text",
    [],
    {},
    [1, None],
    {"result": None},
    {"result": "x"},
    {"result": [1]},
    b"<html>",
    b"",
]


@pytest.mark.parametrize("odd", ODD, ids=repr)
def test_a_tolerant_reader_takes_any_body(odd: Any) -> None:
    body = exchange(odd).body
    assert body.entries_if_any() == []
    assert body.first_entry_if_any() == {}
    assert body.get("deviceid") is None


@pytest.mark.parametrize(
    ("read", "message"),
    [
        (lambda body: body.text("deviceid"), "the answer to getDevice has no deviceid"),
        (lambda body: body.entry(), "the answer to getDevice has no object result"),
        (lambda body: body.only_entry(), "the answer to getDevice has no list result|is not a list of one"),
    ],
)
@pytest.mark.parametrize("odd", ODD, ids=repr)
def test_a_strict_reader_says_what_an_answer_lacks(odd: Any, read: Callable[[Body], Any], message: str) -> None:
    with pytest.raises(CannotGoOn, match=message):
        read(exchange(odd).body)


@pytest.mark.parametrize("envelope", [lambda body: body, lambda body: {"body": body}], ids=["pages", "openapi"])
def test_a_reader_gives_typed_parts_in_both_dialects(envelope: Callable[[Any], Any]) -> None:
    body = exchange(envelope({"result": [{"a": 1}, 2], "one": [{"b": 2}], "object": {"c": 3}, "name": "n"})).body
    assert body.entries() == [{"a": 1}]
    assert body.only_entry("one") == {"b": 2}
    assert body.entry("object") == body.first_entry_if_any("object") == {"c": 3}
    assert body.text("name") == "n"
    with pytest.raises(CannotGoOn, match="not a list of one"):
        body.only_entry()


def test_only_a_200_lists_anything() -> None:
    assert exchange({"result": [{"a": 1}]}).listed() == [{"a": 1}]
    assert exchange({"result": [{"a": 1}]}, 404).listed() == []


def test_clean_up_removes_the_device_that_no_answer_named_whatever_else_the_list_holds() -> None:
    answers = [
        {
            "result": [
                1,
                {"deviceid": 2},
                {"deviceid": "A", "serial_number": ["S"]},
                {"deviceid": "B", "serial_number": "S"},
            ]
        },
        {"description": "Success", "result": {"deviceid": "B", "serial_number": "S"}},
        {"description": "Success", "result": []},
        {"description": "Device unbinded succesfully", "deviceid": "B"},
    ]
    with Recorder() as recorder:
        recorder.answers += [(200, {"Content-Type": "application/json"}, json.dumps(body).encode()) for body in answers]
        connection = Connection(Options(recorder.url, Keys("ror-1"), allow_writes=True), "run")
        connection.writer, connection.may_unbind = "ror-1", True
        connection.owned.serial_numbers.add("S")
        assert clean_up(connection) == []
        connection.transport.close()
        # Before it is removed, it is read: a list may name any device.
        assert recorder.arrived == [
            "GET /v0/devices",
            "GET /v0/devices/B",
            "GET /v0/sessions/device/B",
            "DELETE /v0/devices/B",
        ]
