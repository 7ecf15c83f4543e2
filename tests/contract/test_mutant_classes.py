"""The kit describes the defects of nine classes; `python -m bench.kit` measures how often and how soon."""

from dataclasses import replace

import pytest

from rufus_mock.client import specification
from rufus_mock.contract import BREAKING, NOTE, Evidence, Finding
from rufus_mock.contract.checks import Check, all_checks
from tests.contract.mutants import checks_without_pages
from tests.contract.mutants.classes import DEFECTS, SUBJECTS, Defect
from tests.contract.mutants.classes.not_found_yet import NOT_FOUND_YET, ONLY_IN_LONGER_RUNS
from tests.contract.mutants.measuring import measure

# To trace them takes as long as to run them, and shows no line that the kit's own tests do not.
no_cover = pytest.mark.no_cover


SHORT = [defect for defect in DEFECTS if defect.name not in NOT_FOUND_YET | ONLY_IN_LONGER_RUNS]


@no_cover
@pytest.mark.parametrize("defect", SHORT[::3], ids=str)  # bench/kit.py tries all
def test_a_short_run_describes_the_defect(defect: Defect) -> None:
    measured = measure(defect, seed=1, checks=_checks(defect))
    reported = [(f.operation, f.rests_on, f.pointer, f.expected, f.actual) for f in measured.findings]
    assert measured.after is not None, reported
    assert measured.broken == []


def _checks(defect: Defect) -> list[Check]:
    """The checks of the operations that have the defect; the 5001 passings only if it needs them."""
    operations = [id for id in specification().operations if id in defect.operations]
    return all_checks(operations) if defect.large else checks_without_pages(*operations)


def test_there_are_at_least_eight_defects_of_each_class() -> None:
    assert len({defect.name for defect in DEFECTS}) == len(DEFECTS)
    assert {defect.subject for defect in DEFECTS} == set(SUBJECTS)
    assert all(sum(defect.subject == subject for defect in DEFECTS) >= 8 for subject in SUBJECTS)


def test_only_defects_can_be_not_found_yet() -> None:
    assert {defect.name for defect in DEFECTS} >= NOT_FOUND_YET | ONLY_IN_LONGER_RUNS
    assert not NOT_FOUND_YET & ONLY_IN_LONGER_RUNS


def _statements() -> dict[str, str]:
    """The names of all statements, with the level of their evidence."""
    contract = specification()
    found = {each["id"]: each["x-evidence"]["level"] for each in contract.rules}
    for operation in contract.operations.values():
        found |= {f"{operation.id} {each['id']}": each["x-evidence"]["level"] for each in operation.rules}
        for answer in (operation.success, *operation.errors.values()):
            found[f"{operation.id} {answer.status} {answer.name}"] = "documented"
    return found


@pytest.mark.parametrize("defect", DEFECTS, ids=str)
def test_a_defect_breaks_a_statement_that_is_not_only_assumed(defect: Defect) -> None:
    statements = _statements()
    assert defect.operations <= set(specification().operations)
    for statement in defect.statements:
        assert any(name.endswith(statement) for name in statements), statement
    broken = {level for name, level in statements.items() if name.endswith(defect.statements)}
    assert broken - {"assumed"}


DEFECT = next(defect for defect in DEFECTS if defect.name == "bibs_are_normalised_to_nfkc")
FINDING = Finding(
    BREAKING,
    "insertPassings",
    "insertPassings passing-as-sent",
    '"①"',
    '"1"',
    Evidence("documented"),
    200,
    "/result/3/bib",
    "curl …",
)


def test_a_finding_that_names_operation_statement_field_and_values_describes_a_defect() -> None:
    assert DEFECT.is_described_by(FINDING)


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": NOTE},
        {"operation": "getSession"},
        {"rests_on": "insertPassings fresh-count"},
        {"pointer": "/result/3/chip"},
        {"pointer": "/result"},
        {"expected": ""},
        {"actual": '"①"'},
        {"actual": '"2"'},
        {"request": ""},
    ],
    ids=str,
)
def test_a_finding_that_is_wrong_in_one_of_these_does_not(wrong: dict[str, str]) -> None:
    assert not DEFECT.is_described_by(replace(FINDING, **wrong))  # type: ignore[arg-type]
