"""Passings made up from a seed."""

from concurrent.futures import ThreadPoolExecutor

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rufus_mock.generated import epc, generated
from rufus_mock.timestamps import render
from rufus_mock.world.passings import passing


@given(st.integers(1, 60), st.integers(), st.integers(0, 10**12), st.integers(0, 10**7), st.booleans())
def test_they_are_reproducible_in_order_and_within_their_times(
    count: int, seed: int, first: int, length: int, chips: bool
) -> None:
    made = generated(count, seed, first, first + length, chips=chips)
    again = generated(count, seed, first, first + length, chips=chips)
    times, fragments = made.times, made.fragments()
    assert (times, fragments) == (again.times, again.fragments())
    assert list(made.numbers) == list(range(1, count + 1))
    assert times == sorted(times)
    assert len(fragments) == count
    assert times[0] == first
    assert times[-1] == (first + length if count > 1 else first)
    assert len(set(fragments)) == count
    assert all((b'"chip":null' in fragment) is not chips for fragment in fragments)


def test_a_chip_spells_its_bib_as_an_epc_of_96_bits() -> None:
    assert epc(978) == "30303030304D433030393738"
    assert len(epc(5_000_000)) == 24


@pytest.mark.parametrize("chips", [True, False])
@pytest.mark.parametrize("timezone", [None, "CET", '100% "bib":"bib" é'])
@pytest.mark.parametrize("first", [1_675_442_021_208, -70_001])
def test_generated_passings_are_those_that_a_client_would_have_inserted(
    chips: bool, timezone: str | None, first: int
) -> None:
    made = generated(300, 7, first, first + 7_646_723, first_num_passing=5, chips=chips, timezone=timezone)
    for number, time, fragment in zip(made.numbers, made.times, made.fragments(), strict=True):
        members = orjson.loads(b"{" + fragment + b"}")
        assert (number, time, fragment) == passing({**members, "timestamp": render(time), "num_passing": number})
        assert members["timestamp"] == render(time)
        assert members["chip"] == (epc(int(members["bib"])) if chips else None)
        assert members["timezone"] == timezone
        assert members["status"] == "Sent"
    assert list(made.numbers) == list(range(5, 305))
    bibs = [int(orjson.loads(b"{" + fragment + b"}")["bib"]) for fragment in made.fragments()]
    assert sorted(bibs) == list(range(1, 301))


@pytest.mark.parametrize("seed", range(5))
def test_they_are_the_same_for_all_who_read_them_first_at_once(seed: int) -> None:
    made = generated(2000, seed, 0, 10**7)
    with ThreadPoolExecutor(4) as threads:
        reads = [threads.submit(made.fragments) for _ in range(4)]
    assert all(read.result() == made.fragments() for read in reads)
