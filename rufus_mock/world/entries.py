"""Reads the entries of an insert: what is stored of each of them."""

from collections.abc import Callable, Sequence
from functools import cache
from itertools import compress
from typing import Any, ParamSpec, Protocol, TypeVar

import orjson

from ..assumptions import Assumptions, Statement, trace
from ..assumptions.inserts import (
    BELOW_MILLISECOND,
    CHIPS,
    COORDINATE_NUMBER,
    COORDINATE_TEXT,
    KEEPS_OTHER_TIMES,
    NO_COORDINATES,
    TIME_WITHOUT_OFFSET,
    as_sent,
)
from ..base.timestamps import FORM, has_offset, in_zone, parse, parse_documented, render
from .store import Fragment, Passing

P = ParamSpec("P")
T = TypeVar("T")

Entry = dict[str, Any]
"""A passing as it was sent. It is valid by schemas/passing-input.json."""

Read = Callable[[Entry], Passing]

Refusals = tuple[list[int], str, str]
"""The positions of entries, the field that is invalid in all of them, and what was expected there."""

_MEMBERS: dict[str, Any] = dict.fromkeys(
    (
        "timestamp",
        "num_passing",
        "latitude",
        "longitude",
        "status",
        "participant_id",
        "chip",
        "bib",
        "timezone",
        "gender",
    )
)
"""The stored members of a passing in the order of the answer."""


class Decide(Protocol):
    """Gives the function that decides for a statement."""

    def __call__(self, statement: Statement[P, T], /) -> Callable[P, T]: ...


class Refused(ValueError):
    """An assumption says that an entry is invalid. field: the invalid field of the entry."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def reader(decide: Decide, *, asks: bool = False) -> Read:
    """A function that prepares an entry for the store: its time, its coordinates, its chip.

    It is made once for many entries, because it is called for each passing that is inserted. asks: whether each entry
    without coordinates asks what that means. The function raises ValueError for an entry that is invalid after all.
    """
    no_coordinates, text, number_text = decide(NO_COORDINATES), decide(COORDINATE_TEXT), decide(COORDINATE_NUMBER)
    chips, time = decide(CHIPS), _time_reader(decide)
    changes_text = text is not as_sent
    absent = None if asks else no_coordinates()
    defaults = _MEMBERS | {"latitude": absent, "longitude": absent}

    def coordinate(value: str | float | None) -> str | float | None:
        if value is None:
            return no_coordinates()
        return text(value) if isinstance(value, str) else number_text(value)

    def read(sent: Entry) -> Passing:
        members = defaults | sent
        timestamp = parse_documented(members["timestamp"])
        if timestamp is None:
            timestamp, members["timestamp"] = time(sent)
        number = members["num_passing"] = int(members["num_passing"])
        if changes_text or type(members["latitude"]) is not str:
            members["latitude"] = coordinate(members["latitude"])
        if changes_text or type(members["longitude"]) is not str:
            members["longitude"] = coordinate(members["longitude"])
        if len(members) > len(_MEMBERS):
            if "chips" in sent:
                chip = chips(sent)
                if chip is None:
                    raise Refused("chips")
                members["chip"] = chip.value
            members = {name: members[name] for name in _MEMBERS}
        return number, timestamp, orjson.dumps(members)[1:-1]

    return read


def _time_reader(decide: Decide) -> Callable[[Entry], tuple[int, str]]:
    """A function for entries whose timestamp is not in the documented form: their time, and the timestamp to store."""
    keeps_others, local_time, below = decide(KEEPS_OTHER_TIMES), decide(TIME_WITHOUT_OFFSET), decide(BELOW_MILLISECOND)

    def read(sent: Entry) -> tuple[int, str]:
        text = sent["timestamp"]
        time = parse(text)
        if has_offset(text):
            if keeps_others():
                return time, text
            time = below(text, time)
        else:
            local = local_time(sent.get("timezone"))
            if local is None:
                raise Refused("timestamp")
            if local.as_sent:
                return time, text
            time = in_zone(below(text, time), local.zone)
        return time, render(time)

    return read


def refused(entries: Sequence[Entry], decide: Decide) -> Refusals:
    """The entries that an assumption refuses, for one field: the first of these for which there are any."""
    chips, local_time = decide(CHIPS), decide(TIME_WITHOUT_OFFSET)
    found = [index for index, entry in enumerate(entries) if "chips" in entry and chips(entry) is None]
    if found:
        return found, "chips", "no such field: name it chip"
    found = [
        index
        for index, entry in enumerate(entries)
        if not has_offset(entry["timestamp"]) and local_time(entry.get("timezone")) is None
    ]
    return found, "timestamp", f"a time with an offset, such as {FORM}"


class SentEntries:
    """Finds out which assumptions mattered for how the entries of an insert were read.

    That takes as long as reading them, so it is only done when someone wants to know. accepted: whether the insert was
    accepted. settled: whether a trial finds out if the statements that refuse entries matter. kept: the entries that
    are not left out; None: all in the body. stored: for each of them whether it was stored, 1 or 0; None: all were.
    """

    __slots__ = ("_assumptions", "_mattered", "accepted", "kept", "settled", "stored")

    def __init__(self, assumptions: Assumptions) -> None:
        self._assumptions = assumptions
        self._mattered: tuple[str, ...] | None = None
        self.accepted = False
        self.kept: Sequence[Entry] | None = None
        self.settled = False
        self.stored: bytes | None = b""

    def __call__(self, body: bytes, answer_arrives: bool = True) -> tuple[str, ...]:
        """The ids of the assumptions. body: of the request. answer_arrives: see Trace.ids."""
        if not (self.accepted or answer_arrives):
            return ()
        if self._mattered is None:
            self._mattered = self.find(orjson.loads(body)["passings_list"] if self.kept is None else self.kept)
        return self._mattered

    def find(self, entries: Sequence[Entry]) -> tuple[str, ...]:
        """The ids of the assumptions that matter for these entries."""
        ask = self._assumptions.__getitem__
        with trace.separate() as noted:
            found, _, _ = refused(entries, ask)
            if not found:
                read = reader(ask, asks=True)
                for entry in entries if self.stored is None else compress(entries, self.stored):
                    read(entry)
            mattered = noted.ids()
        if self.settled:
            return tuple(id for id in mattered if id not in (CHIPS.id, TIME_WITHOUT_OFFSET.id))
        return mattered


def passing(entry: Entry) -> Passing:
    """Reads an entry in the default way, for passings that no client has inserted: those of a fixture."""
    return _default_reader()(entry)


def restored(entry: Entry) -> Passing:
    """The passing of a snapshot, just as it was stored."""
    return _reader_as_stored()({"latitude": _no_fix(), "longitude": _no_fix(), **entry})


# The assumptions are read from files, so this happens when the first entry is read and not when the module is imported.


@cache
def _default_reader() -> Read:
    return reader(Assumptions().decision)


@cache
def _no_fix() -> str | None:
    return Assumptions().decision(NO_COORDINATES)()


@cache
def _reader_as_stored() -> Read:
    chosen = {
        NO_COORDINATES.id: "null",
        COORDINATE_NUMBER.id: "number",
        KEEPS_OTHER_TIMES.id: "as-sent",
        TIME_WITHOUT_OFFSET.id: "as-sent",
    }
    return reader(Assumptions(chosen=chosen).decision)


def time_of(fragment: Fragment) -> int:
    """The time of a stored passing. A timestamp that is stored as it was sent is not rounded, so it has the time."""
    return parse(orjson.loads(b"{" + fragment + b"}")["timestamp"])
