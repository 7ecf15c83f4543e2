"""What a write changes, and what it leaves as it is."""

from rufus_mock.contract.checks import at_random, life, reading
from rufus_mock.contract.pytest_support import Holds


def test_what_was_written_is_there(holds: Holds) -> None:
    """A device, its sessions and their passings are there as they were sent"""
    holds(reading.what_was_written_is_there)


def test_a_write_changes_only_what_it_names(holds: Holds) -> None:
    """Each write changes what it names and nothing else, of two similar devices with several sessions each"""
    holds(life.a_write_changes_only_what_it_names)


def test_reads_agree_with_the_model_after_any_writes(holds: Holds) -> None:
    """After writes to several devices in any order, every read gives what the model holds"""
    holds(at_random.reads_agree_with_the_model_after_any_writes)
