"""The journal of a company, and the verification of requests in it."""

from dataclasses import fields

import pytest

from rufus_mock import MockCompany, VerificationFailed
from rufus_mock.spec.contract import Contract
from rufus_mock.testing.journal import Request
from tests.testing.calls import SPACE, bind, get


def test_the_journal_holds_the_requests(company: MockCompany) -> None:
    bind(company, alias="Start")
    get(company, "/devices?page=1")
    first, second = company.requests
    assert (first.method, first.path, first.operation, first.status) == ("POST", "/v0/devices", "bindDevice", 201)
    assert first.body == {**SPACE, "alias": "Start"}
    assert first.key == company.keys.write[-4:]
    assert "api_key" in first.headers
    assert second.query == {"page": "1"}
    assert str(second).startswith("GET /v0/devices (listDevices) at ")
    assert str(second).endswith(": 200")
    company.forget()
    assert company.requests == []


def test_a_request_has_the_fields_of_the_schema() -> None:
    schema = Contract().schema("admin/journal-entry")
    assert [field.name for field in fields(Request)] == list(schema["properties"])


def test_verify_accepts_the_expected_requests(company: MockCompany) -> None:
    bind(company, alias="Start")
    get(company, "/devices")
    company.verify("bindDevice", body={"alias": "Start"}, count=1)
    company.verify("listDevices")
    company.verify(path="/v0/*", at_least=2)
    company.verify("unbindDevice", count=0)


def test_a_failed_verification_shows_the_nearest_request_field_by_field(company: MockCompany) -> None:
    bind(company, alias="Start")
    with pytest.raises(VerificationFailed) as raised:
        company.verify("bindDevice", body={"alias": "Finish", "model": "M"}, count=1)
    lines = str(raised.value).splitlines()
    assert lines[0] == 'bindDevice with body {"alias":"Finish","model":"M"}: expected exactly 1, found 0'
    assert lines[1].startswith("  nearest 1: POST /v0/devices (bindDevice) at ")
    assert [line.strip() for line in lines[2:]] == ["/body/alias:", 'expected "Finish"', 'actual   "Start"']
    assert isinstance(raised.value, AssertionError)
    assert raised.value.answer["matched"] == 0


def test_a_failed_verification_describes_the_expected_requests(company: MockCompany) -> None:
    get(company, "/devices")
    with pytest.raises(
        VerificationFailed, match=r'^requests with path "/v0/devices", status 200: expected at least 2, found 1'
    ):
        company.verify(path="/v0/devices", status=200, at_least=2)
    with pytest.raises(VerificationFailed, match=r"^listDevices: expected exactly 2, found 1"):
        company.verify("listDevices", count=2)


def test_long_values_are_shortened_in_the_report(company: MockCompany) -> None:
    bind(company, alias="x" * 1000)
    with pytest.raises(VerificationFailed) as raised:
        company.verify("bindDevice", body={"alias": "y"}, count=1)
    assert max(map(len, str(raised.value).splitlines())) < 200
