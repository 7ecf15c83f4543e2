"""Random requests that refer to what exists, to what existed, and to what never did."""

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from tests.assumptions.twin import Request

HEX = "0123456789ABCDEF"
UNKNOWN = "E" * 64
TIMES = (
    "2023-11-14T22:13:20.000Z",
    "2023-11-14T22:13:20.001Z",
    "2023-11-14T22:13:20.0006Z",
    "2023-11-14T22:13:20.0004Z",
    "2023-11-15T00:13:20.000+02:00",
    "2023-11-14 22:13:20.000",
    "2023-11-14T22:13:21.000Z",
    "2023-11-14 22:13:20.9995",
    "2023-11-14T22:13:20.000Z",
    "2023-11-14T22:13:21.000Z",
    "2023-02-30T22:13:21.000Z",
)

passings = st.builds(
    lambda entry, unusual: entry | unusual,
    st.fixed_dictionaries(
        {
            "bib": st.sampled_from(["7", "8"]),
            "num_passing": st.integers(1, 5),
            "timestamp": st.sampled_from(TIMES),
            "latitude": st.sampled_from(["12.5", "12.500", "0.0", "-0", "north"]),
            "longitude": st.sampled_from(["12.5", "12.5", "1.20"]),
        },
        optional={
            "chip": st.sampled_from(["A", None]),
            "timezone": st.sampled_from(["America/New_York", "UTC", "nowhere", "../zone", None]),
        },
    ),
    st.sampled_from(
        [
            *[{}] * 8,
            *({"latitude": value} for value in (12, 12.5, None)),
            {"longitude": 12},
            {"chips": "B"},
            {"chips": None},
            {"latitude": True},
            {"extra": 1},
            {"timestamp": "9999-12-31 23:59:59.9999"},
        ]
    ),
)
devices = st.fixed_dictionaries(
    {"model": st.sampled_from(["A", "B"]), "serial_number": st.sampled_from(["1", "2"])},
    optional={"type": st.sampled_from(["x", "y", None]), "alias": st.just("alias"), "extra": st.just(1)},
)
bounds = st.sampled_from(["1", "2", "3", "4", "abc", "-1"])
times = st.sampled_from([*TIMES[:2], *TIMES[:2], TIMES[6], "abc"])
pages = st.sampled_from(["1", "1", "2", "2", "3", "9", "abc"])
device_pages = st.fixed_dictionaries({}, optional={"page": pages, "limit": st.sampled_from(["1", "2", "0"])})
event_pages = st.fixed_dictionaries({}, optional={"page": pages, "limit": st.sampled_from(["1", "2", "0"])})
session_fields: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [{}, {"alias": "a"}, {"alias": "a"}, {"alias": None}, {"alias": ""}, {"extra": 1}]
)
lists = st.lists(passings, max_size=3)
ranges = st.fixed_dictionaries({}, optional={"first": bounds, "last": bounds, "page": pages})
periods = st.fixed_dictionaries({}, optional={"from": times, "to": times, "page": pages})
keys = st.sampled_from(["read_write"] * 12 + ["read", "write", None, "unknown", "other read_write"])
types = st.sampled_from(["application/json"] * 6 + ["text/plain"])
extra = st.sampled_from([{}] * 6 + [{"extra": "1"}])


@st.composite
def requests(draw: st.DrawFn, deviceids: list[str], tokens: list[str]) -> Request:
    """A request. deviceids and tokens: identifiers of things that exist or existed."""
    device = draw(_identifier(deviceids))
    token = draw(_identifier(tokens))
    kinds: dict[str, Callable[[], tuple[str, str, dict[str, Any], Any]]] = {
        "bind": lambda: ("POST", "/devices", {}, draw(devices)),
        "unbind": lambda: ("DELETE", f"/devices/{device}", {}, None),
        "device": lambda: ("GET", f"/devices/{device}", {}, None),
        "devices": lambda: ("GET", "/devices", draw(device_pages), None),
        "events": lambda: ("GET", "/events", draw(event_pages), None),
        "open": lambda: ("POST", "/sessions", {}, {"deviceid": device, **draw(session_fields)}),
        "events with another method": lambda: ("POST", "/events", {}, None),
        "close": lambda: ("PATCH", f"/sessions/close/{token}", {}, None),
        "session": lambda: ("GET", f"/sessions/{token}", {}, None),
        "sessions": lambda: ("GET", f"/sessions/device/{device}", {}, None),
        "active": lambda: ("GET", f"/sessions/device/{device}/active", {}, None),
        "insert": lambda: ("POST", "/passings", {}, {"token_session": token, "passings_list": draw(lists)}),
        "range": lambda: ("GET", f"/passings/session/{token}", draw(ranges), None),
        "time": lambda: ("GET", f"/passings/device/{device}", draw(periods), None),
        "device2": lambda: ("GET", f"/passings/device2/{device}", {**draw(periods), **draw(_position(token))}, None),
        "unknown path": lambda: ("GET", "/nowhere", {}, None),
        "wrong method": lambda: ("PUT", "/devices", {}, None),
    }
    weighted = [*kinds, "bind", "open", "open", *["insert"] * 5, *["range", "time", "device2"] * 2]
    method, path, query, body = kinds[draw(st.sampled_from(weighted))]()
    slash = draw(st.sampled_from([""] * 15 + ["/"]))
    return Request(method, f"/v0{path}{slash}", query | draw(extra), body, draw(keys), draw(types))


def _identifier(known: list[str]) -> st.SearchStrategy[str]:
    existing = known or [UNKNOWN]
    others = [*map(str.lower, existing), *[UNKNOWN, "malformed"] * len(existing)]
    return st.sampled_from([*existing * 9, *others])


def _position(token: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional={"token_session": st.just(token), "last": bounds})
