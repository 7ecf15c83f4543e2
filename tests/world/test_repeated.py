"""What the store does with passings that repeat a num_passing, compared with a list."""

from collections.abc import Iterator
from functools import partial
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rufus_mock.world.store import Inserted, Passing, Repeated, Selection, SessionTotals, Store, Window, ordered

SESSIONS = ("A1", "A2")


def time_of(fragment: bytes) -> int:
    return int(fragment.split()[1])


FIRST_STAYS, LAST_WINS, BOTH_KEPT = Repeated(False), Repeated(True, time_of), Repeated(True)
REFUSED = None

lists = st.lists(st.tuples(st.integers(0, 6), st.integers(-3, 3)), max_size=6)
inserts = st.lists(
    st.tuples(st.sampled_from(SESSIONS), lists, st.sampled_from([FIRST_STAYS, LAST_WINS, BOTH_KEPT, REFUSED])),
    max_size=12,
)
bounds = st.none() | st.integers(-4, 4)


@pytest.fixture(autouse=True, scope="module")
def small_blocks() -> Iterator[None]:
    """Use small blocks, so that a few rows are enough to split them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ordered, "BLOCK", 3)
        yield


class Refusal(Exception):
    """Nothing of the insert is stored."""


def decide(decided: Repeated | None) -> Repeated:
    if decided is None:
        raise Refusal
    return decided


def insert(rows: list[Passing], passings: list[Passing], decided: Repeated | None) -> Inserted:
    """What Store.insert does to the passings of a session, which are in the order of arrival."""
    kept, stored = list(rows), [True] * len(passings)
    new = 0
    for at, passing in enumerate(passings):
        earlier = [row for row in kept if row[0] == passing[0]]
        if earlier and decided is None:
            raise Refusal
        if earlier and decided == LAST_WINS:
            kept = [row for row in kept if row not in earlier]
            stored[:at] = [
                keeps and before[0] != passing[0] for keeps, before in zip(stored, passings[:at], strict=False)
            ]
        if earlier and decided == FIRST_STAYS:
            stored[at] = False
        else:
            kept.append(passing)
        new += not earlier or decided == BOTH_KEPT
    rows[:] = kept
    return Inserted(new, bytes(stored))


def read(selection: Selection | Window) -> list[bytes]:
    if not selection.total:
        return []
    if isinstance(selection, Window):
        found = selection.read(selection.positions(0, selection.total))
    else:
        found = selection.read(0, selection.total)
    return [each for _, run in found for each in run]


def fragments(rows: list[Passing]) -> list[bytes]:
    return [fragment for _, _, fragment in rows]


@given(inserts, bounds, bounds)
def test_repeated_passings_are_skipped_replaced_kept_or_refused(
    written: list[tuple[str, list[tuple[int, int]], Repeated | None]], low: int | None, high: int | None
) -> None:
    store, model, ids = Store(), {session: list[Passing]() for session in SESSIONS}, count()
    for session in SESSIONS:
        store.add_session("A", session)
    for session, entries, decided in written:
        passings = [(number, time, b"%d %d %d" % (number, time, next(ids))) for number, time in entries]
        try:
            expected = insert(model[session], passings, decided)
        except Refusal:
            with pytest.raises(Refusal):
                store.insert(session, passings, partial(decide, decided))
            continue
        copied = store.copy()
        unchanged = read(copied.by_number(session)), read(copied.by_time("A", None, None))
        inserted = store.insert(session, passings, partial(decide, decided))
        stored = bytes([1] * len(passings)) if inserted.stored is None else inserted.stored
        assert (inserted.new, stored) == expected
        assert (read(copied.by_number(session)), read(copied.by_time("A", None, None))) == unchanged
    timed = []
    for ordinal, session in enumerate(SESSIONS):
        rows = sorted(model[session], key=lambda row: row[0])
        times = [time for _, time, _ in rows]
        assert read(store.by_number(session)) == fragments(rows)
        assert store.session_totals(session) == SessionTotals(
            len(rows), min(times, default=None), max(times, default=None)
        )
        within = [row for row in rows if (low is None or row[1] >= low) and (high is None or row[1] <= high)]
        assert read(store.continuing("A", low, high)(session, 2)) == fragments([row for row in within if row[0] > 2])
        timed += [(time, ordinal, number, fragment) for number, time, fragment in model[session]]
    timed.sort(key=lambda row: row[:3])
    assert read(store.by_time("A", None, None)) == [fragment for *_, fragment in timed]
