"""How the coordinates, the chip and the timestamp of a passing are read under each variant of the assumptions."""

from typing import Any

import pytest

from tests.assumptions.test_inserts import DOCUMENTED, assume, mattered, opened
from tests.conftest import Account, sent


@pytest.mark.parametrize(
    ("id", "variant", "fields", "read"),
    [
        ("insert.no-coordinates", "zero", {}, {"latitude": "0.0", "longitude": "0.0"}),
        ("insert.no-coordinates", "null", {}, {"latitude": None, "longitude": None}),
        ("insert.no-coordinates", "null", {"latitude": None, "longitude": "1"}, {"latitude": None, "longitude": "1"}),
        ("insert.coordinate-text", "as-sent", {"latitude": "12.500"}, {"latitude": "12.500"}),
        ("insert.coordinate-text", "normalised", {"latitude": "12.500"}, {"latitude": "12.5"}),
        ("insert.coordinate-text", "normalised", {"latitude": "+012"}, {"latitude": "12.0"}),
        ("insert.coordinate-text", "normalised", {"latitude": "-0.50"}, {"latitude": "-0.5"}),
        ("insert.coordinate-text", "normalised", {"latitude": "-.00"}, {"latitude": "0.0"}),
        ("insert.coordinate-number", "text", {"latitude": 12}, {"latitude": "12"}),
        ("insert.coordinate-number", "float-text", {"latitude": 12}, {"latitude": "12.0"}),
        ("insert.coordinate-number", "float-text", {"latitude": 1e-7}, {"latitude": "0.0000001"}),
        ("insert.coordinate-number", "number", {"latitude": 12}, {"latitude": 12}),
        ("insert.coordinate-number", "number", {"latitude": -12.5}, {"latitude": -12.5}),
        ("insert.chips", "as-chip", {"chips": "A"}, {"chip": "A"}),
        ("insert.chips", "as-chip", {"chips": "A", "chip": "B"}, {"chip": "B"}),
        ("insert.chips", "ignored", {"chips": "A"}, {"chip": None}),
        ("insert.chips", "ignored", {"chips": "A", "chip": "B"}, {"chip": "B"}),
    ],
)
def test_coordinates_and_chips_are_read_as_assumed(
    account: Account, id: str, variant: str, fields: dict[str, Any], read: dict[str, Any]
) -> None:
    session = opened(account)
    assume(account, id, variant)
    account.insert(session, sent(1) | fields)
    assert id in mattered(account)
    (entry,) = account.read(session)
    assert {name: entry[name] for name in read} == read


@pytest.mark.parametrize("text", ["north", "", ".", "1e1", "NaN", "١", " 1", "12.5", "0.0"])
def test_a_text_that_is_no_decimal_or_in_shortest_form_stays(account: Account, text: str) -> None:
    session = opened(account)
    assume(account, "insert.coordinate-text", "normalised")
    account.insert(session, sent(1, latitude=text, longitude=text))
    assert "insert.coordinate-text" not in mattered(account)
    assert account.read(session)[0]["latitude"] == text


NEW_YORK, LONGEST = "America/New_York", "x" * 5000


@pytest.mark.parametrize(
    ("id", "variant", "timestamp", "timezone", "read"),
    [
        ("insert.other-times", "documented-form", "2026-05-10T11:00:00+02:00", None, DOCUMENTED),
        ("insert.other-times", "as-sent", "2026-05-10T11:00:00+02:00", None, "2026-05-10T11:00:00+02:00"),
        ("insert.other-times", "as-sent", "2026-05-10t09:00:00z", None, "2026-05-10t09:00:00z"),
        ("insert.below-millisecond", "truncated", "2026-05-10T09:00:00.0009Z", None, DOCUMENTED),
        ("insert.below-millisecond", "rounded", "2026-05-10T09:00:00.0005Z", None, "2026-05-10T09:00:00.001Z"),
        ("insert.below-millisecond", "rounded", "2026-05-10 08:59:59.9996", None, DOCUMENTED),
        ("insert.below-millisecond", "rounded", "1969-12-31T23:59:59.9995Z", None, "1970-01-01T00:00:00.000Z"),
        ("insert.time-without-offset", "utc", "2026-05-10 09:00:00", NEW_YORK, DOCUMENTED),
        ("insert.time-without-offset", "as-sent", "2026-05-10 09:00:00", NEW_YORK, "2026-05-10 09:00:00"),
        ("insert.time-without-offset", "passing-timezone", "2026-05-10 05:00:00", NEW_YORK, DOCUMENTED),
        *(
            ("insert.time-without-offset", "passing-timezone", "2026-05-10T09:00:00", timezone, DOCUMENTED)
            for timezone in (None, "UTC", "", "nowhere", "../UTC", "America", "a\0b", LONGEST)
        ),
    ],
)
def test_times_are_read_as_assumed(
    account: Account, id: str, variant: str, timestamp: str, timezone: str | None, read: str
) -> None:
    session = opened(account)
    assume(account, id, variant)
    account.insert(session, sent(1, timestamp, timezone=timezone))
    assert id in mattered(account)
    assert account.read(session)[0]["timestamp"] == read


@pytest.mark.parametrize("timestamp", ["2026-05-10T09:00:00.0004Z", "2016-12-31T23:59:60.9999Z", DOCUMENTED])
def test_a_time_that_is_not_rounded(account: Account, timestamp: str) -> None:
    session = opened(account)
    assume(account, "insert.below-millisecond", "rounded")
    account.insert(session, sent(1, timestamp), sent(2, "9999-12-31T23:59:59.9999Z"))
    assert "insert.below-millisecond" not in mattered(account)
    assert account.read(session)[1]["timestamp"] == "9999-12-31T23:59:59.999Z"


def test_the_order_by_time_follows_the_time_that_a_timestamp_means(account: Account) -> None:
    device = account.bind()
    session = account.open(device)
    local = sent(1, "2026-05-10 09:00:00", "local", timezone=NEW_YORK)
    utc = sent(2, "2026-05-10T10:00:00.000Z", "utc")
    for variant, bibs in (("passing-timezone", ["utc", "local"]), ("as-sent", ["local", "utc"])):
        assume(account, "insert.time-without-offset", variant)
        session = account.open(device)
        account.insert(session, local, utc)
        found = [entry for entry in account.read_device(device) if entry["token_session"] == session]
        assert [entry["bib"] for entry in found] == bibs


def test_coordinates_as_text_are_not_left_open_in_the_other_dialect(either: Account) -> None:
    session = opened(either)
    assume(either, "insert.coordinate-text", "normalised")
    either.insert(session, sent(1, latitude="12.500"))
    pages = either.dialect == "pages"
    assert ("insert.coordinate-text" in mattered(either)) is pages
    assert either.read(session)[0]["latitude"] == ("12.5" if pages else "12.500")
