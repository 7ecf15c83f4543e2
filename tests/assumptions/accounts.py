"""Requests of an account whose company follows chosen variants."""

from typing import Any

import requests

from rufus_mock.assumptions import Assumptions
from rufus_mock.spec.dialects import OPENAPI
from tests.conftest import Account

UNKNOWN = "E" * 64


def assume(account: Account, *chosen: str) -> Account:
    """The account, with variants such as "insert.status=200"."""
    variants = dict(text.split("=", 1) for text in chosen)
    account.company.assumptions = Assumptions(account.dialect, variants)
    return account


def answer(account: Account, response: requests.Response) -> tuple[int, Any]:
    """The status and the body without the envelope of the dialect."""
    if not response.content:
        return response.status_code, None
    body = response.json()
    return response.status_code, body["body"] if account.dialect == OPENAPI else body


def listed(account: Account) -> set[str]:
    """The assumptions that the journal lists for the last request."""
    return set(account.company.journal.read().entries[-1].assumptions)


def refused(where: str, parameter: str, pointer: str, expected: str, actual: str) -> tuple[int, Any]:
    """A 400 with one problem."""
    problem = {"in": where, "parameter": parameter, "pointer": pointer, "expected": expected, "actual": actual}
    return 400, {"description": "Bad request", "errors": [problem]}
