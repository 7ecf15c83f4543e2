"""Wrong and unknown input: missing fields, wrong types, unknown identifiers."""

from rufus_mock.contract.checks import access, invalid_input, ranges
from rufus_mock.contract.pytest_support import Holds


def test_an_invalid_binding_is_refused(holds: Holds) -> None:
    """Binding with a required field missing, or a field of a wrong type, is a 400"""
    holds(invalid_input.an_invalid_binding_is_refused)


def test_an_invalid_opening_is_refused(holds: Holds) -> None:
    """Opening a session with the deviceid missing, or a field of a wrong type, is a 400 and opens nothing"""
    holds(invalid_input.an_invalid_opening_is_refused)


def test_invalid_passings_are_refused(holds: Holds) -> None:
    """A list with a required field missing, or a field of a wrong type, is a 400 and stores nothing"""
    holds(invalid_input.invalid_passings_are_refused)


def test_an_invalid_query_is_refused(holds: Holds) -> None:
    """A query parameter of a wrong type, or out of its bounds, is a 400 (assumed)"""
    holds(invalid_input.an_invalid_query_is_refused)


def test_unknown_identifiers_are_not_found(holds: Holds) -> None:
    """Any identifier that nobody has gets the documented 404, which repeats it"""
    holds(ranges.unknown_identifiers_are_not_found)


def test_unknown_parameters_are_ignored(holds: Holds) -> None:
    """Query parameters that the contract does not know are ignored (assumed)"""
    holds(access.unknown_parameters_are_ignored)


def test_unknown_fields_are_ignored_or_refused(holds: Holds) -> None:
    """Fields that the contract does not know are ignored; in the dialect openapi they are a 400 (both assumed)"""
    holds(invalid_input.unknown_fields_are_ignored_or_refused)
