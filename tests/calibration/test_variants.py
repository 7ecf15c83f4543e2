"""Calibrating a mock gives back the variants that it follows."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rufus_mock.assumptions import Assumptions
from rufus_mock.assumptions.registry import STATEMENTS
from rufus_mock.calibration.laboratory.probe import Probe
from rufus_mock.calibration.probes import (
    BEFORE_BINDING,
    PROBES,
    binding,
    continued,
)
from rufus_mock.spec.contract import Contract
from tools.calibration import QUICK, SLOW, Bench, unreachable

# To trace them takes as long as to run them.
pytestmark = pytest.mark.no_cover

ALSO = {
    "access.body-400": (*BEFORE_BINDING, binding.invalid_bodies),
    "access.body-403": BEFORE_BINDING,
    "devices.identity": (binding.bind_again,),
    "device2.jump": (continued.nothing_new,),
}
"""The probes that another needs, by the assumption that this one observes."""


def probes_of(id: str) -> list[Probe]:
    """The probes that observe an assumption, in the order in which a run has them."""
    return [probe for probe in PROBES if id in probe.ids or probe in ALSO.get(id, ())]


@pytest.mark.parametrize("id", STATEMENTS)
def test_each_variant_is_measured_or_cannot_be_told_apart(bench: Bench, id: str) -> None:
    for name in STATEMENTS[id].variants:
        verdict = bench.verdicts({id: name}, probes=probes_of(id))[id]
        if unreachable(id, name, Assumptions(bench.dialect, {id: name})):
            assert verdict["verdict"] == "not-reached", verdict
        else:
            assert (verdict["verdict"], verdict.get("variant")) == ("measured", name), verdict


@settings(max_examples=2, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_combination_is_measured(bench: Bench, data: st.DataObject) -> None:
    chosen = {
        id: data.draw(st.sampled_from(list(statement.variants)), label=id)
        for id, statement in STATEMENTS.items()
        if id not in SLOW
    }
    assert bench.wrong(chosen, probes=QUICK) == []


def test_every_assumption_has_a_probe() -> None:
    assert {id for probe in PROBES for id in probe.ids} == set(Contract().assumptions)
