"""The faults and the quota of a company."""

import pytest
import requests

from rufus_mock import AdminError, MockCompany
from tests.testing.calls import get


def test_a_fault_applies_until_its_block_ends(company: MockCompany) -> None:
    with company.faults.add(operation="listDevices", status=503, headers={"Retry-After": "3"}) as fault:
        response = get(company, "/devices")
        assert (response.status_code, response.headers["Retry-After"]) == (503, "3")
        assert fault.struck == 1
        assert [other.id for other in company.faults] == [fault.id]
        assert fault.id in repr(fault)
    assert get(company, "/devices").status_code == 200


def test_a_fault_for_one_call_is_spent_after_it(company: MockCompany) -> None:
    fault = company.faults.add(answer="cut", calls=1)
    spent = [fault.spent]
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        get(company, "/devices")
    spent.append(fault.spent)
    assert spent == [False, True]
    assert get(company, "/devices").status_code == 200
    company.faults.clear()
    assert list(company.faults) == []


def test_the_error_for_an_invalid_fault_names_the_member(company: MockCompany) -> None:
    with pytest.raises(AdminError, match="status") as raised:
        company.faults.add(status=999)
    assert raised.value.status == 400


def test_a_quota_answers_429(company: MockCompany) -> None:
    company.quota.set(requests=1, window_ms=60_000)
    assert [get(company, "/devices").status_code for _ in range(3)] == [200, 429, 429]
    assert company.quota.refused == 2
    company.quota.remove()
    assert get(company, "/devices").status_code == 200
