"""Which bodies are valid, under each variant, over a socket."""

from typing import Any

import pytest

from tests.assumptions.accounts import answer, assume, listed, refused
from tests.conftest import Account, numbers, sent

DEVICE = {"model": "A", "serial_number": "1"}
BAD_TIME = "2026-02-30T00:00:00.000Z"
"""Has the form of a time, but does not exist."""


def insert(account: Account, token: str, entries: list[Any], **fields: Any) -> tuple[int, Any]:
    body = {"token_session": token, "passings_list": entries, **fields}
    return answer(account, account.request("POST", "/passings", json=body))


@pytest.mark.parametrize("variant", ["ignored", "refused"])
def test_unknown_fields_of_a_device(either: Account, variant: str) -> None:
    assume(either, f"devices.unknown-fields={variant}")
    status, body = answer(either, either.request("POST", "/devices", json={**DEVICE, "extra": 1}))
    assert "devices.unknown-fields" in listed(either)
    if variant == "ignored":
        assert status == 201
    else:
        expected = "no such field, only type, model, serial_number, alias, firmware"
        assert (status, body) == refused("body", "extra", "/extra", expected, "1 (integer)")
        assert either.get("/devices")["result"] == []


@pytest.mark.parametrize("variant", ["ignored", "refused"])
def test_unknown_fields_of_a_session_and_of_passings(either: Account, variant: str) -> None:
    token = either.open(deviceid := either.bind())
    assume(either, f"requests.unknown-fields={variant}")
    status, body = answer(either, either.request("POST", "/sessions", json={"deviceid": deviceid, "extra": 1}))
    assert "requests.unknown-fields" in listed(either)
    expected = refused("body", "extra", "/extra", "no such field, only deviceid, alias", "1 (integer)")
    assert status == 201 if variant == "ignored" else (status, body) == expected
    token = body["token_session"] if variant == "ignored" else token
    status, body = insert(either, token, [sent(1), sent(2, extra=1)])
    assert status == (201 if variant == "ignored" else 400)
    if status == 400:
        assert body["errors"][0]["pointer"] == "/passings_list/1/extra"
    assert "requests.unknown-fields" in listed(either)
    assert either.session(token)["passings"] == (2 if variant == "ignored" else 0)


def test_an_unknown_field_that_is_ignored_has_no_effect(either: Account) -> None:
    """The dialect openapi does not know the field chips."""
    token = either.open(either.bind())
    assume(either, "requests.unknown-fields=ignored")
    assert insert(either, token, [sent(1, chips="A", extra=1)])[0] == 201
    assert either.read(token)[0]["chip"] == {"pages": "A", "openapi": None}[either.dialect]


@pytest.mark.parametrize("variant", ["optional", "required"])
def test_the_type_of_a_device(either: Account, variant: str) -> None:
    assume(either, f"devices.type={variant}")
    status, body = answer(either, either.request("POST", "/devices", json=DEVICE))
    assert "devices.type" in listed(either)
    missing = refused("body", "type", "/type", "a value: it is required", "missing")
    assert status == 201 if variant == "optional" else (status, body) == missing
    assert either.request("POST", "/devices", json={**DEVICE, "serial_number": "2", "type": "x"}).status_code == 201
    assert "devices.type" not in listed(either)


def test_a_missing_type_is_the_first_problem(account: Account) -> None:
    assume(account, "devices.type=required")
    _, body = answer(account, account.request("POST", "/devices", json={"alias": 1}))
    assert [problem["parameter"] for problem in body["errors"]] == ["type", "model", "serial_number", "alias"]


@pytest.mark.parametrize("variant", ["400", "stored"])
def test_an_empty_list(either: Account, variant: str) -> None:
    token = either.open(either.bind())
    assume(either, f"insert.empty-list={variant}")
    status, body = insert(either, token, [])
    assert "insert.empty-list" in listed(either)
    if variant == "stored":
        assert (status, body["inserted_count"]) == (201, 0)
    else:
        expected = refused("body", "passings_list", "/passings_list", "at least 1 entry", "[] (array)")
        assert (status, body) == expected


@pytest.mark.parametrize("variant", ["none", "5000"])
def test_the_maximum_number_of_entries(either: Account, variant: str) -> None:
    token = either.open(either.bind())
    assume(either, f"insert.max-entries={variant}")
    entries = [sent(number) for number in range(5001)]
    status, body = insert(either, token, entries)
    assert "insert.max-entries" in listed(either)
    if variant == "none":
        assert (status, body["inserted_count"]) == (201, 5001)
    else:
        assert status == 400
        assert body["errors"][0]["expected"] == "at most 5000 entries"
    assert either.session(token)["passings"] == (5001 if variant == "none" else 0)
    assert insert(either, token, entries[:5000])[0] == 201
    assert "insert.max-entries" not in listed(either)


@pytest.mark.parametrize("variant", ["all-refused", "others-stored"])
@pytest.mark.parametrize(
    "bad", [sent(2, timestamp=BAD_TIME), {**sent(2), "bib": 7}, {"num_passing": 2}, None, sent(-1, timestamp=BAD_TIME)]
)
def test_a_bad_entry(either: Account, variant: str, bad: Any) -> None:
    token = either.open(either.bind())
    assume(either, f"insert.bad-entry={variant}")
    status, body = insert(either, token, [sent(1), bad, sent(3, timestamp=BAD_TIME), sent(4)])
    assert "insert.bad-entry" in listed(either)
    if variant == "all-refused":
        assert status == 400
        assert body["errors"][0]["pointer"].startswith(("/passings_list/1", "/passings_list/2"))
        assert either.session(token)["passings"] == 0
    else:
        expected = {"description": "Passings inserted succesfully", "token_session": token, "inserted_count": 2}
        assert (status, body) == (201, expected | ({"duplicate_count": 0} if either.dialect == "openapi" else {}))
        assert numbers(either.read(token)) == [1, 4]


def test_the_number_of_passings_that_were_sent_includes_bad_entries(account: Account) -> None:
    token = account.open(account.bind())
    assume(account, "insert.bad-entry=others-stored", "insert.inserted-count=sent")
    _, body = insert(account, token, [sent(1), sent(1), sent(2, timestamp=BAD_TIME), {**sent(3), "bib": 7}])
    assert body["inserted_count"] == 4


@pytest.mark.parametrize("entries", [[{**sent(1), "bib": 7}], [sent(1, timestamp=BAD_TIME)]])
def test_a_list_without_a_valid_entry_is_refused_by_every_variant(account: Account, entries: list[Any]) -> None:
    token = account.open(account.bind())
    assume(account, "insert.bad-entry=others-stored")
    assert insert(account, token, entries)[0] == 400
    assert "insert.bad-entry" not in listed(account)


def test_what_is_wrong_beside_the_list_is_refused_by_every_variant(account: Account) -> None:
    assume(account, "insert.bad-entry=others-stored")
    assert insert(account, 7, [sent(1), {**sent(2), "bib": 7}])[0] == 400  # type: ignore[arg-type]
    assert "insert.bad-entry" not in listed(account)
