"""Times in any accepted form come back in the documented one."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rufus_mock.base.timestamps import FORMS, parse, parse_documented, render
from rufus_mock.spec.contract import Contract
from rufus_mock.spec.validation import BodyValidator

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
        ("2026-11-24 19:14:51.873", "2026-11-24T19:14:51.873Z"),
        ("2026-11-24T19:14:51.9999", "2026-11-24T19:14:51.999Z"),
        ("2024-02-29 00:00:00", "2024-02-29T00:00:00.000Z"),
    ],
)
def test_every_form_is_accepted(text: str, documented: str) -> None:
    assert render(parse(text)) == documented


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-05-10",
        "2026-05-10 09:00:00Z",
        "2026-05-10 25:61:00",
        "2026-02-30 09:00:00",
        "2026-05-10 09:00",
        "2026-05-10 09:00:00.",
        "2026-05-10 09:00:00,5",
        "2026-05-10 09:00:00.1234567890",
        "2026-05-10  09:00:00",
        "2026-05-10_09:00:00",
        " 2026-05-10 09:00:00",
        "2026-05-10 09:00:00\n",
        "2026-05-10 09:00:60",
        "2026-05-10 09:00:00+02:00",
        "２026-05-10 09:00:00",
        "0000-01-01 00:00:00",
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


@given(
    st.datetimes(min_value=datetime(1, 1, 1), max_value=datetime(9999, 12, 31)),
    st.sampled_from("T "),
    st.text("0123456789", max_size=9),
)
def test_a_time_without_an_offset_is_read_as_utc(moment: datetime, separator: str, digits: str) -> None:
    second = moment.replace(microsecond=0).isoformat(separator)
    text = f"{second}.{digits}" if digits else second
    assert render(parse(text)) == f"{second.replace(' ', 'T')}.{digits[:3]:0<3}Z"


def test_what_the_schema_accepts_without_an_offset_is_read_unless_the_calendar_has_no_such_day() -> None:
    schema = Contract().schema("timestamp-input")
    pattern = schema["anyOf"][1]["pattern"]

    @given(st.from_regex(pattern, fullmatch=True))
    def holds(text: str) -> None:
        try:
            documented = render(parse(text))
        except ValueError:
            assert text[:4] == "0000" or int(text[8:10]) > 28
        else:
            assert documented[:19] == text[:19].replace(" ", "T")

    holds()


@pytest.mark.parametrize(
    "text", ["", "2026-05-10", "2026-05-10 25:61:00", "2026-05-10 09:00:00Z", "2026-05-10 09:00:00.1234567890"]
)
def test_the_schema_refuses_what_is_no_time_and_names_the_accepted_forms(text: str) -> None:
    (problem,) = BodyValidator(Contract().schema("timestamp-input")).problems(text)
    assert problem.expected == FORMS


@pytest.mark.parametrize("text", ["2026-05-10T09:00:00Z", "2026-05-10T09:00:00,000Z", "2026-13-10T09:00:00.000Z"])
def test_the_quick_way_takes_the_documented_form_alone(text: str) -> None:
    assert parse_documented(text) is None
