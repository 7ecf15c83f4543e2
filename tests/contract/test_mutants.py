import pytest

from rufus_mock.client import specification
from rufus_mock.contract import NOTE, Options, run_contract
from rufus_mock.contract.checks import Check, all_checks
from rufus_mock.contract.embedded import fixture_keys
from rufus_mock.contract.report.report import CONFORMS, DRIFT
from tests.contract.mutants import MUTANTS, Mutant, checks_without_pages
from tests.servers import serving

# To trace them takes as long as to run them, and shows no line that the kit's own tests do not.
pytestmark = pytest.mark.no_cover


@pytest.mark.parametrize("mutant", MUTANTS, ids=str)
def test_the_kit_finds_the_defect(mutant: Mutant) -> None:
    with serving(mutant.application()) as url:
        options = Options(
            url, fixture_keys(), allow_writes=True, examples=mutant.examples, operations=(mutant.operation,)
        )
        report = run_contract(options, checks=_checks(mutant))
    assert not report.stopped
    assert not report.defects
    assert not report.left_behind or mutant.operation == "unbindDevice"
    found = [
        finding
        for finding in report.findings
        if finding.operation == mutant.operation and finding.rests_on.endswith(mutant.rests_on)
    ]
    assert found, [(f.kind, f.operation, f.rests_on, f.actual) for f in report.findings]
    assert mutant.kind in {finding.kind for finding in found}
    assert report.exit_status == (CONFORMS if mutant.kind == NOTE else DRIFT)


def _checks(mutant: Mutant) -> list[Check]:
    """All checks of the operation; the slow ones only where a page is wrong, or something is wrong only sometimes."""
    slow = "page" in mutant.name or "sometimes" in mutant.name
    return all_checks((mutant.operation,)) if slow else checks_without_pages(mutant.operation)


def test_there_are_mutants_of_every_operation() -> None:
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS) >= 40
    assert {mutant.operation for mutant in MUTANTS} == set(specification().operations)
