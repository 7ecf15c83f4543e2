"""Pages of passings. This inserts 5001 passings."""

from rufus_mock.contract.checks import pages
from rufus_mock.contract.pytest_support import Holds


def test_pages_together_have_every_passing_once(holds: Holds) -> None:
    """A page holds at most 5000 passings; the pages together hold every passing once and in order"""
    holds(pages.pages_together_have_every_passing_once)
