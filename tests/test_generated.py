"""Passings made up from a seed."""

from hypothesis import given
from hypothesis import strategies as st

from rufus_mock.generated import epc, generated


@given(st.integers(1, 60), st.integers(), st.integers(0, 10**12), st.integers(0, 10**7), st.booleans())
def test_they_are_reproducible_in_order_and_within_their_times(
    count: int, seed: int, first: int, length: int, chips: bool
) -> None:
    passings = list(generated(count, seed, first, first + length, chips=chips))
    assert passings == list(generated(count, seed, first, first + length, chips=chips))
    assert [passing.num_passing for passing in passings] == list(range(1, count + 1))
    times = [passing.timestamp for passing in passings]
    assert times == sorted(times)
    assert times[0] == first
    assert times[-1] == (first + length if count > 1 else first)
    assert len({passing.fragment for passing in passings}) == count
    assert all((b'"chip":null' in passing.fragment) is not chips for passing in passings)


def test_a_chip_spells_its_bib_as_an_epc_of_96_bits() -> None:
    assert epc(978) == "30303030304D433030393738"
    assert len(epc(5_000_000)) == 24
