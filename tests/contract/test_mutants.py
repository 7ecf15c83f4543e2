import pytest

from rufus_mock.client import specification
from rufus_mock.contract import BREAKING, NOTE, Options, run_contract
from rufus_mock.contract.checks import Check, all_checks
from rufus_mock.contract.embedded import fixture_keys
from rufus_mock.contract.report.report import CONFORMS, DRIFT
from tests.contract.mutants import MUTANTS, Mutant, checks_without_pages
from tests.contract.mutants.measuring import measure
from tests.servers import serving

# To trace them takes as long as to run them, and shows no line that the kit's own tests do not.
pytestmark = pytest.mark.no_cover


@pytest.mark.parametrize("mutant", [mutant for mutant in MUTANTS if mutant.kind == BREAKING], ids=str)
def test_the_kit_finds_the_defect(mutant: Mutant) -> None:
    measured = measure(mutant, examples=mutant.examples, checks=_checks(mutant), operations=(mutant.operation,))
    assert measured.after is not None, [(f.kind, f.operation, f.rests_on, f.actual) for f in measured.findings]
    assert measured.broken == []


@pytest.mark.parametrize("mutant", [mutant for mutant in MUTANTS if mutant.kind != BREAKING], ids=str)
def test_a_defect_of_what_is_assumed_is_a_note_and_does_not_fail_the_run(mutant: Mutant) -> None:
    with serving(mutant.application()) as url:
        options = Options(
            url, fixture_keys(), allow_writes=True, examples=mutant.examples, operations=(mutant.operation,)
        )
        report = run_contract(options, checks=_checks(mutant))
    assert not report.stopped
    assert not report.defects
    assert not report.left_behind or mutant.operation == "unbindDevice"
    assert any(mutant.is_described_by(finding) for finding in report.findings), [
        (f.kind, f.operation, f.rests_on, f.actual) for f in report.findings
    ]
    assert report.exit_status == (CONFORMS if mutant.kind == NOTE else DRIFT)


def _checks(mutant: Mutant) -> list[Check]:
    """All checks of the operation; the slow ones only where a page is wrong, or something is wrong only sometimes."""
    slow = "page" in mutant.name or "sometimes" in mutant.name
    return all_checks((mutant.operation,)) if slow else checks_without_pages(mutant.operation)


def test_there_are_mutants_of_every_operation() -> None:
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS) >= 40
    assert {mutant.operation for mutant in MUTANTS} == set(specification().operations)
