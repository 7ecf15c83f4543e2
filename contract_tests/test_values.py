"""Texts, numbers and times that a server may change without meaning to."""

from rufus_mock.contract.checks import values
from rufus_mock.contract.pytest_support import Holds


def test_texts_of_passings_are_kept(holds: Holds) -> None:
    """Any text in any field of a passing is read as it was sent, by every read"""
    holds(values.texts_of_passings_are_kept)


def test_numbers_and_times_are_kept(holds: Holds) -> None:
    """Numbers beyond 32 bits, zero, leap days, ends of years and empty values are read as they were sent"""
    holds(values.numbers_and_times_are_kept)


def test_texts_of_devices_are_kept(holds: Holds) -> None:
    """Any text in any field of a device is read as it was sent, by every read"""
    holds(values.texts_of_devices_are_kept)


def test_many_sessions_keep_their_aliases(holds: Holds) -> None:
    """A device can have many sessions: all of them are listed and read, with any text as alias"""
    holds(values.many_sessions_keep_their_aliases)
