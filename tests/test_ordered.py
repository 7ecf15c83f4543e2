"""OrderedRows against a sorted list."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rufus_mock.world import ordered
from rufus_mock.world.ordered import OrderedRows

keys = st.tuples(st.integers(-3, 3), st.integers(0, 2), st.integers(0, 40))


@pytest.fixture(autouse=True, scope="module")
def small_blocks() -> Iterator[None]:
    """Blocks so small that a handful of rows splits them."""
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
def test_rows_come_in_the_order_of_their_keys_whatever_their_arrival(
    arrivals: list[tuple[int, int, int]], start: int, stop: int
) -> None:
    rows, model = filled(arrivals)
    assert len(rows) == len(model)
    assert rows.rows(0, len(rows)) == [repr(key) for key in model]
    assert rows.rows(start, stop) == [repr(key) for key in model[start:stop]]
    for number in range(3):
        assert list(rows.column(number, start, stop)) == [key[number] for key in model[start:stop]]


@given(st.lists(keys), keys, st.integers(1, 3))
def test_the_rank_of_a_prefix_counts_the_keys_less_than_it(
    arrivals: list[tuple[int, int, int]], key: tuple[int, int, int], width: int
) -> None:
    rows, model = filled(arrivals)
    prefix = key[:width]
    assert rows.rank(prefix) == sum(other < prefix for other in model)


@given(st.lists(keys, unique=True))
def test_the_first_row_of_a_key_stays(arrivals: list[tuple[int, int, int]]) -> None:
    rows, model = filled(arrivals)
    for key in model:
        assert not rows.add(key, "another")
    assert rows.rows(0, len(rows)) == [repr(key) for key in model]


@pytest.mark.parametrize("many", [1, 1000])
@given(first=st.sets(keys), second=st.sets(keys), single=st.lists(keys))
def test_rows_put_in_together_stand_as_those_put_in_one_by_one(
    many: int,
    first: set[tuple[int, int, int]],
    second: set[tuple[int, int, int]],
    single: list[tuple[int, int, int]],
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ordered, "_MANY", many)
        rows: OrderedRows[str] = OrderedRows(3)
        rows.extend([(key, repr(key)) for key in first])
        copied = rows.copy()
        rows.extend([(key, repr(key)) for key in second - first])
    model = first | second
    assert [repr(key) for key in sorted(first)] == copied.rows(0, len(copied))
    assert all((key in rows) is (key in model) for key in single)
    for key in single:
        rows.add(key, repr(key))
        model.add(key)
    assert len(rows) == len(model)
    assert rows.rows(0, len(rows)) == [repr(key) for key in sorted(model)]
    assert [
        tuple(columns) for columns in zip(*(rows.column(n, 0, len(rows)) for n in range(3)), strict=True)
    ] == sorted(model)
    assert all(rows.rank(key) == index for index, key in enumerate(sorted(model)))
