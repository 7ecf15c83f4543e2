"""Writes and reads in any order."""

from rufus_mock.contract.checks import life
from rufus_mock.contract.pytest_support import Holds


def test_reads_agree_with_the_model_after_any_writes(holds: Holds) -> None:
    """After binding, opening, inserting and closing in any order, every read gives what the model holds"""
    holds(life.reads_agree_with_the_model_after_any_writes)
