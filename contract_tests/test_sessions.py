"""Sessions: listing, describing, opening, closing."""

from rufus_mock.contract.checks import reading, sessions
from rufus_mock.contract.pytest_support import Holds


def test_sessions_of_a_device_are_listed(holds: Holds) -> None:
    """The list holds all sessions; an unknown device has none"""
    holds(reading.sessions_of_a_device_are_listed)


def test_the_active_session_is_returned(holds: Holds) -> None:
    """The active session comes in a list of one; if there is none, that is a 404"""
    holds(reading.the_active_session_is_returned)


def test_a_session_is_described(holds: Holds) -> None:
    """Session info has alias, counts, first and last; an unknown session is a 404"""
    holds(reading.a_session_is_described)


def test_a_new_session_is_the_active_one(holds: Holds) -> None:
    """A new session is active, has its alias, and closes the one before; an unknown device is a 404"""
    holds(sessions.a_new_session_is_the_active_one)


def test_a_closed_session_is_readable_and_takes_no_passings(holds: Holds) -> None:
    """A closed session takes no passings, stays readable, and can be closed again; an unknown session is a 404"""
    holds(sessions.a_closed_session_is_readable_and_takes_no_passings)
