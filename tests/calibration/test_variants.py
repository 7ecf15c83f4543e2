"""Calibrating a mock gives back the variants that it follows."""

import random

import pytest

from rufus_mock.assumptions import Assumptions
from rufus_mock.assumptions.registry import STATEMENTS
from rufus_mock.calibration.probes import PROBES
from rufus_mock.spec.contract import Contract
from tools.calibration import QUICK, Bench, unreachable

# To trace them takes as long as to run them.
pytestmark = pytest.mark.no_cover

TOGETHER = {id: tuple(each.variants) for id, each in STATEMENTS.items() if any(id in probe.ids for probe in QUICK)}
"""The variants that one run can measure in any combination, by the id of the assumption."""

ALONE = [id for id in STATEMENTS if id not in TOGETHER]
"""Assumptions whose probes send very much. They are measured without the others."""

ENOUGH = 40
"""Runs in which each variant must have been measured. About ten are needed."""


def test_each_variant_is_measured_in_a_combination_with_others(bench: Bench) -> None:
    source = random.Random(1)
    left = {
        (id, name)
        for id, names in TOGETHER.items()
        for name in names
        if not unreachable(id, name, Assumptions(bench.dialect, {id: name}))
    }
    for _ in range(ENOUGH):
        if not left:
            return
        chosen = {
            id: source.choice([name for name in names if (id, name) in left] or names) for id, names in TOGETHER.items()
        }
        assert bench.wrong(chosen, probes=QUICK) == []
        assumptions = Assumptions(bench.dialect, chosen)
        left -= {(id, name) for id, name in chosen.items() if not unreachable(id, name, assumptions)}
    pytest.fail(f"never measured: {sorted(left)}")


@pytest.mark.parametrize("id", ALONE)
def test_each_variant_is_measured_alone(bench: Bench, id: str) -> None:
    probes = [probe for probe in PROBES if id in probe.ids]
    for name in STATEMENTS[id].variants:
        assert bench.wrong({id: name}, probes=probes) == []


def test_every_assumption_has_a_probe() -> None:
    assert {id for probe in PROBES for id in probe.ids} == set(Contract().assumptions)
