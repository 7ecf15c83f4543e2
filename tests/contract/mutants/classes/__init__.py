"""Defects of the nine classes in which a contract-test kit can be blind, one module for each class.

Each breaks a documented or observed statement. `Defect.is_described_by` says whether a finding describes it correctly.
"""

from tests.contract.mutants.classes import bound, chance, falsy, junk, keys, limits, refused, text, values, ways, writes
from tests.contract.mutants.classes.defect import DEFECTS, Defect

__all__ = [
    "DEFECTS",
    "SUBJECTS",
    "Defect",
    "bound",
    "chance",
    "falsy",
    "junk",
    "keys",
    "limits",
    "refused",
    "text",
    "values",
    "ways",
    "writes",
]

SUBJECTS = ("writes", "ways", "values", "text", "junk", "limits", "keys", "falsy", "luck")
"""The classes, in the order of the report."""
