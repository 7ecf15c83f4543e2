import orjson
import pytest

from rufus_mock.generated import epc, generated
from rufus_mock.timestamps import render
from rufus_mock.world.passings import passing

FIRST, LAST = 1_675_442_021_208, 1_675_449_667_931


@pytest.mark.parametrize("chips", [True, False])
@pytest.mark.parametrize("timezone", [None, "CET", '100% "bib":"bib" é'])
@pytest.mark.parametrize("first", [FIRST, -70_001])
def test_generated_passings_are_those_that_a_client_would_have_inserted(
    chips: bool, timezone: str | None, first: int
) -> None:
    made = list(generated(300, 7, first, LAST, first_num_passing=5, chips=chips, timezone=timezone))
    for entry in made:
        members = orjson.loads(b"{" + entry.fragment + b"}")
        assert entry == passing({**members, "timestamp": render(entry.timestamp), "num_passing": entry.num_passing})
        assert members["timestamp"] == render(entry.timestamp)
        assert members["chip"] == (epc(int(members["bib"])) if chips else None)
        assert members["timezone"] == timezone
        assert members["status"] == "Sent"
    assert [entry.num_passing for entry in made] == list(range(5, 305))
    assert sorted(int(orjson.loads(b"{" + entry.fragment + b"}")["bib"]) for entry in made) == list(range(1, 301))


def test_generated_passings_lie_between_the_first_and_the_last_in_order() -> None:
    times = [entry.timestamp for entry in generated(100, 1, FIRST, LAST)]
    assert (times[0], times[-1], times) == (FIRST, LAST, sorted(times))


def test_the_same_seed_makes_the_same_passings() -> None:
    assert list(generated(50, 3, FIRST, LAST)) == list(generated(50, 3, FIRST, LAST))
    assert list(generated(50, 3, FIRST, LAST)) != list(generated(50, 4, FIRST, LAST))


def test_a_chip_spells_the_bib() -> None:
    assert bytes.fromhex(epc(978)) == b"00000MC00978"
