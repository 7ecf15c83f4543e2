"""Times in any RFC 3339 form come back in the documented one."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rufus_mock.timestamps import parse, parse_documented, render

moments = st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30), timezones=st.just(UTC))
offsets = st.integers(-23 * 60 - 59, 23 * 60 + 59).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(moments, offsets)
def test_any_offset_names_the_same_moment(moment: datetime, offset: timezone) -> None:
    milliseconds = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
    assert parse(moment.astimezone(offset).isoformat()) == milliseconds
    text = render(milliseconds)
    assert len(text) == 24
    assert text.endswith("Z")
    assert parse(text) == parse_documented(text) == milliseconds


@pytest.mark.parametrize(
    ("text", "documented"),
    [
        ("2026-05-10T09:00:00Z", "2026-05-10T09:00:00.000Z"),
        ("2026-05-10t09:00:00.5z", "2026-05-10T09:00:00.500Z"),
        ("2026-05-10T11:00:00.123456789+02:00", "2026-05-10T09:00:00.123Z"),
        ("2026-05-10T09:00:00-00:00", "2026-05-10T09:00:00.000Z"),
        ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z"),
        ("2016-12-31T23:59:60.9Z", "2017-01-01T00:00:00.000Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z"),
        ("9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"),
    ],
)
def test_every_rfc_3339_form_is_taken(text: str, documented: str) -> None:
    assert render(parse(text)) == documented


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-05-10",
        "2026-05-10 09:00:00Z",
        "2026-05-10T09:00:00",
        "2026-05-10T09:00:00+0200",
        "2026-05-10T09:00Z",
        "2026-13-10T09:00:00Z",
        "2026-02-29T09:00:00Z",
        "2026-05-10T24:00:00Z",
        "2026-05-10T09:00:00.Z",
        "2026-05-10T09:00:00,5Z",
        "2026-05-10T09:00:00Z\n",
        "２026-05-10T09:00:00Z",
        "0000-01-01T00:00:00Z",
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:60Z",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse(text)


@pytest.mark.parametrize("text", ["2026-05-10T09:00:00Z", "2026-05-10T09:00:00,000Z", "2026-13-10T09:00:00.000Z"])
def test_the_quick_way_takes_the_documented_form_alone(text: str) -> None:
    assert parse_documented(text) is None
