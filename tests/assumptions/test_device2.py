"""What a continued read shows under each variant, and when it lists the assumption."""

from typing import Any

import pytest

from tests.conftest import Account, sent

NOT_FOUND = "Passings not found"
TIMES = [f"2026-05-10T09:00:00.00{millisecond}Z" for millisecond in range(10)]
SESSIONS = {"P": {1: 0, 2: 2, 3: 1}, "Q": {}, "R": {1: 5}, "S": {5: 6}}
"""The sessions of a device from the oldest: the millisecond of each passing by num_passing."""


@pytest.fixture
def account(small_pages: Account) -> Account:
    device = small_pages.bind()
    small_pages.bind("without sessions")
    for name, passings in SESSIONS.items():
        token = small_pages.open(device, name)
        if passings:
            small_pages.insert(token, *(sent(number, TIMES[time]) for number, time in passings.items()))
    return small_pages


def ask(account: Account, query: dict[str, Any], chosen: dict[str, str] | None = None, device: int = 0) -> Any:
    """The session, resumed_from and the numbers of an answer, or the text of an error."""
    deviceid = [each.deviceid for each in account.company.devices][device]
    sessions = {session.alias: session.token_session for session in account.company.sessions.of_device(deviceid)}
    account.company.assumptions = account.company.assumptions.with_chosen(chosen or {})
    sent = {name: sessions[value] if name == "token_session" else value for name, value in query.items()}
    response = account.request("GET", f"/passings/device2/{deviceid}", params=sent)
    body = account.body(response, response.status_code)
    if response.status_code == 404:
        assert body == {"description": body["description"], "deviceid": deviceid}
        return body["description"]
    if response.status_code == 400:
        return [(error["in"], error["pointer"], error["expected"], error["actual"]) for error in body["errors"]]
    assert (response.status_code, body["deviceid"]) == (200, deviceid)
    assert body["session_used"] == sessions.get(body["session_label"])
    return body["session_label"], body["resumed_from"], [each["num_passing"] for each in body["passings"]]


def listed(account: Account) -> tuple[str, ...]:
    return account.company.journal.read().entries[-1].assumptions


def activate(account: Account, alias: str) -> None:
    """Make a session the active one, as a fixture can."""
    for device in account.company.devices:
        for session in account.company.sessions.of_device(device.deviceid):
            session.active = session.alias == alias


AT_THE_END = {"token_session": "S", "last": 5}


@pytest.mark.parametrize(
    ("id", "query", "expected"),
    [
        (
            "device2.start",
            {},
            {"oldest-with-passings": ("P", 0, [1, 2]), "newest": ("S", 0, [5]), "active": ("Q", 0, [])},
        ),
        (
            "device2.start",
            {"from": TIMES[4]},
            {"oldest-with-passings": ("R", 0, [1]), "newest": ("S", 0, [5]), "active": ("Q", 0, [])},
        ),
        (
            "device2.jump",
            {"token_session": "P", "last": 3},
            {"next-with-passings": ("R", 0, [1]), "next": ("Q", 0, []), "newest": ("S", 0, [5])},
        ),
        ("device2.nothing-new", AT_THE_END, {"200": ("S", 5, []), "404": NOT_FOUND}),
        ("device2.resumed-from", {"token_session": "P"}, {"0": ("P", 0, [1, 2]), "null": ("P", None, [1, 2])}),
        (
            "device2.resumed-from",
            {"token_session": "P", "last": 3},
            {"0": ("R", 0, [1]), "null": ("R", None, [1])},
        ),
        (
            "device2.last-without-token",
            {"last": 2},
            {
                "400": [("query", "/token_session", "a value: last needs it", "missing")],
                "ignored": ("P", 0, [1, 2]),
                "applied": ("P", 2, [3]),
            },
        ),
        ("reads.past-the-end", {"page": 9}, {"404": NOT_FOUND, "200": ("P", 0, [])}),
        ("reads.past-the-end", {**AT_THE_END, "page": 2}, {"404": NOT_FOUND, "200": ("S", 5, [])}),
        ("reads.from", {"from": TIMES[1]}, {"inclusive": ("P", 0, [2, 3]), "exclusive": ("P", 0, [2])}),
        ("reads.to", {"to": TIMES[1]}, {"inclusive": ("P", 0, [1, 3]), "exclusive": ("P", 0, [1])}),
    ],
)
def test_a_variant_decides_what_a_continued_read_shows(
    account: Account, id: str, query: dict[str, Any], expected: dict[str, Any]
) -> None:
    activate(account, "Q")
    for variant, answer in expected.items():
        assert ask(account, query, {id: variant}) == answer
        assert id in listed(account)


@pytest.mark.parametrize(("variant", "answer"), [("200", (None, 0, [])), ("404", NOT_FOUND)])
def test_a_device_without_sessions_gets_an_empty_answer_or_a_404(account: Account, variant: str, answer: Any) -> None:
    assert ask(account, {}, {"device2.no-sessions": variant}, device=1) == answer
    assert "device2.no-sessions" in listed(account)


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ({"token_session": "P", "last": 1}, {"device2.start", "device2.jump", "device2.resumed-from"}),
        ({"token_session": "R", "last": 1}, {"device2.start", "device2.jump", "device2.nothing-new"}),
        ({"token_session": "P", "last": 0}, {"device2.resumed-from", "device2.last-without-token"}),
        ({"from": TIMES[3]}, {"reads.from"}),
        ({"to": TIMES[3]}, {"reads.to"}),
        ({"token_session": "R", "from": TIMES[1]}, {"reads.from"}),
        ({"page": 9}, {"device2.resumed-from", "device2.nothing-new"}),
    ],
)
def test_an_assumption_that_changes_nothing_is_not_listed(
    account: Account, query: dict[str, Any], ids: set[str]
) -> None:
    ask(account, query)
    assert not ids & set(listed(account))


def test_an_answer_from_a_session_without_passings_is_no_404_while_a_newer_one_has_some(account: Account) -> None:
    chosen = {"device2.jump": "next", "device2.nothing-new": "404"}
    assert ask(account, {"token_session": "P", "last": 3}, chosen) == ("Q", 0, [])
    assert ask(account, AT_THE_END, chosen) == NOT_FOUND


@pytest.mark.parametrize(
    ("start", "answer"),
    [("newest", ("S", 5, [])), ("oldest-with-passings", ("R", 0, [1])), ("active", ("R", 0, [1]))],
)
def test_last_without_token_applies_where_the_answer_begins(account: Account, start: str, answer: Any) -> None:
    activate(account, "Q")
    chosen = {"device2.start": start, "device2.last-without-token": "applied"}
    assert ask(account, {"last": 5}, chosen) == answer


def test_a_session_that_closed_itself_is_not_the_active_one(account: Account) -> None:
    activate(account, "R")
    for device in account.company.devices:
        for session in account.company.sessions.of_device(device.deviceid):
            session.duration = session.creation_date
    chosen = {"device2.start": "active"}
    assert ask(account, {}, chosen) == ("R", 0, [1])
    assert "sessions.closes-itself" in listed(account)
    assert ask(account, {}, {**chosen, "sessions.closes-itself": "yes"}) == ("S", 0, [5])
    assert "sessions.closes-itself" in listed(account)
    assert ask(account, {}, {"device2.start": "newest"}) == ("S", 0, [5])
    assert "sessions.closes-itself" not in listed(account)
