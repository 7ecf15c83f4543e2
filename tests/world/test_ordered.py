"""OrderedRows behaves like a sorted list."""

from collections.abc import Iterator
from functools import partial
from operator import itemgetter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rufus_mock.world.store import ordered
from rufus_mock.world.store.ordered import OrderedRows

keys = st.tuples(st.integers(-3, 3), st.integers(0, 2), st.integers(0, 40))


@pytest.fixture(autouse=True, scope="module")
def small_blocks() -> Iterator[None]:
    """Use small blocks, so that a few rows are enough to split them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ordered, "BLOCK", 4)
        yield


def filled(arrivals: list[tuple[int, int, int]]) -> tuple[OrderedRows[str], list[tuple[int, int, int]]]:
    rows: OrderedRows[str] = OrderedRows(3)
    model: set[tuple[int, int, int]] = set()
    for key in arrivals:
        assert rows.add(key, repr(key)) is (key not in model)
        model.add(key)
    return rows, sorted(model)


@given(st.lists(keys), st.integers(0, 50), st.integers(0, 50))
def test_rows_are_sorted_by_key_in_any_order_of_arrival(
    arrivals: list[tuple[int, int, int]], start: int, stop: int
) -> None:
    rows, model = filled(arrivals)
    assert len(rows) == len(model)
    assert rows.rows(0, len(rows)) == [repr(key) for key in model]
    assert rows.rows(start, stop) == [repr(key) for key in model[start:stop]]
    for number in range(3):
        assert list(rows.column(number, start, stop)) == [key[number] for key in model[start:stop]]


@given(st.lists(st.tuples(keys, st.booleans())), st.data())
def test_rows_stay_if_sorting_by_the_rest_of_the_keys_leaves_them_where_they_are(
    arrivals: list[tuple[tuple[int, int, int], bool]], data: st.DataObject
) -> None:
    rows: OrderedRows[str] = OrderedRows(3)
    for key, asked in arrivals:
        rows.add(key, repr(key))
        if asked:
            assert rows.ascending is (sorted(model := _keys(rows), key=lambda each: each[1:]) == model)
    model = _keys(rows)
    if model:
        low, start, last, high = sorted(data.draw(st.integers(0, len(model) - 1)) for _ in range(4))
        expected = sorted(model[low : high + 1], key=lambda each: each[1:])[start - low : last + 1 - low]
        assert rows.stays(start, last + 1, low, high + 1) is (expected == model[start : last + 1])
        assert [rows.rank(key) for key in model] == list(range(len(model)))


def _keys(rows: OrderedRows[str]) -> list[tuple[int, int, int]]:
    first, second, third = (rows.column(number, 0, len(rows)) for number in range(3))
    return list(zip(first, second, third, strict=True))


@given(st.lists(st.tuples(st.lists(keys, min_size=1), st.booleans(), st.booleans())))
def test_add_run_inserts_all_rows_or_none_if_an_existing_row_is_among_them(
    runs: list[tuple[list[tuple[int, int, int]], bool, bool]],
) -> None:
    rows: OrderedRows[str] = OrderedRows(3)
    model: list[tuple[int, int, int]] = []
    for arrival, later, read in runs:
        run = sorted(set(arrival))
        fits = not any(run[0] <= key <= run[-1] for key in model)
        made = [repr(key) for key in run]
        assert rows.add_run(list(zip(*run, strict=True)), partial(list, made) if later else made) is fits
        model = sorted(model + run) if fits else model
        assert len(rows) == len(model)
        if read:
            assert rows.rows(0, len(rows)) == [repr(key) for key in model]
    for key in [(-4, 0, 0), (4, 0, 0), *((number, 1, 50) for number in range(-3, 4))]:
        assert rows.add(key, repr(key))
        assert rows.rank(key) == sum(other < key for other in model)
        model = sorted([*model, key])
    assert rows.rows(0, len(rows)) == [repr(key) for key in model]
    for number in range(3):
        assert list(rows.column(number, 0, len(rows))) == [key[number] for key in model]


@given(st.lists(keys), keys, st.integers(1, 3))
def test_rank_counts_the_keys_less_than_the_prefix(
    arrivals: list[tuple[int, int, int]], key: tuple[int, int, int], width: int
) -> None:
    rows, model = filled(arrivals)
    prefix = key[:width]
    assert rows.rank(prefix) == sum(other < prefix for other in model)


@given(st.lists(keys, unique=True))
def test_the_first_row_with_a_key_is_kept(arrivals: list[tuple[int, int, int]]) -> None:
    rows, model = filled(arrivals)
    for key in model:
        assert not rows.add(key, "another")
    assert rows.rows(0, len(rows)) == [repr(key) for key in model]


@given(st.lists(keys, unique=True), st.lists(keys, unique=True), st.lists(keys, unique=True))
def test_a_copy_and_its_original_change_independently(
    shared: list[tuple[int, int, int]], here: list[tuple[int, int, int]], there: list[tuple[int, int, int]]
) -> None:
    rows, _ = filled(shared)
    copied = rows.copy()
    for key in here:
        rows.add(key, repr(key))
    run = sorted(there)
    if not run or not copied.add_run(list(zip(*run, strict=True)), [repr(key) for key in run]):
        for key in run:
            copied.add(key, repr(key))
    assert rows.rows(0, len(rows)) == [repr(key) for key in sorted({*shared, *here})]
    assert copied.rows(0, len(copied)) == [repr(key) for key in sorted({*shared, *there})]


@given(st.lists(keys), st.data())
def test_rows_with_the_same_key_stay_in_order_of_arrival_and_can_be_removed(
    arrivals: list[tuple[int, int, int]], data: st.DataObject
) -> None:
    rows: OrderedRows[str] = OrderedRows(3)
    model: list[tuple[tuple[int, int, int], str]] = []
    for number, (first, second, third) in enumerate(arrivals):
        key = (first, second, third % 3)
        rows.add_again(key, str(number))
        model.append((key, str(number)))
        if data.draw(st.integers(0, 2)) == 0:
            gone = data.draw(st.sampled_from(model))
            rows.remove(*gone)
            model.remove(gone)
        expected = sorted(model, key=itemgetter(0))
        assert rows.rows(0, len(rows)) == [row for _, row in expected]
        assert [*zip(*(rows.column(column, 0, len(rows)) for column in range(3)), strict=True)] == [
            key for key, _ in expected
        ]
        for key, _ in expected:
            assert not rows.add(key, "another")
            assert rows.rank(key) == sum(other < key for other, _ in expected)
