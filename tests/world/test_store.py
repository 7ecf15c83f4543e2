"""The store keeps both indexes of the passings in step, and the rest of world/ does not know them."""

import ast
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rufus_mock.world.store import Inserted, Passing, Selection, SessionTotals, Store, Window
from tools.imports import PACKAGE, imports, modules

DEVICE = {"A1": "A", "A2": "A", "B1": "B"}
arrivals = st.lists(st.tuples(st.sampled_from(sorted(DEVICE)), st.integers(0, 12), st.integers(-5, 5)), max_size=30)
bounds = st.none() | st.integers(-6, 13)


def fragment(token_session: str, number: int) -> bytes:
    return f"{token_session} {number}".encode()


def filled(written: list[tuple[str, int, int]]) -> Store:
    store = Store()
    for token_session, deviceid in DEVICE.items():
        store.add_session(deviceid, token_session)
    write(store, written)
    return store


def write(store: Store, written: list[tuple[str, int, int]]) -> None:
    for token_session, number, time in written:
        store.insert(token_session, [(number, time, fragment(token_session, number))])


def read(selection: Selection | Window) -> list[bytes]:
    if isinstance(selection, Window):
        found = selection.read(selection.positions(0, selection.total))
    else:
        found = selection.read(0, selection.total) if selection.total else []
    assert all(each.split()[0].decode() == token_session for token_session, run in found for each in run)
    return [each for _, run in found for each in run]


def stored(written: list[tuple[str, int, int]]) -> dict[tuple[str, int], int]:
    model: dict[tuple[str, int], int] = {}
    for token_session, number, time in written:
        model.setdefault((token_session, number), time)
    return model


def within(value: int, low: int | None, high: int | None) -> bool:
    return (low is None or value >= low) and (high is None or value <= high)


@given(arrivals, bounds, bounds)
def test_both_indexes_select_the_same_passings(
    written: list[tuple[str, int, int]], low: int | None, high: int | None
) -> None:
    store, model = filled(written), stored(written)
    for session in DEVICE:
        numbers = sorted(number for token, number in model if token == session)
        selected = [number for number in numbers if within(number, low, high)]
        assert read(store.by_number(session, low, high)) == [fragment(session, number) for number in selected]
        timed = [number for number in numbers if number > 3 and within(model[session, number], low, high)]
        selection = store.continuing(DEVICE[session], low, high)(session, 3)
        assert read(selection) == [fragment(session, number) for number in timed]
    for deviceid in ("A", "B"):
        keys = sorted((time, *key) for key, time in model.items() if DEVICE[key[0]] == deviceid)
        assert read(store.by_time(deviceid, low, high)) == [
            fragment(token, number) for time, token, number in keys if within(time, low, high)
        ]


@given(arrivals)
def test_counts_and_times_follow_from_the_passings(written: list[tuple[str, int, int]]) -> None:
    store, model = filled(written), stored(written)
    assert store.count() == len(model)
    for session in DEVICE:
        times = [time for (token, _), time in model.items() if token == session]
        assert store.session_totals(session) == SessionTotals(
            len(times), min(times, default=None), max(times, default=None)
        )
    assert store.device_counts("A") == (2, sum(token != "B1" for token, _ in model))
    assert store.device_counts("B") == (1, sum(token == "B1" for token, _ in model))


@given(arrivals, arrivals, st.booleans())
def test_the_times_at_the_ends_follow_from_the_passings(
    written: list[tuple[str, int, int]], later: list[tuple[str, int, int]], at_once: bool
) -> None:
    store = filled(written).copy()
    if at_once:
        for session in DEVICE:
            store.insert(session, [(number, time, b"") for token, number, time in later if token == session])
    else:
        write(store, later)
    model = stored(written + later)
    for session in DEVICE:
        times = {number: time for (token, number), time in model.items() if token == session}
        if times:
            assert store.ends_by_number(session) == (times[min(times)], times[max(times)])
    for deviceid in ("A", "B"):
        times_of_device = [time for (token, _), time in model.items() if DEVICE[token] == deviceid]
        assert store.latest(deviceid) == max(times_of_device, default=None)


@given(arrivals, arrivals, arrivals)
def test_a_copy_and_its_original_change_independently(
    shared: list[tuple[str, int, int]], here: list[tuple[str, int, int]], there: list[tuple[str, int, int]]
) -> None:
    store = filled(shared)
    copied = store.copy()
    write(store, here)
    write(copied, there)
    store.add_session("A", "A3")
    for each, written in ((store, shared + here), (copied, shared + there)):
        for session in DEVICE:
            numbers = sorted(number for token, number in stored(written) if token == session)
            assert read(each.by_number(session)) == [fragment(session, number) for number in numbers]
    assert (store.sessions("A"), copied.sessions("A")) == (["A1", "A2", "A3"], ["A1", "A2"])


def test_a_removed_device_takes_its_sessions_and_passings_along_and_no_others() -> None:
    store = filled([("A1", 1, 1), ("A2", 1, 2), ("B1", 1, 3)])
    copied = store.copy()
    assert store.remove_device("A") == ["A1", "A2"]
    assert store.remove_device("A") == []
    assert (store.sessions("A"), store.device_counts("A"), store.count()) == ([], (0, 0), 1)
    assert read(store.by_time("A", None, None)) == []
    assert read(store.by_number("B1")) == [fragment("B1", 1)]
    assert (copied.sessions("A"), copied.count()) == (["A1", "A2"], 3)


@pytest.mark.parametrize("times", [[1, 2, 3], [3, 1, 2]])
def test_a_run_is_created_when_it_is_first_read(times: list[int]) -> None:
    calls: list[None] = []

    def create() -> list[bytes]:
        calls.append(None)
        return [fragment("A1", number) for number in range(3)]

    store = filled([])
    assert store.insert_run("A1", range(3), times, create)
    assert store.session_totals("A1") == SessionTotals(3, 1, 3)
    assert bool(calls) is (times != sorted(times))
    assert read(store.by_number("A1")) == [fragment("A1", number) for number in range(3)]
    assert not store.insert_run("A1", range(2, 4), [7, 8], create)
    assert (store.count(), store.session_totals("A1").last) == (3, 3)


def test_a_list_that_is_partly_new_stores_what_is_new() -> None:
    store = filled([("A1", 2, 20)])
    passings: list[Passing] = [(number, number, fragment("A1", number)) for number in (1, 2, 3)]
    assert store.insert("A1", passings) == Inserted(2, b"\1\0\1")
    assert store.session_totals("A1") == SessionTotals(3, 1, 20)


WORLD = [module for module in modules() if module.parts[0] == "world"]


@pytest.mark.parametrize("module", WORLD, ids=str)
def test_the_modules_of_the_world_import_each_other_in_one_direction(module: Path) -> None:
    reached: set[Path] = set()
    pending = _imported(module)
    while pending:
        each = pending.pop()
        if each not in reached:
            reached.add(each)
            pending |= _imported(each)
    assert module not in reached


def test_no_module_of_the_world_hides_an_import_from_python() -> None:
    names = {
        module: {node.id for node in ast.walk(ast.parse((PACKAGE / module).read_text())) if isinstance(node, ast.Name)}
        for module in WORLD
    }
    assert [module for module in WORLD if "TYPE_CHECKING" in names[module]] == []


def test_only_the_store_knows_its_indexes() -> None:
    inside = {f"world/store/{name}.py" for name in ("__init__", "indexes", "store", "window")}
    importers = {each.importer.as_posix() for each in imports() if each.imported.as_posix() == "world/store/ordered.py"}
    assert importers == inside


def _imported(module: Path) -> set[Path]:
    return {each.imported for each in imports(module) if each.imported.parts[0] == "world"}
