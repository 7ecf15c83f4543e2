"""The same things, read in all ways and many times."""

from rufus_mock.contract.checks import again, ways
from rufus_mock.contract.pytest_support import Holds


def test_all_ways_of_reading_agree(holds: Holds) -> None:
    """The same passings are read in all ways, with each bound alone, with both, and with neither"""
    holds(ways.all_ways_of_reading_agree)


def test_every_read_is_right_every_time(holds: Holds) -> None:
    """Each read is repeated until a defect that shows in one of twenty reads has shown"""
    holds(again.every_read_is_right_every_time)
