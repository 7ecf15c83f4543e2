"""What inserts leave behind is kept by snapshots, and what mattered for them is found out when someone asks."""

import json
from typing import Any

import pytest

from rufus_mock.assumptions import trace
from rufus_mock.fixtures.loader import Loader
from rufus_mock.fixtures.snapshots import snapshot
from rufus_mock.spec.contract import Contract
from rufus_mock.web.app import Config, create_app
from rufus_mock.world import World
from rufus_mock.world.entries import SentEntries
from rufus_mock.world.journal import Bounds
from tests.conftest import Account, sent

KEEPING = {
    "insert.duplicates": "both-kept",
    "insert.no-coordinates": "null",
    "insert.coordinate-number": "number",
    "insert.other-times": "as-sent",
    "insert.time-without-offset": "as-sent",
    "insert.below-millisecond": "rounded",
}
ODD = (
    sent(2, "2026-05-10 09:00:00.0009", "b"),
    sent(1, "2026-05-10T11:00:00.0006+02:00", "a", latitude=12, longitude=-1.50),
    sent(2, "2026-05-10T08:00:00Z", "c", latitude="1.0"),
    sent(2, "2026-05-10T09:00:00.000Z", "d", latitude=None),
)


def restored(account: Account) -> World:
    """A world with the company of an account, from its snapshot."""
    content = json.loads(snapshot([account.company]))
    world = World(account.company.clock, account.company.state.identifiers, 5000)
    Loader(world, Contract()).load(content)
    return world


@pytest.mark.parametrize("afterwards", [{}, KEEPING])
def test_a_snapshot_restores_what_was_inserted_whatever_is_assumed_later(
    account: Account, afterwards: dict[str, str]
) -> None:
    device = account.bind()
    session = account.open(device)
    before = account.company.assumptions
    account.company.assumptions = before.with_chosen(KEEPING)
    account.insert(session, *ODD)
    account.company.assumptions = before.with_chosen(afterwards)
    company = restored(account).get(account.company.id)
    assert snapshot([company]) == snapshot([account.company])
    by_number = company.passings.by_number(session, None, None, 1).passings.json()
    assert [entry["bib"] for entry in json.loads(by_number)] == ["a", "b", "c", "d"]
    assert by_number == account.company.passings.by_number(session, None, None, 1).passings.json()
    by_time = company.passings.by_time(device, None, None, 1).passings.json()
    assert by_time == account.company.passings.by_time(device, None, None, 1).passings.json()
    assert company.sessions.describe(session) == account.company.sessions.describe(session)


def test_a_snapshot_without_coordinates_has_the_default_ones(account: Account) -> None:
    session = account.open(account.bind())
    account.insert(session, sent(1))
    content = json.loads(snapshot([account.company]))
    (passing,) = content["companies"][0]["devices"][0]["sessions"][0]["passings"]
    del passing["latitude"], passing["longitude"]
    world = World(account.company.clock, account.company.state.identifiers, 5000)
    Loader(world, Contract()).load(content)
    assert snapshot(world.companies.values()) == snapshot([account.company])


@pytest.mark.parametrize("size", [3000, 10**6])
def test_what_mattered_is_known_whether_or_not_the_journal_keeps_the_body(size: int) -> None:
    app = create_app(Config(fixtures=["empty"], journal=Bounds(10, size)))
    client, headers = app.test_client(), {"api_key": "ror-ae4fc6c19681a20fad30"}

    def post(path: str, body: Any) -> Any:
        return client.post(f"/v0{path}", json=body, headers=headers).json

    device = post("/devices", {"model": "M", "serial_number": "S"})["deviceid"]
    session = post("/sessions", {"deviceid": device})["token_session"]
    passings = [sent(number, latitude="12.50", longitude=None) for number in range(100)]
    post("/passings", {"token_session": session, "passings_list": passings})
    answer = client.get("/__admin/requests").json
    assert answer is not None
    entry = answer["requests"][-1]
    assert entry["body_kept"] is (size == 10**6)
    assert entry["assumptions"] == ["insert.coordinate-text", "insert.no-coordinates", "insert.status"]


def test_what_is_found_out_later_leaves_the_trace_of_the_current_request_alone(account: Account) -> None:
    entries = SentEntries(account.company.assumptions)
    entries.stored = None
    traced = trace.begin()
    trace.note("other", False)
    found = entries.find([sent(1, latitude=12, longitude="0.0")])
    assert (found, traced.ids()) == (("insert.coordinate-number",), ("other",))
    trace.end()


@pytest.mark.parametrize("accepted", [True, False])
def test_an_insert_without_an_answer_depends_on_what_changes_the_state(account: Account, accepted: bool) -> None:
    entries = SentEntries(account.company.assumptions)
    entries.accepted, entries.stored = accepted, None if accepted else b""
    body = json.dumps({"passings_list": [sent(1, chips="A", latitude="1", longitude="0.0")]}).encode()
    found = ("insert.chips", "insert.coordinate-text")
    assert entries(body, answer_arrives=False) == (found if accepted else ())
    assert entries(body) == (found if accepted else ("insert.chips",))
