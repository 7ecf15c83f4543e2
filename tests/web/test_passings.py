"""What is read is what was sent: identity, order, ranges, pages, resuming."""

import json
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rufus_mock.base.errors import PassingsNotFound
from rufus_mock.base.identifiers import Identifiers
from rufus_mock.base.timestamps import render
from rufus_mock.spec.contract import Contract
from rufus_mock.world import Company
from rufus_mock.world.passings import passing
from tests.clocks import FrozenClock
from tests.conftest import Account, sent

NINE = "2026-05-10T09:00:00.000Z"


@pytest.fixture
def token(either: Account) -> str:
    return either.open(either.bind())


def numbers(passings: list[dict[str, Any]]) -> list[int]:
    return [entry["num_passing"] for entry in passings]


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


def test_passings_by_time_cross_sessions_in_the_order_of_their_timestamps(either: Account) -> None:
    device = either.bind()
    old = either.open(device)
    either.insert(old, sent(2, "2026-05-10T09:00:00.002Z"), sent(1, "2026-05-10T09:00:00.005Z"), sent(3, NINE))
    new = either.open(device)
    either.insert(new, sent(1, "2026-05-10T09:00:00.002Z"), sent(2, "2026-05-10T09:00:00.001Z"))
    read = either.read_device(device)
    assert [(entry["token_session"], entry["num_passing"]) for entry in read] == [
        (old, 3),
        (new, 2),
        (old, 2),
        (new, 1),
        (old, 1),
    ]
    between = either.read_device(device, **{"from": "2026-05-10T11:00:00.001+02:00", "to": "2026-05-10T09:00:00.002Z"})
    assert between == read[1:4]


def test_a_device_is_resumed_after_last_and_jumps_to_the_newer_session(either: Account) -> None:
    device = either.bind()
    assert either.resume(device)["session_used"] is None
    old = either.open(device, "old")
    assert either.resume(device)["session_used"] == old
    either.insert(old, sent(1), sent(2), sent(3))
    first = either.resume(device)
    assert (first["session_used"], first["session_label"], first["resumed_from"]) == (old, "old", 0)
    assert numbers(first["passings"]) == [1, 2, 3]
    assert numbers(either.resume(device, token_session=old, last=2)["passings"]) == [3]
    nothing = either.resume(device, token_session=old, last=3)
    assert (nothing["session_used"], nothing["resumed_from"], nothing["passings"]) == (old, 3, [])
    new = either.open(device, "new")
    assert numbers(either.resume(device, token_session=old, last=2)["passings"]) == [3], (
        "the old one has something left"
    )
    jumped = either.resume(device, token_session=old, last=3)
    assert (jumped["session_used"], jumped["resumed_from"], jumped["passings"]) == (new, 0, [])
    either.insert(new, sent(0), sent(1))
    assert numbers(either.resume(device, token_session=old, last=3)["passings"]) == [0, 1]


def test_resuming_skips_no_session_that_has_something(either: Account) -> None:
    device = either.bind()
    tokens = [either.open(device, alias) for alias in "abcd"]
    device_of = either.bind("S-2")
    foreign = either.open(device_of)
    assert either.resume(device, token_session=tokens[0], last=9)["session_used"] == tokens[3]
    either.get(f"/passings/device2/{device}", 404, params={"token_session": foreign})
    problem = either.get(f"/passings/device2/{device}", 400, params={"last": 3})["errors"][0]
    assert problem["parameter"] == "token_session"


def test_resuming_heeds_the_times(either: Account) -> None:
    device = either.bind()
    token = either.open(device)
    either.insert(token, *(sent(n, f"2026-05-10T09:00:0{9 - n}.000Z") for n in range(1, 6)))
    times = {"from": "2026-05-10T09:00:05.000Z", "to": "2026-05-10T09:00:07.000Z"}
    assert numbers(either.resume(device, **times)["passings"]) == [2, 3, 4]
    assert numbers(either.resume(device, token_session=token, last=2, **times)["passings"]) == [3, 4]


@pytest.mark.parametrize(
    "query",
    ["page=0", "page=x", "page=", "page=1.5", "first=-1", "last=1e3", "first=9007199254740992", "page=" + "9" * 40],
)
def test_a_bad_number_in_the_query_is_a_400_that_names_it(either: Account, token: str, query: str) -> None:
    body = either.get(f"/passings/session/{token}?{query}", 400)
    name = query.split("=")[0]
    assert (body["errors"][0]["in"], body["errors"][0]["parameter"]) == ("query", name)


@pytest.mark.parametrize("text", ["", "yesterday", "2026-05-10", "2026-05-10T09:00:00+02:00", "0000-01-01T00:00:00Z"])
def test_a_bad_time_in_the_query_is_a_400_that_names_the_form(either: Account, text: str) -> None:
    # A plus that is not escaped arrives as a space.
    device = either.bind("S-7")
    body = either.get(f"/passings/device/{device}?from={text}", 400)
    assert body["errors"][0]["parameter"] == "from"
    assert "YYYY-MM-DDTHH:mm:ss.sssZ" in body["errors"][0]["expected"]


@pytest.mark.parametrize("path", ["/passings/device/", "/passings/device2/"])
def test_times_in_the_query_need_no_offset(either: Account, path: str) -> None:
    device = either.bind()
    either.insert(either.open(device), *(sent(n, f"2026-05-10 09:00:0{n}") for n in range(1, 6)))
    body = either.get(f"{path}{device}?from=2026-05-10+09:00:02&to=2026-05-10T09:00:04.000999")
    assert numbers(body["passings" if "device2" in path else "result"]) == [2, 3, 4]


def test_a_range_without_passings_is_not_found(either: Account, token: str) -> None:
    assert either.get(f"/passings/session/{token}", 404)["description"] == "Passings not found"
    either.insert(token, sent(5))
    assert either.get(f"/passings/session/{token}?first=6", 404)["description"] == "Passings not found"
    assert either.get(f"/passings/session/{token}?first=5&last=4", 404) == {
        "description": "Passings not found",
        "token_session": token,
    }


entries = st.lists(st.tuples(st.integers(0, 30), st.integers(-20, 20), st.booleans()), min_size=1, max_size=40)
bounds = st.one_of(st.none(), st.integers(-25, 35))


@given(entries, bounds, bounds, st.integers(1, 4), st.integers(1, 7))
def test_ranges_and_pages_equal_a_models(
    arrivals: list[tuple[int, int, bool]], low: int | None, high: int | None, page: int, page_size: int
) -> None:
    company = Company("00000001", clock=FrozenClock(0), identifiers=Identifiers(1), page_size=page_size)
    deviceid = company.devices.bind("M", "S").deviceid
    tokens = [company.sessions.open(deviceid).token_session for _ in range(2)]
    for token in tokens:
        company.sessions.get(token).active = True
    model: dict[tuple[bool, int], int] = {}
    for number, milliseconds, second in arrivals:
        inserted = company.passings.insert(tokens[second], [passing(sent(number, render(milliseconds)))])
        assert inserted == ((second, number) not in model)
        model.setdefault((second, number), milliseconds)

    def inside(value: int) -> bool:
        return (low is None or value >= low) and (high is None or value <= high)

    start, stop = (page - 1) * page_size, page * page_size
    by_number = sorted(number for second, number in model if not second and inside(number))
    by_time = sorted((time, second, number) for (second, number), time in model.items() if inside(time))

    def read(answer: Any) -> list[tuple[str, int]]:
        try:
            return [(entry["token_session"], entry["num_passing"]) for entry in json.loads(answer().passings.json())]
        except PassingsNotFound:
            return []

    assert read(lambda: company.passings.by_number(tokens[0], low, high, page)) == [
        (tokens[0], number) for number in by_number[start:stop]
    ]
    assert read(lambda: company.passings.by_time(deviceid, low, high, page)) == [
        (tokens[second], number) for _, second, number in by_time[start:stop]
    ]


def test_a_stored_passing_can_be_read_as_a_dict() -> None:
    company = Company("00000001", clock=FrozenClock(0), identifiers=Identifiers(1), page_size=10)
    session = company.sessions.open(company.devices.bind("M", "S").deviceid)
    company.passings.insert(session.token_session, [passing(sent(1))])
    (members,) = json.loads(company.passings.by_number(session.token_session, None, None, 1).passings.json())
    assert members["bib"] == "7"
