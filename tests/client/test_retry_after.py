"""Retry-After, as the simulator and the contract kit read it."""

import pytest

from rufus_mock.client.retry_after import retry_after
from tools.imports import PACKAGE

NOON = 1445428800.0
"""Wed, 21 Oct 2015 12:00:00 GMT"""


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7.0),
        (" 7 ", 7.0),
        ("0", 0.0),
        ("Wed, 21 Oct 2015 12:00:30 GMT", 30.0),
        ("Wed, 21 Oct 2015 12:00:30 -0000", 30.0),
        ("Wed, 21 Oct 2015 14:00:30 +0200", 30.0),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0),
        ("", None),
        ("soon", None),
        ("-1", None),
        ("1.5", None),
        ("Wed, 21 Oct 99999999999999999999 12:00:00 GMT", None),
        ("Wed, 21 Oct 2015 12:00:00 +99999999999999999999", None),
        ("\u0667", None),
    ],
)
def test_it_is_a_number_of_seconds_or_a_date(header: str, seconds: float | None) -> None:
    assert retry_after({"Retry-After": header}, lambda: NOON) == seconds


def test_a_response_without_the_header_asks_for_no_wait() -> None:
    assert retry_after({}) is None


def test_only_one_module_reads_the_header() -> None:
    readers = [path for path in PACKAGE.rglob("*.py") if 'get("Retry-After"' in path.read_text()]
    assert [path.relative_to(PACKAGE).as_posix() for path in readers] == ["client/retry_after.py"]
