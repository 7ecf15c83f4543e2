"""What an insert does and gets under each variant of its assumptions, over real requests."""

from typing import Any

import pytest

from tests.conftest import Account, sent

DOCUMENTED = "2026-05-10T09:00:00.000Z"


def assume(account: Account, id: str, variant: str) -> None:
    account.company.assumptions = account.company.assumptions.with_chosen({id: variant})


def mattered(account: Account) -> set[str]:
    """The assumptions that the journal lists for the last request."""
    return set(account.company.journal.read().entries[-1].mattered())


def opened(account: Account) -> str:
    return account.open(account.bind())


def post(account: Account, token: str, *passings: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    response = account.request("POST", "/passings", json={"token_session": token, "passings_list": list(passings)})
    body: dict[str, Any] = response.json()
    return response.status_code, body


CLOSED = {"description": "Session not found or closed"}

BAD_REQUEST = {"access.body-400", "insert.bad-entry"}
"""What a 400 for one of several entries depends on in any case."""


@pytest.mark.parametrize("status", [404, 400, 409])
@pytest.mark.parametrize("token", ["echoed", "absent"])
def test_a_closed_session_takes_no_passings(account: Account, status: int, token: str) -> None:
    session = opened(account)
    account.close(session)
    assume(account, "insert.closed-session", str(status))
    assume(account, "insert.closed-token", token)
    echoed = {"token_session": session} if token == "echoed" else {}
    assert post(account, session, sent(1)) == (status, CLOSED | echoed)
    assert mattered(account) == {"insert.closed-session", "insert.closed-token"}
    unknown = "E" * 64
    assert post(account, unknown, sent(1)) == (404, CLOSED | ({"token_session": unknown} if echoed else {}))
    assert mattered(account) == {"insert.closed-token"}
    assert account.session(session)["passings"] == 0


@pytest.mark.parametrize(
    ("variant", "bibs", "inserted"),
    [
        ("first-stays", ["a", "b", "c"], 1),
        ("last-wins", ["a", "e", "d"], 1),
        ("both-kept", ["a", "b", "e", "c", "d"], 3),
    ],
)
def test_a_repeated_number(either: Account, variant: str, bibs: list[str], inserted: int) -> None:
    session = opened(either)
    assume(either, "insert.duplicates", variant)
    either.insert(session, sent(1, "2026-05-10T09:00:01.000Z", "a"), sent(2, "2026-05-10T09:00:09.000Z", "b"))
    if variant == "first-stays":
        assert "insert.duplicates" not in mattered(either)
    again = [sent(3, "2026-05-10T09:00:05.000Z", "c"), sent(3, DOCUMENTED, "d"), sent(2, DOCUMENTED, "e")]
    body = either.insert(session, *again)
    assert "insert.duplicates" in mattered(either)
    assert body["inserted_count"] == inserted
    if "duplicate_count" in body:
        assert body["duplicate_count"] == 3 - inserted
    assert [entry["bib"] for entry in either.read(session)] == bibs
    assert [entry["bib"] for entry in either.read(session, first=2, last=2)] == [
        bib for bib in bibs if bib in {"first-stays": "b", "last-wins": "e", "both-kept": "be"}[variant]
    ]
    described = either.session(session)
    assert described["passings"] == len(bibs)
    assert described["last"] == f"2026-05-10T09:00:0{1 if variant == 'last-wins' else 9}.000Z"


@pytest.mark.parametrize("repeats", ["a stored one", "one of the same insert"])
def test_a_409_for_a_repeated_number_stores_nothing(account: Account, repeats: str) -> None:
    session = opened(account)
    account.insert(session, sent(5, bib="first"))
    before = account.session(session), account.read(session)
    assume(account, "insert.duplicates", "409")
    again = sent(5) if repeats == "a stored one" else sent(2)
    refused = {"description": "Passings already inserted", "token_session": session}
    assert post(account, session, sent(2, "2020-01-01T00:00:00.000Z"), sent(9), again) == (409, refused)
    assert mattered(account) == {"insert.duplicates"}
    assert (account.session(session), account.read(session)) == before
    assert post(account, session, sent(2), sent(9))[0] == 201


@pytest.mark.parametrize("query", [{}, {"from": "2026-05-10T09:00:00.000Z"}])
@pytest.mark.parametrize("page_size", [1, 2, 3])
def test_device2_gives_each_passing_with_the_same_number_once(
    account: Account, page_size: int, query: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    device = account.bind()
    session = account.open(device)
    assume(account, "insert.duplicates", "both-kept")
    account.insert(session, sent(1, "2026-05-10T09:00:05.000Z", "a"), sent(2, bib="b"))
    account.insert(session, sent(1, "2026-05-10T09:00:01.000Z", "c"), sent(1, "2026-05-10T09:00:07.000Z", "d"))
    monkeypatch.setattr(account.company.passings, "_page_size", page_size)
    pages = range(1, -(-4 // page_size) + 1)
    read = [account.resume(device, token_session=session, last=0, page=page, **query)["passings"] for page in pages]
    assert [entry["bib"] for page in read for entry in page] == ["a", "c", "d", "b"]
    assert account.resume(device, token_session=session, last=1, **query)["passings"][0]["bib"] == "b"
    monkeypatch.undo()
    assert [entry["bib"] for entry in account.read_device(device)] == ["b", "c", "a", "d"]


@pytest.mark.parametrize(
    ("id", "field", "unwanted", "expected", "actual"),
    [
        ("insert.chips", "chips", {"chips": "A"}, "no such field: name it chip", '"A" (string)'),
        (
            "insert.time-without-offset",
            "timestamp",
            {"timestamp": "2026-05-10 09:00:00"},
            "a time with an offset, such as YYYY-MM-DDTHH:mm:ss.sssZ",
            '"2026-05-10 09:00:00" (string)',
        ),
    ],
)
@pytest.mark.parametrize("closed", [False, True])
def test_a_refused_entry_refuses_the_insert(
    account: Account, id: str, field: str, unwanted: dict[str, Any], expected: str, actual: str, closed: bool
) -> None:
    session = opened(account)
    if closed:
        account.close(session)
    passings = [sent(1), sent(2) | unwanted]
    if not closed:
        assert post(account, session, *passings)[0] == 201
        assert id in mattered(account)
    assert post(account, session, *passings)[0] == (404 if closed else 201)
    assert id in mattered(account), "a repeated entry would be refused too"
    assume(account, id, "400")
    before = account.session(session)
    status, body = post(account, session, *passings, sent(3))
    pointer = f"/passings_list/1/{field}"
    problem = {"in": "body", "parameter": field, "pointer": pointer, "expected": expected, "actual": actual}
    assert (status, body["errors"]) == (400, [problem])
    assert mattered(account) == {id, *BAD_REQUEST}
    assert account.session(session) == before


def test_a_time_out_of_range_in_its_timezone_is_a_400(account: Account) -> None:
    session = opened(account)
    assume(account, "insert.time-without-offset", "passing-timezone")
    status, body = post(account, session, sent(1), sent(2, "9999-12-31 23:00:00", timezone="America/New_York"))
    assert (status, body["errors"][0]["pointer"]) == (400, "/passings_list/1/timestamp")
    assert body["errors"][0]["expected"] == "0001-01-01T00:00:00.000Z to 9999-12-31T23:59:59.999Z"


def test_a_passing_that_is_not_stored_depends_only_on_what_would_refuse_it(account: Account) -> None:
    session = opened(account)
    account.insert(session, sent(1))
    odd = sent(1, "2026-05-10 11:00:00.0009", latitude=12, chips="A")
    account.insert(session, odd)
    refusing = {"insert.time-without-offset", "insert.chips"}
    assert mattered(account) == {"insert.status", "insert.duplicates", "insert.inserted-count", *refusing}
    post(account, "E" * 64, odd)
    assert mattered(account) == {"insert.closed-token", *refusing}
    post(account, session, odd, sent(2, "2026-02-30T00:00:00Z"))
    assert mattered(account) == BAD_REQUEST, "it is a 400 in any case"
