"""What a trial says about a request depends on nothing that happens beside it: not on the time, nor on other requests.

In all tests, an insert whose entries may be refused is tried under the variants of insert.chips. These do not matter,
because no entry has the field chips.
"""

import itertools
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.assumptions.accounts import assume
from tests.assumptions.calls import Mock
from tests.assumptions.twin import NOON, StillClock
from tests.conftest import Account, Served, numbers, sent

WITHOUT_OFFSET = "2026-05-10 09:00:00.000"
MATTER = ["insert.bad-entry", "insert.chips", "insert.time-without-offset"]
"""The assumptions that are tried."""


def tried(token_session: str, number: int) -> dict[str, Any]:
    """The body of an insert that is tried under other variants."""
    return {"token_session": token_session, "passings_list": [sent(number, WITHOUT_OFFSET)]}


def test_the_time_that_a_trial_takes_is_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    mock = Mock("insert.bad-entry=others-stored")
    token_session = mock.open(mock.bind())
    times = itertools.count(NOON)
    monkeypatch.setattr(StillClock, "now", lambda _: next(times))
    assert mock("POST", "/passings", tried(token_session, 1))[0] == 201
    assert mock.listed.intersection(MATTER) == {"insert.time-without-offset"}


def test_a_trial_uses_up_no_identifier() -> None:
    tokens = []
    for body in ({"alias": "a"}, {"alias": "a", "extra": 1}):
        mock = Mock()
        deviceid = mock.bind()
        mock.open(deviceid, **body)
        tokens.append(mock.open(deviceid))
    assert tokens[0] == tokens[1]


def test_requests_at_the_same_time_are_no_difference(account: Account) -> None:
    assume(account, "insert.bad-entry=others-stored")
    deviceid = account.bind()
    token_session = account.open(deviceid)

    def insert(number: int) -> None:
        body = tried(token_session, number)
        if number % 2:
            body["passings_list"] = [sent(number)]
        account.post("/passings", body)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(insert, range(64)))
    assert numbers(account.read(token_session)) == list(range(64))
    entries = [each for each in account.company.journal.read().entries if each.operation == "insertPassings"]
    assert {tuple(set(entry.assumptions).intersection(MATTER)) for entry in entries} == {
        (),
        ("insert.time-without-offset",),
    }


def test_trials_disturb_no_other_request(account: Account, served: Served, caplog: pytest.LogCaptureFixture) -> None:
    """Unusual requests, which are tried, meet usual ones that change the same company, and its removal of devices."""
    assume(account, "insert.bad-entry=others-stored", "requests.identifier-case=accepted", "devices.rebind=same-id")
    deviceid = account.bind()
    token_session = account.open(deviceid)
    insert = {"passings_list": [sent(1, WITHOUT_OFFSET), sent(2)]}
    device = {"model": "M", "serial_number": "other"}
    calls: list[tuple[str, str, Any]] = [
        ("POST", "/devices", {**device, "extra": 1}),
        ("POST", "/devices", device),
        ("POST", "/sessions", {"deviceid": deviceid.lower(), "extra": 1}),
        ("POST", "/passings", {"token_session": token_session, **insert}),
        ("GET", f"/passings/device/{deviceid.lower()}?page=abc&extra=1", None),
        ("GET", f"/sessions/device/{deviceid}?extra=1", None),
        ("DELETE", f"/devices/{deviceid.lower()}?extra=1", None),
        ("POST", "/devices", {"model": "M", "serial_number": "S-1", "extra": 1}),
    ]

    def call(number: int) -> int:
        method, path, body = calls[number % len(calls)]
        return account.request(method, path, json=body).status_code

    with caplog.at_level(logging.ERROR), ThreadPoolExecutor(8) as pool:
        statuses = set(pool.map(call, range(8 * len(calls))))
    assert statuses <= {200, 201, 400, 404, 409}
    assert caplog.records == []
    assert len(served.api.world.get(account.company.id).devices) <= 2
