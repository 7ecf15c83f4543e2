"""The journal lists an assumption exactly if another variant leads to another answer or another state."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rufus_mock.assumptions.registry import STATEMENTS
from rufus_mock.spec.dialects import DIALECTS
from tests.assumptions.histories import live
from tests.assumptions.requests import requests
from tests.assumptions.twin import OTHER_ID, Request, Subject

STEPS = 12

choices: st.SearchStrategy[dict[str, str]] = st.just({}) | st.fixed_dictionaries(
    {}, optional={id: st.sampled_from(list(each.variants)) for id, each in STATEMENTS.items()}
)
"""The assumptions that a mock starts with."""


@pytest.mark.parametrize("dialect", DIALECTS)
@settings(max_examples=6)
@given(data=st.data())
def test_a_request_lists_the_assumptions_that_matter_and_no_others(dialect: str, data: Any) -> None:
    subject = Subject(dialect, data.draw(choices))
    if data.draw(st.booleans()):
        live(subject, data)
    for _ in range(data.draw(st.integers(1, STEPS))):
        deviceids, tokens = known(subject)
        subject.clock.time += data.draw(st.sampled_from([0, 1, 1000, 3 * 60 * 60 * 1000]))
        request = data.draw(requests(deviceids, tokens))
        answer, mattered = subject.send(request)
        assert subject.listed() == mattered, (request, answer)


def known(subject: Subject) -> tuple[list[str], list[str]]:
    """The identifiers of the devices and sessions of both companies. Each company has at least one device.

    The first device of the company has a closed and an active session at first.
    """
    devices = [device for each in subject.world.companies.values() for device in each.devices]
    if not devices:
        subject.world.get(OTHER_ID).devices.bind("A", "1")
        subject.client.post(
            "/v0/devices",
            json={"model": "A", "serial_number": "1", "type": "x"},
            headers={"api_key": subject.keys["read_write"]},
        )
        (device,) = subject.company.devices
        for alias in (None, "a"):
            subject.company.sessions.open(device.deviceid, alias)
        return known(subject)
    sessions = [
        session.token_session
        for each in subject.world.companies.values()
        for device in each.devices
        for session in each.sessions.of_device(device.deviceid)
    ]
    return [device.deviceid for device in devices], sessions


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_request_without_an_answer_of_the_operation_lists_nothing(dialect: str) -> None:
    subject = Subject(dialect)
    subject.send(Request("GET", "/v0/devices"))
    assert "insert.status" not in subject.listed()
