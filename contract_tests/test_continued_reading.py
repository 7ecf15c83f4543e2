"""Reading that resumes after a passing and continues with the next session."""

from rufus_mock.contract.checks import ranges, reading
from rufus_mock.contract.pytest_support import Holds


def test_reading_resumes_where_it_ended(holds: Holds) -> None:
    """Reading resumes after a passing and continues with the next session; unknown device and session are 404s"""
    holds(reading.reading_resumes_where_it_ended)


def test_reading_continues_as_the_model_predicts(holds: Holds) -> None:
    """After any passing, the answer continues with the next one"""
    holds(ranges.reading_continues_as_the_model_predicts)
