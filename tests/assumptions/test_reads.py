"""What a read of passings shows under each variant, and when it lists the assumption."""

from typing import Any

import pytest

from rufus_mock.spec.dialects import OPENAPI
from tests.conftest import Account, sent

NOT_FOUND = "Passings not found"
A, B, DEVICE = "/passings/session/A", "/passings/session/B", "/passings/device/D"
TIMES = [f"2026-05-10T09:00:00.00{millisecond}Z" for millisecond in range(10)]
SESSIONS = {"A": {1: 0, 2: 2, 3: 1}, "B": {1: 2, 2: 4, 4: 1}}
"""The millisecond of each passing by num_passing. B is the newer session of the same device."""


@pytest.fixture
def account(small_pages: Account) -> Account:
    device = small_pages.bind()
    for name, passings in SESSIONS.items():
        token = small_pages.open(device, name)
        small_pages.insert(token, *(sent(number, TIMES[time]) for number, time in passings.items()))
    return small_pages


def identifiers(account: Account) -> dict[str, str]:
    """The identifiers of the device, D, and of the sessions by their names."""
    (device,) = account.company.devices
    return {"D": device.deviceid} | {
        str(session.alias): session.token_session for session in account.company.sessions.of_device(device.deviceid)
    }


def ask(account: Account, path: str, query: str, chosen: dict[str, str] | None = None) -> Any:
    """The passings of an answer, as A1 for number 1 of session A, or the text of an error; the path has names."""
    known = identifiers(account)
    *parts, name = path.split("/")
    account.company.assumptions = account.company.assumptions.with_chosen(chosen or {})
    response = account.request("GET", "/".join([*parts, known[name]]), params=query)
    body = account.body(response, response.status_code)
    if response.status_code == 404:
        owner = "deviceid" if name == "D" else "token_session"
        assert body == {"description": body["description"], owner: known[name]}
        return body["description"]
    if response.status_code == 400:
        return [(error["in"], error["pointer"], error["expected"], error["actual"]) for error in body["errors"]]
    assert response.status_code == 200
    names = {token: alias for alias, token in known.items()}
    return [f"{names[each['token_session']]}{each['num_passing']}" for each in body["result"]]


def listed(account: Account) -> tuple[str, ...]:
    return account.company.journal.read().entries[-1].assumptions


ORDER, TIES = "reads.time-order", "reads.equal-times"


@pytest.mark.parametrize(
    ("id", "path", "query", "expected"),
    [
        ("reads.first", A, "first=2", {"inclusive": ["A2", "A3"], "exclusive": ["A3"]}),
        ("reads.first", A, "first=3", {"inclusive": ["A3"], "exclusive": NOT_FOUND}),
        ("reads.first", A, "first=1&page=2", {"inclusive": ["A3"], "exclusive": NOT_FOUND}),
        ("reads.last", A, "last=2", {"inclusive": ["A1", "A2"], "exclusive": ["A1"]}),
        ("reads.last", A, "last=3&page=2", {"inclusive": ["A3"], "exclusive": NOT_FOUND}),
        ("reads.from", DEVICE, f"from={TIMES[2]}", {"inclusive": ["A2", "B1"], "exclusive": ["B2"]}),
        ("reads.to", DEVICE, f"to={TIMES[0]}", {"inclusive": ["A1"], "exclusive": NOT_FOUND}),
        ("reads.past-the-end", A, "page=9", {"404": NOT_FOUND, "200": []}),
        ("reads.past-the-end", DEVICE, "page=9", {"404": NOT_FOUND, "200": []}),
        ("reads.nothing-on-device", DEVICE, f"from={TIMES[5]}", {"404": NOT_FOUND, "200": []}),
        (ORDER, DEVICE, "", {"by-time": ["A1", "A3"], "by-session": ["A1", "A2"]}),
        (ORDER, DEVICE, "page=3", {"by-time": ["B1", "B2"], "by-session": ["B2", "B4"]}),
        (ORDER, DEVICE, f"from={TIMES[1]}", {"by-time": ["A3", "B4"], "by-session": ["A2", "A3"]}),
        (
            TIES,
            DEVICE,
            "",
            {
                "older-session-first": ["A1", "A3"],
                "newer-session-first": ["A1", "B4"],
                "by-number": ["A1", "A3"],
            },
        ),
        (
            TIES,
            DEVICE,
            "page=2",
            {
                "older-session-first": ["B4", "A2"],
                "newer-session-first": ["A3", "B1"],
                "by-number": ["B4", "B1"],
            },
        ),
        ("reads.full-pages", A, "", {"always": ["A1", "A2"], "not-always": ["A1"]}),
        ("reads.full-pages", A, "page=2", {"always": ["A3"], "not-always": ["A2", "A3"]}),
        ("reads.full-pages", DEVICE, "page=4", {"always": NOT_FOUND, "not-always": ["B2"]}),
        (
            "reads.upside-down",
            A,
            "first=2&last=1",
            {"404": NOT_FOUND, "400": [("query", "/last", "at least 2, the value of first", "1 (integer)")]},
        ),
        (
            "reads.upside-down",
            DEVICE,
            f"from={TIMES[2]}&to={TIMES[1]}",
            {
                "404": NOT_FOUND,
                "400": [("query", "/to", f"at least {TIMES[2]}, the value of from", f'"{TIMES[1]}" (string)')],
            },
        ),
    ],
)
def test_a_variant_decides_what_a_read_shows(
    account: Account, id: str, path: str, query: str, expected: dict[str, Any]
) -> None:
    for variant, answer in expected.items():
        assert ask(account, path, query, {id: variant}) == answer
        assert id in listed(account)


@pytest.mark.parametrize(
    ("path", "query", "ids"),
    [
        (A, "first=0", {"reads.first"}),
        (A, "last=4", {"reads.last"}),
        (DEVICE, f"from={TIMES[3]}", {"reads.from"}),
        (DEVICE, f"to={TIMES[3]}&page=3", {"reads.to"}),
        (B, "first=3", {"reads.full-pages"}),
        (A, "first=2&last=1", {"reads.first", "reads.last"}),
        (A, "first=1&last=2", {"reads.upside-down"}),
        (DEVICE, f"from={TIMES[4]}", {ORDER, TIES}),
        (DEVICE, f"from={TIMES[2]}&to={TIMES[2]}", {ORDER}),
    ],
)
def test_an_assumption_that_changes_nothing_is_not_listed(
    account: Account, path: str, query: str, ids: set[str]
) -> None:
    ask(account, path, query)
    assert not ids & set(listed(account))


def test_the_last_bound_matters_on_an_earlier_page_only_if_the_answer_has_a_total(account: Account) -> None:
    ask(account, A, "last=3")
    assert ("reads.last" in listed(account)) is (account.dialect == OPENAPI)


@pytest.mark.parametrize("variant", ["always", "not-always"])
def test_pagination_says_whether_pages_follow(account: Account, variant: str) -> None:
    account.company.assumptions = account.company.assumptions.with_chosen({"reads.full-pages": variant})
    token = identifiers(account)["B"]
    for number in (4, 5):
        account.insert(token, sent(number, TIMES[5]))
    read = [account.get(f"/passings/session/{token}?page={page}") for page in (1, 2)]
    assert [each.get("pagination") for each in read] == (
        [
            {"page": 1, "limit": 2, "total": 4, "has_more": True},
            {"page": 2, "limit": 2, "total": 4, "has_more": variant == "not-always"},
        ]
        if account.dialect == OPENAPI
        else [None, None]
    )


def test_a_page_past_the_end_has_the_total_of_the_range(account: Account) -> None:
    account.company.assumptions = account.company.assumptions.with_chosen({"reads.past-the-end": "200"})
    body = account.get(f"/passings/session/{identifiers(account)['A']}?page=9")
    assert body["result"] == []
    assert body.get("pagination") == (
        {"page": 9, "limit": 2, "total": 3, "has_more": False} if account.dialect == OPENAPI else None
    )
