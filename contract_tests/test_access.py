"""Who may call what. Give --read-key, --write-key and --other-key to run all of these."""

from rufus_mock.contract.checks import access
from rufus_mock.contract.pytest_support import Holds


def test_without_a_valid_key_no_operation_works(holds: Holds) -> None:
    """Without a key, or with a key that nobody has, no operation works"""
    holds(access.without_a_valid_key_no_operation_works)


def test_a_read_key_reads(holds: Holds) -> None:
    """A READ key may call every GET"""
    holds(access.a_read_key_reads)


def test_a_read_key_writes_nothing(holds: Holds) -> None:
    """A READ key may call no POST, PATCH or DELETE"""
    holds(access.a_read_key_writes_nothing)


def test_a_write_key_reads_nothing(holds: Holds) -> None:
    """A WRITE key may call no GET"""
    holds(access.a_write_key_reads_nothing)


def test_a_write_key_writes(holds: Holds) -> None:
    """A WRITE key may call every POST and PATCH, and DELETE if it has the unbind permission"""
    holds(access.a_write_key_writes)


def test_the_key_works_in_both_headers(holds: Holds) -> None:
    """The key works in api_key and in x-api-key, for every operation"""
    holds(access.the_key_works_in_both_headers)


def test_a_key_that_is_nearly_right_opens_nothing(holds: Holds) -> None:
    """A key that differs from a valid one in its case, its length or a character opens nothing, in either header"""
    holds(access.a_key_that_is_nearly_right_opens_nothing)


def test_companies_do_not_see_each_other(holds: Holds) -> None:
    """A company gets a 404 for what another company owns (assumed)"""
    holds(access.companies_do_not_see_each_other)
