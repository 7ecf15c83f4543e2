"""Mutants: each is the faultless mock with one defect that a real server could have.

`operation` is where the kit must find the defect, `kind` what it must call it, and `rests_on` the statement that it
must name. One module per subject.
"""

from rufus_mock.contract.checks import Check, all_checks
from tests.contract.mutants import (
    access,
    bodies,
    devices,
    elsewhere,
    events,
    forms,
    inserted,
    keys,
    read,
    session_fields,
    sessions,
    sometimes,
    ways,
)
from tests.contract.mutants.mutant import MUTANTS, Mutant, mutant_named
from tests.contract.mutants.spoiling import answers, each, raw

__all__ = [
    "MUTANTS",
    "Mutant",
    "access",
    "answers",
    "bodies",
    "checks_without_pages",
    "devices",
    "each",
    "elsewhere",
    "events",
    "forms",
    "inserted",
    "keys",
    "mutant_named",
    "raw",
    "read",
    "session_fields",
    "sessions",
    "sometimes",
    "ways",
]


_SLOW = ("pages_together_have_every_passing_once", "every_read_is_right_every_time")


def checks_without_pages(*operations: str) -> list[Check]:
    """All checks, or of some operations, without the one that inserts 10,001 passings or the one that reads often."""
    return [check for check in all_checks(operations) if check.name not in _SLOW]
