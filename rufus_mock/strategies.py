"""Hypothesis strategies for the API's identifiers, times and objects, for property tests of your own code.

    from hypothesis import given
    from rufus_mock import strategies as rufus

    @given(rufus.passing_inputs())
    def test_my_encoder(passing): ...

The values are valid by the schemas in schemas/ and include edge cases: any Unicode text, null where it is allowed, and
the earliest and latest times. They need hypothesis: pip install "rufus-mock[contract]".
"""

from functools import cache
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from .base.identifiers import epc
from .base.timestamps import parse, render
from .spec.contract import Contract
from .spec.dialects import Schema

Dicts = SearchStrategy[dict[str, Any]]

_FIRST, _LAST = parse("0001-01-01T00:00:00.000Z"), parse("9999-12-31T23:59:59.999Z")


@cache
def _schema(name: str) -> Schema:
    return Contract().schema(name)


def deviceids() -> SearchStrategy[str]:
    """schemas/deviceid.json"""
    return _hex(64).map(str.upper)


def token_sessions() -> SearchStrategy[str]:
    """schemas/token_session.json"""
    return _hex(64).map(str.upper)


def api_keys() -> SearchStrategy[str]:
    """ror- and 20 lower-case hex digits."""
    return _hex(20).map("ror-".__add__)


def timestamps(first: str | None = None, last: str | None = None) -> SearchStrategy[str]:
    """Times in the documented form, from `first` to `last`, both included. Raises ValueError for an invalid limit."""
    low = _FIRST if first is None else parse(first)
    high = _LAST if last is None else parse(last)
    return st.integers(low, high).map(render)


def bibs(text: bool = False) -> SearchStrategy[str]:
    """Bib numbers; with text=True, any text that the field may hold."""
    return _texts() if text else st.integers(1, 99_999).map(str)


def chips() -> SearchStrategy[str]:
    """96-bit EPCs that encode a bib, as 24 hex digits."""
    return st.integers(1, 99_999).map(epc)


def num_passings() -> SearchStrategy[int]:
    """Numbers of passings within their session, over the whole range of schemas/passing-input.json."""
    schema = _schema("passing-input")["properties"]["num_passing"]
    return st.integers(schema["minimum"], schema["maximum"])


def coordinates(limit: float = 90.0) -> SearchStrategy[str]:
    """Decimal degrees from -limit to limit as text. "0.0", a position without a fix, is frequent."""
    whole = round(limit * 1e6)
    return st.just("0.0") | st.integers(-whole, whole).map(lambda value: f"{value / 1e6:.6f}")


def passing_inputs(**fields: SearchStrategy[Any]) -> Dicts:
    """Passings for a request: schemas/passing-input.json. A keyword argument replaces the strategy of a field."""
    required = {"bib": bibs(text=True), "num_passing": num_passings(), "timestamp": timestamps()}
    optional: dict[str, SearchStrategy[Any]] = {
        "latitude": st.none() | coordinates() | st.floats(-90, 90),
        "longitude": st.none() | coordinates(180.0) | st.floats(-180, 180),
        **{name: st.none() | _texts() for name in ("status", "participant_id", "timezone", "gender")},
        "chip": st.none() | chips() | _texts(),
    }
    optional = {name: strategy for name, strategy in optional.items() if name not in fields}
    return st.fixed_dictionaries({**required, **fields}, optional=optional)


def passing_lists(min_size: int = 1, max_size: int = 5, **fields: SearchStrategy[Any]) -> SearchStrategy[list[Any]]:
    """Lists of passings for a request, without duplicate num_passing. The fields are as in passing_inputs."""
    return st.lists(
        passing_inputs(**fields), min_size=min_size, max_size=max_size, unique_by=lambda passing: passing["num_passing"]
    )


def passings(**fields: SearchStrategy[Any]) -> Dicts:
    """Passings as in a response: schemas/passing.json. A keyword argument replaces the strategy of a field."""
    return _all(
        fields,
        token_session=token_sessions(),
        timestamp=timestamps(),
        num_passing=num_passings(),
        latitude=coordinates(),
        longitude=coordinates(180.0),
        status=st.none() | _texts(),
        participant_id=st.none() | _texts(),
        chip=st.none() | chips(),
        bib=bibs(text=True),
        timezone=st.none() | _texts(),
        gender=st.none() | _texts(),
        deviceid=deviceids(),
    )


def devices(**fields: SearchStrategy[Any]) -> Dicts:
    """Devices as in a response in the dialect "pages": schemas/device.json. Keyword arguments as in passings."""
    return _all(
        fields,
        deviceid=deviceids(),
        type=st.none() | _texts(),
        model=_texts(),
        alias=st.none() | _texts(),
        firmware=st.none() | _texts(),
        serial_number=_texts(),
        creation_date=timestamps(),
        sessions=st.integers(0, 1000),
        passings=st.integers(0, 5_000_000),
        last_seen=st.none() | timestamps(),
    )


def sessions(**fields: SearchStrategy[Any]) -> Dicts:
    """Sessions as in a response: schemas/session.json. first and last are null in a session without passings.

    A keyword argument replaces the strategy of a field.
    """
    ends = st.none() | st.tuples(st.integers(_FIRST, _LAST), st.integers(_FIRST, _LAST), st.integers(1, 5_000_000))

    def with_ends(session: dict[str, Any], ends: tuple[int, int, int] | None) -> dict[str, Any]:
        first, last, count = ends or (None, None, 0)
        found = {
            "passings": count,
            "first": None if first is None or last is None else render(min(first, last)),
            "last": None if first is None or last is None else render(max(first, last)),
        }
        return {**session, **{name: value for name, value in found.items() if name not in fields}}

    plain = _all(
        fields,
        token_session=token_sessions(),
        alias=st.none() | _texts(),
        creation_date=timestamps(),
        duration=timestamps(),
        active=st.booleans(),
        passings=st.none(),
        first=st.none(),
        last=st.none(),
    )
    return st.builds(with_ends, plain, ends)


def events(**fields: SearchStrategy[Any]) -> Dicts:
    """Events as they are read: schemas/event-summary.json, with all fields. They may end before they start."""
    return _all(
        fields,
        event_token=_texts(min_size=1),
        name=st.none() | _texts(),
        edition=st.none() | _texts(),
        location=st.none() | _texts(),
        start_date=st.none() | timestamps(),
        end_date=st.none() | timestamps(),
        status=st.none() | st.sampled_from(["DRAFT", "PUBLISHED"]),
    )


def participants() -> Dicts:
    """Participants of a race, with the fields of RufusProvider.participant."""
    bib = st.shared(bibs(), key="bib of the participant")
    return st.fixed_dictionaries(
        {
            "bib": bib,
            "chip": bib.map(lambda number: epc(int(number))),
            "participant_id": _hex(8).map(str.upper),
            "first_name": _texts(min_size=1),
            "last_name": _texts(min_size=1),
            "gender": st.sampled_from(["M", "F"]),
            "birth_year": st.integers(1920, 2020),
        }
    )


def _hex(digits: int) -> SearchStrategy[str]:
    return st.integers(0, 16**digits - 1).map(lambda number: f"{number:0{digits}x}")


def _texts(min_size: int = 0) -> SearchStrategy[str]:
    """Any text that JSON can hold, so no lone surrogates."""
    return st.text(st.characters(exclude_categories=["Cs"]), min_size=min_size, max_size=20)


def _all(given: dict[str, SearchStrategy[Any]], **fields: SearchStrategy[Any]) -> Dicts:
    # hypothesis varies the order of the members; the API does not.
    return st.fixed_dictionaries({**fields, **given}).map(lambda drawn: {name: drawn[name] for name in fields})
