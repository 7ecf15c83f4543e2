"""Events: listing them. The path of the operation is assumed, so a difference is a note."""

from rufus_mock.contract.checks import events
from rufus_mock.contract.pytest_support import Holds


def test_events_are_listed(holds: Holds) -> None:
    """The list has the company's events, in pages of `limit`; it may be empty"""
    holds(events.events_are_listed)
