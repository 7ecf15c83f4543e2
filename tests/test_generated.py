"""Passings made up from a seed."""

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
    passings = list(generated(count, seed, first, first + length, chips=chips))
    assert passings == list(generated(count, seed, first, first + length, chips=chips))
    numbers, times, fragments = zip(*passings, strict=True)
    assert numbers == tuple(range(1, count + 1))
    assert list(times) == sorted(times)
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
    made = list(generated(300, 7, first, first + 7_646_723, first_num_passing=5, chips=chips, timezone=timezone))
    for number, time, fragment in made:
        members = orjson.loads(b"{" + fragment + b"}")
        assert (number, time, fragment) == passing({**members, "timestamp": render(time), "num_passing": number})
        assert members["timestamp"] == render(time)
        assert members["chip"] == (epc(int(members["bib"])) if chips else None)
        assert members["timezone"] == timezone
        assert members["status"] == "Sent"
    assert [number for number, _, _ in made] == list(range(5, 305))
    assert sorted(int(orjson.loads(b"{" + fragment + b"}")["bib"]) for _, _, fragment in made) == list(range(1, 301))
