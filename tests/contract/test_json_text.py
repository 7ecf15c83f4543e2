"""What a plain JSON parser hides: how numbers are written, names that come twice, and what is no JSON."""

import pytest

from rufus_mock.client import Reply, specification
from rufus_mock.contract import BREAKING, check_answer
from rufus_mock.contract.judge import json_text

OPERATION = specification().operations["getDeviceSessions"]

SESSION = (
    '{"token_session":"' + "A" * 64 + '","alias":null,"creation_date":"2024-05-01T08:00:00.000Z","active":true,'
    '"passings":%s}'
)


def _findings(content: bytes) -> list[tuple[str, str, str, str]]:
    headers = {"Content-Type": "application/json"}
    reply = Reply("GET", "http://127.0.0.1/v0/sessions/device/A", None, 200, headers, content)
    found = check_answer(reply, OPERATION, OPERATION.success, "pages")
    return [(each.kind, each.pointer, each.expected, each.actual) for each in found]


def _listing(passings: str) -> bytes:
    return ('{"description":"Success","result":[' + SESSION % passings + "]}").encode()


@pytest.mark.parametrize("written", ["0", "3", "5000", "9007199254740993"])
def test_an_integer_conforms(written: str) -> None:
    assert _findings(_listing(written)) == []


@pytest.mark.parametrize("written", ["3.0", "3e0", "3E+0", "-0", "0.0", "1e400"])
def test_a_number_that_is_not_written_as_an_integer_is_none(written: str) -> None:
    assert _findings(_listing(written)) == [(BREAKING, "/result/0/passings", "integer", written)]


@pytest.mark.parametrize("written", ["NaN", "Infinity", "-Infinity", "9" * 5000])
def test_what_only_some_parsers_read_is_no_json(written: str) -> None:
    ((kind, pointer, expected, _),) = _findings(_listing(written))
    assert (kind, pointer, expected) == (BREAKING, "#body", "JSON")


@pytest.mark.parametrize(
    "content",
    [b"\xef\xbb\xbf" + _listing("1"), _listing("1").decode().encode("utf-16"), b'{"description":"\xff"}'],
    ids=["byte order mark", "UTF-16", "invalid UTF-8"],
)
def test_a_body_must_be_plain_utf_8(content: bytes) -> None:
    assert [(kind, pointer) for kind, pointer, _, _ in _findings(content)] == [(BREAKING, "#body")]


def test_a_name_that_comes_twice_is_drift() -> None:
    content = _listing("1").replace(b'"alias":null', b'"alias":"x","alias":null')
    expected = (BREAKING, "/result/0/alias", "one member alias in an object", "more than one")
    assert _findings(content) == [expected]


@pytest.mark.parametrize("entry", ["null", "7", '"x"', "[]", "true", "[" * 900 + "]" * 900])
def test_an_entry_that_is_no_object_is_drift(entry: str) -> None:
    content = _listing("1").replace(b'"result":[', f'"result":[{entry},'.encode())
    assert [(kind, pointer) for kind, pointer, _, _ in _findings(content)] == [(BREAKING, "/result/0")]


def test_a_body_that_nests_too_deep_is_drift_and_not_a_defect_of_the_kit() -> None:
    content = b'{"description":"Success","result":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    assert [(kind, pointer) for kind, pointer, _, _ in _findings(content)] == [(BREAKING, "#body")]


def test_half_of_a_surrogate_pair_is_drift() -> None:
    ((kind, pointer, expected, actual),) = _findings(_listing("1").replace(b'"alias":null', b'"alias":"\\ud800"'))
    assert (kind, pointer, expected) == (BREAKING, "#body", "JSON")
    assert "half of a surrogate pair" in actual


def test_reading_keeps_how_a_number_was_written() -> None:
    reading = json_text.read(b'{"a":[1,2.50]}')
    assert reading.unusual
    assert reading.value["a"][1].text == "2.50"
