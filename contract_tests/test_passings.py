"""Passings: inserting them, and reading them by number and by time."""

from rufus_mock.contract.checks import passings, ranges, reading
from rufus_mock.contract.pytest_support import Holds


def test_passings_are_stored(holds: Holds) -> None:
    """A list is stored whole and counted; an unknown session is a 404 that repeats it"""
    holds(passings.passings_are_stored)


def test_any_passings_are_read_as_they_were_sent(holds: Holds) -> None:
    """Inserted passings are read as they were sent, for any Unicode text, coordinate and millisecond"""
    holds(passings.any_passings_are_read_as_they_were_sent)


def test_other_forms_of_passings_are_accepted(holds: Holds) -> None:
    """`chips` is taken for `chip`, if the dialect has it; coordinates can be numbers or absent (assumed)"""
    holds(passings.other_forms_of_passings_are_accepted)


def test_other_times_are_accepted(holds: Holds) -> None:
    """A time with a space and no offset is accepted; that it is read as UTC, and other forms, are assumed"""
    holds(passings.other_times_are_accepted)


def test_repeats_change_nothing(holds: Holds) -> None:
    """A repeated num_passing is not stored or counted again, and the first write stays (assumed)"""
    holds(passings.repeats_change_nothing)


def test_passings_of_a_session_are_returned(holds: Holds) -> None:
    """All passings come in the order of num_passing; an unknown session, an empty range and a page too many are 404s"""
    holds(reading.passings_of_a_session_are_returned)


def test_any_range_is_read_as_the_model_predicts(holds: Holds) -> None:
    """For any first, last and page, the answer has all passings in the range and no others"""
    holds(ranges.any_range_is_read_as_the_model_predicts)


def test_passings_of_a_device_are_returned(holds: Holds) -> None:
    """All passings of all sessions come by time; an unknown device and an empty span are 404s"""
    holds(reading.passings_of_a_device_are_returned)


def test_any_span_is_read_as_the_model_predicts(holds: Holds) -> None:
    """For any from, to and page, the answer has the passings of all sessions in the span and no others"""
    holds(ranges.any_span_is_read_as_the_model_predicts)
