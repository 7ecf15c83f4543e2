"""One test a check; `-k` picks some, `-n 2` runs them side by side."""

import pytest

from rufus_mock.contract.checks import Check, all_checks
from rufus_mock.contract.pytest_support import carry_out
from rufus_mock.contract.runner import Session


@pytest.mark.parametrize("check", all_checks(), ids=str)
def test_contract(check: Check, contract_session: Session) -> None:
    carry_out(check, contract_session)
