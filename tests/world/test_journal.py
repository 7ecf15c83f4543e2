"""How many requests a journal keeps, and that it loses none."""

import itertools
from concurrent.futures import ThreadPoolExecutor

from hypothesis import given
from hypothesis import strategies as st

from rufus_mock.web.app import Config, create_app
from rufus_mock.world.journal import Bounds, Entry, Journal


def entry(body: bytes | None = None, operation: str | None = "bindDevice", path: str = "/v0/devices") -> Entry:
    size = len(body or b"")
    return Entry(0, "c", 0, "POST", path, "", operation, "", "1234", body, size, 201, 0.1, None, None, None)


@given(
    st.integers(0, 6),
    st.integers(0, 8000),
    st.lists(st.tuples(st.integers(0, 5000), st.sampled_from(["a", "b"])), max_size=30),
)
def test_the_ring_holds_the_last_that_fit(entries: int, size: int, came: list[tuple[int, str]]) -> None:
    journal = Journal(Bounds(entries, size), itertools.count())
    for length, operation in came:
        journal.record(entry(b"x" * length, operation))
    found = journal.read()
    assert found.total == len(came)
    assert len(found.entries) <= entries
    assert sum(1000 + len(kept.path) + len(kept.body or b"") for kept in found.entries) <= size
    last = came[len(came) - len(found.entries) :]
    assert [kept.operation for kept in found.entries] == [operation for _, operation in last]
    evicted = [operation for _, operation in came[: len(came) - len(found.entries)]]
    assert {name: count for name, count in found.evicted.items() if count} == {
        name: evicted.count(name) for name in evicted
    }


def test_a_body_that_alone_is_too_large_is_not_kept() -> None:
    app = create_app(Config(fixtures=["empty"], journal=Bounds(10, 3000)))
    client = app.test_client()
    body = {"model": "M" * 5000, "serial_number": "S"}
    client.post("/v0/devices", json=body, headers={"api_key": "ror-ae4fc6c19681a20fad30"})
    answer = client.get("/__admin/requests").json
    assert answer is not None
    found = answer["requests"][0]
    assert (found["body"], found["body_kept"]) == (None, False)
    assert found["body_bytes"] > 5000


def test_nothing_is_lost_under_threads() -> None:
    numbers = itertools.count()
    journal = Journal(Bounds(100, 10**6), numbers)

    def write() -> None:
        for _ in range(2000):
            journal.record(entry()._replace(number=next(numbers)))

    with ThreadPoolExecutor(9) as pool:
        for _ in range(8):
            pool.submit(write)
        pool.submit(lambda: [journal.read() for _ in range(100)])
    found = journal.read()
    assert (found.total, len(found.entries), found.evicted["bindDevice"]) == (16_000, 100, 15_900)
    order = [kept.number for kept in found.entries]
    assert order == sorted(set(order))
