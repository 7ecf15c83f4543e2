"""Fails a test that depends on an assumption which the configuration does not accept."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from .content import number
from .settings import ACCEPTED
from .usage import Usage, Use


def fail(item: pytest.Item, report: pytest.TestReport, message: str) -> None:
    """Turn the report of a test that passed into a failure with a message and no traceback."""
    with pytest.raises(pytest.fail.Exception) as raised:
        pytest.fail(message, pytrace=False)
    report.outcome = "failed"
    report.longrepr = item.repr_failure(raised)


def refusal(usage: Usage, uses: Sequence[Use], catalogue: Mapping[str, dict[str, Any]]) -> str | None:
    """Why a test fails, if it does. uses: those of assumptions that are not accepted."""
    if uses:
        named = ", ".join(f"{use.id}={use.variant}" for use in uses)
        entries = ", ".join(f'"{use.id}={use.variant}"' for use in uses)
        lines = [f"depends on {number(len(uses), 'assumption')} not accepted: {named}"]
        for use in uses:
            lines += ["", *_described(use, catalogue[use.id])]
        return "\n".join([*lines, "", f"To accept: add {entries} to {ACCEPTED}."])
    if usage.notes or usage.lost:
        reasons = [*usage.notes]
        if usage.lost:
            reasons.append(f"the journal dropped {number(usage.lost, 'request')} before they were read")
        return f"cannot tell which assumptions it depends on: {'; '.join(reasons)}"
    return None


def _described(use: Use, assumption: Mapping[str, Any]) -> list[str]:
    sentences = {each["id"]: each["sentence"] for each in assumption["variants"]}
    name = use.variant if use.variant in sentences else use.variant.partition(":")[0]
    more = use.requests - len(use.examples)
    return [
        f"{use.id}: {assumption['statement']}",
        f"  assumed: {use.variant}: {sentences[name]}",
        *(f"  request: {example}" for example in use.examples),
        *([f"  and {more} more"] if more > 0 else []),
    ]
