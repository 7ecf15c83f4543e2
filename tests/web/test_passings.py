"""Passings are read as they were sent, in the documented order, and each is stored once."""

import json
import random
from typing import Any

import pytest

from rufus_mock.base.identifiers import Identifiers
from rufus_mock.spec.contract import Contract
from rufus_mock.world import Company
from rufus_mock.world.entries import passing
from tests.clocks import FrozenClock
from tests.conftest import Account, numbers, sent


def test_a_passing_is_read_as_sent_in_the_documented_order(either: Account, token: str, contract: Contract) -> None:
    either.insert(
        token, sent(5, bib="Ñ-7", chip="30303030304D433030393738", latitude="12.000", status="Sent", gender="F")
    )
    (read,) = either.read(token)
    assert tuple(read) == contract.fields("passing")
    assert read["token_session"] == token
    assert (read["num_passing"], read["bib"], read["chip"]) == (5, "Ñ-7", "30303030304D433030393738")
    assert (read["latitude"], read["longitude"]) == ("12.000", "0.0")
    assert (read["status"], read["gender"], read["timezone"], read["participant_id"]) == ("Sent", "F", None, None)


@pytest.mark.parametrize(
    ("coordinate", "read"),
    [
        (None, "0.0"),
        ("", ""),
        ("-74.0060", "-74.0060"),
        (41.385063, "41.385063"),
        (12, "12"),
        (1e-7, "0.0000001"),
        (-0.0, "-0.0"),
    ],
)
def test_coordinates_are_given_back_as_strings(either: Account, token: str, coordinate: Any, read: str) -> None:
    either.insert(token, sent(1, latitude=coordinate, longitude=coordinate))
    assert [(entry["latitude"], entry["longitude"]) for entry in either.read(token)] == [(read, read)]


def test_chips_is_another_name_for_chip_in_pages(account: Account) -> None:
    token = account.open(account.bind())
    account.insert(token, sent(1, chips="A"), sent(2, chip="B", chips="C"), sent(3, chip=None, chips="D"))
    assert [entry["chip"] for entry in account.read(token)] == ["A", "B", None]


def test_a_repeated_num_passing_is_not_stored_twice_and_the_first_write_stays(either: Account, token: str) -> None:
    assert either.insert(token, sent(1, bib="first"), sent(1, bib="second"))["inserted_count"] == 1
    again = either.insert(token, sent(1, bib="third"), sent(2))
    assert again["inserted_count"] == 1
    if either.dialect == "openapi":
        assert again["duplicate_count"] == 1
    assert [entry["bib"] for entry in either.read(token)] == ["first", "7"]
    assert either.session(token)["passings"] == 2


def test_num_passing_decides_the_order_and_not_arrival(either: Account, token: str) -> None:
    for number in (5, 1, 3):
        either.insert(token, sent(number))
    either.insert(token, sent(4), sent(0), sent(2))
    assert numbers(either.read(token)) == [0, 1, 2, 3, 4, 5]


def test_one_bad_entry_and_nothing_is_stored(either: Account, token: str) -> None:
    good = sent(1)
    for bad in (sent(2, timestamp="2026-05-10 09:00:00Z"), sent(2, timestamp="0000-01-01T00:00:00Z"), {"bib": "1"}):
        body = either.post("/passings", {"token_session": token, "passings_list": [good, bad]}, 400)
        assert body["errors"][0]["pointer"].startswith("/passings_list/1")
    assert either.session(token)["passings"] == 0


@pytest.mark.parametrize(
    ("sent_as", "read_as"),
    [
        ("2026-11-24 19:14:51.873", "2026-11-24T19:14:51.873Z"),
        ("2026-11-24T19:14:51", "2026-11-24T19:14:51.000Z"),
        ("2026-11-24 19:14:51.8", "2026-11-24T19:14:51.800Z"),
        ("2026-11-24 19:14:51.873999999", "2026-11-24T19:14:51.873Z"),
    ],
)
def test_a_time_without_an_offset_is_read_as_utc(either: Account, token: str, sent_as: str, read_as: str) -> None:
    either.insert(token, sent(1, timestamp=sent_as, timezone="CET"))
    assert [entry["timestamp"] for entry in either.read(token)] == [read_as]
    session = either.session(token)
    assert (session["first"], session["last"]) == (read_as, read_as)


@pytest.mark.parametrize(
    ("timestamp", "actual"),
    [
        ("2026-05-10 25:61:00", '"2026-05-10 25:61:00" (string)'),
        ("2026-02-30T09:00:00Z", '"2026-02-30T09:00:00Z" (string)'),
        ("2026-02-30 09:00:00", "no such date or time: '2026-02-30 09:00:00'"),
        ("", '"" (string)'),
        ("2026-05-10", '"2026-05-10" (string)'),
        ("2026-05-10 09:00:00.1234567890", '"2026-05-10 09:00:00.1234567890" (string)'),
        ("2026-05-10 09:00:00Z", '"2026-05-10 09:00:00Z" (string)'),
        (None, "null (null)"),
        (1_778_400_000, "1778400000 (integer)"),
    ],
)
def test_a_bad_timestamp_names_the_entry_and_the_accepted_forms(
    either: Account, token: str, timestamp: Any, actual: str
) -> None:
    passings = [sent(1), sent(2, timestamp="2026-05-10 09:00:00"), sent(3) | {"timestamp": timestamp}]
    body = either.post("/passings", {"token_session": token, "passings_list": passings}, 400)
    (problem,) = body["errors"]
    bounds = ", 0001-01-01T00:00:00.000Z to 9999-12-31T23:59:59.999Z" if actual.startswith("no such date") else ""
    assert problem == {
        "in": "body",
        "parameter": "timestamp",
        "pointer": "/passings_list/2/timestamp",
        "expected": "YYYY-MM-DDTHH:mm:ss.sssZ, another RFC 3339 time with an offset, "
        "or YYYY-MM-DD HH:mm:ss.sss without an offset (read as UTC)" + bounds,
        "actual": actual,
    }
    assert either.session(token)["passings"] == 0


def test_a_closed_session_takes_no_passings_and_stays_readable(either: Account, token: str) -> None:
    either.insert(token, sent(1))
    assert either.close(token) == either.close(token)
    body = either.post("/passings", {"token_session": token, "passings_list": [sent(2)]}, 404)
    assert body == {"description": "Session not found or closed", "token_session": token}
    assert numbers(either.read(token)) == [1]
    assert not either.session(token)["active"]


def test_a_new_session_closes_the_devices_other_one(either: Account) -> None:
    device, other = either.bind("S-1"), either.bind("S-2")
    old, elsewhere = either.open(device), either.open(other)
    new = either.open(device, "new")
    assert not either.session(old)["active"]
    assert either.session(elsewhere)["active"]
    assert either.get(f"/sessions/device/{device}/active")["result"] == [either.session(new)]
    assert [entry["token_session"] for entry in either.get(f"/sessions/device/{device}")["result"]] == [old, new]
    either.close(new)
    either.get(f"/sessions/device/{device}/active", 404)


def test_first_and_last_are_the_earliest_and_latest_timestamps(either: Account, token: str) -> None:
    assert (either.session(token)["first"], either.session(token)["last"]) == (None, None)
    either.insert(token, sent(2, "2026-05-10T09:00:02.000Z"))
    either.insert(token, sent(1, "2026-05-10T09:00:09.000Z"), sent(3, "2026-05-10T09:00:01.000Z"))
    session = either.session(token)
    assert (session["first"], session["last"]) == ("2026-05-10T09:00:01.000Z", "2026-05-10T09:00:09.000Z")


def test_a_page_holds_5000_and_one_past_the_end_is_not_found(either: Account, token: str) -> None:
    order = list(range(1, 10_002))
    random.Random(1).shuffle(order)
    either.insert(token, *(sent(number) for number in order))
    device = str(either.read(token, last=1)[0]["deviceid"])
    for page, expected in {1: range(1, 5001), 2: range(5001, 10_001), 3: range(10_001, 10_002)}.items():
        assert numbers(either.read(token, page=page)) == list(expected)
        assert numbers(either.read_device(device, page=page)) == list(expected)
        assert numbers(either.resume(device, page=page)["passings"]) == list(expected)
    for path in (f"/passings/session/{token}", f"/passings/device/{device}", f"/passings/device2/{device}"):
        assert either.get(path, 404, params={"page": 4})["description"] == "Passings not found"
    if either.dialect == "openapi":
        body = either.get(f"/passings/session/{token}", params={"page": 2})
        assert body["pagination"] == {"page": 2, "limit": 5000, "total": 10_001, "has_more": True}


def test_a_stored_passing_can_be_read_as_a_dict() -> None:
    company = Company("00000001", clock=FrozenClock(0), identifiers=Identifiers(1), page_size=10)
    session = company.sessions.open(company.devices.bind("M", "S").deviceid)
    company.passings.insert(session.token_session, [passing(sent(1))])
    (members,) = json.loads(company.passings.by_number(session.token_session, None, None, 1).passings.json())
    assert members["bib"] == "7"
