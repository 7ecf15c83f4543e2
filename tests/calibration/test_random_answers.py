"""Servers that answer anything: a run ends in order, and nothing is measured that is not so."""

import pytest

from rufus_mock.assumptions.profile import measured
from rufus_mock.calibration.run import Result, calibrate
from rufus_mock.contract.embedded import fixture_keys
from rufus_mock.contract.session.errors import CouldNotRun
from rufus_mock.contract.session.options import Options
from rufus_mock.spec.contract import Contract
from rufus_mock.web.app import Config, create_app
from tests.calibration.random_answers import Wsgi, disturbed, stubborn, wild
from tests.contract.mutants import mutant_named
from tests.servers import serving
from tools.calibration import QUICK

pytestmark = pytest.mark.no_cover


def result_of(application: Wsgi, *, writes: bool = True, dialect: str | None = None) -> Result | None:
    """The result of a run; None if the target is no API."""
    with serving(application) as url:
        try:
            return calibrate(Options(url, fixture_keys(), allow_writes=writes, dialect=dialect), probes=QUICK)
        except CouldNotRun:
            return None


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("kind", [wild, stubborn])
def test_random_answers_measure_nothing(kind: object, seed: int) -> None:
    result = result_of(kind(seed), writes=bool(seed % 2), dialect="pages" if seed % 3 else None)  # type: ignore[operator]
    if result is not None:
        assert result.defects == []
        assert measured(result.profile) == {}


@pytest.mark.parametrize("share", [0.01, 0.05, 0.3])
@pytest.mark.parametrize("seed", range(2))
def test_a_mock_whose_answers_are_disturbed_is_never_measured_wrongly(seed: int, share: float) -> None:
    app = create_app(Config(fixtures=("documented",)))
    result = result_of(disturbed(app.wsgi_app, seed, share))
    if result is not None:
        assert result.defects == []
        default = {id: assumption.default["pages"] for id, assumption in Contract().assumptions.items()}
        assert {id: name for id, name in measured(result.profile).items() if name != default[id]} == {}


@pytest.mark.parametrize("name", ["bind_takes_a_device_twice", "bind_swaps_the_model"])
def test_a_defect_is_not_taken_for_a_variant(name: str) -> None:
    result = result_of(mutant_named(name).application())
    assert result is not None
    assert result.profile["assumptions"]["devices.identity"] == {
        "verdict": "not-reached",
        "needs": "a target that recognises a device that is bound again, and stores its model and type",
    }


def test_rounded_coordinates_are_none_of_the_variants() -> None:
    result = result_of(mutant_named("coordinates_are_rounded").application())
    assert result is not None
    verdicts = result.profile["assumptions"]
    assert {verdicts[f"insert.coordinate-{sent}"]["verdict"] for sent in ("text", "number")} == {"other"}
