"""Passings by time and by number: ranges, pages and resuming."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rufus_mock.base.errors import PassingsNotFound
from rufus_mock.base.identifiers import Identifiers
from rufus_mock.base.timestamps import render
from rufus_mock.world import Company
from rufus_mock.world.entries import passing
from tests.clocks import FrozenClock
from tests.conftest import Account, numbers, sent

NINE = "2026-05-10T09:00:00.000Z"


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
        assert inserted.new == ((second, number) not in model)
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
