"""The kit stays green on the mock in some variants; `python -m tools.kit_in_variants` tries all of them."""

import pytest

from tests.contract.mutants import checks_without_pages
from tests.contract.mutants.faultless import Faultless
from tools.kit_in_variants import Case, problems, random_case

# To trace them takes as long as to run them, and shows no line that the kit's own tests do not.
pytestmark = pytest.mark.no_cover

SINGLE = (
    ("device2.nothing-new", "404"),
    ("devices.bind-again", "200"),
    ("insert.bad-entry", "others-stored"),
    ("insert.coordinate-number", "number"),
    ("reads.upside-down", "400"),
    ("sessions.no-alias", "empty-text"),
)


@pytest.mark.parametrize(("id", "variant"), SINGLE)
def test_the_kit_is_green_in_a_variant(dialect: str, id: str, variant: str) -> None:
    assert problems(Case(dialect, {id: variant}), examples=1, checks=checks_without_pages()) == []


@pytest.mark.parametrize("seed", [1, 2])
def test_the_kit_is_green_in_several_variants_at_once(dialect: str, seed: int) -> None:
    chosen = random_case(dialect, seed).chosen
    # Waiting for a limited rate takes ten seconds.
    case = Case(dialect, {**chosen, "access.rate-limit": "none"})
    assert problems(case, examples=1, checks=checks_without_pages()) == []


def test_the_kit_is_green_if_all_that_is_assumed_is_otherwise_and_fields_are_added(dialect: str) -> None:
    server = Faultless(dialect, otherwise=True)
    assert server.false_alarms(seed=1, examples=1, checks=checks_without_pages()) == []
