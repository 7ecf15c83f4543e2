"""Finds out by trial which assumptions matter for a request that other variants might refuse, or accept.

What a refusal hides depends on all that follows it: the answer of the operation, or another refusal with the same body.
So the request is repeated under the company's own variants and under others, each time on a copy of the company as it
was before. These copies are compared with each other only, and time stands still in them. So neither the time that
passes meanwhile nor other requests to the company make a difference.
"""

from collections.abc import Callable, Collection
from typing import NamedTuple

from flask import Response

from ...assumptions import Assumptions, trace
from ...assumptions.registry import STATEMENTS
from ...assumptions.statement import SEPARATOR
from ...base.clock import StoppedClock
from ...base.identifiers import Identifiers
from ...world import Company

Attempt = Callable[[Company], Response]
"""Handles the same request for a company, which may be a copy."""

Seen = tuple[int, bytes, list[str]]


class _Outcome(NamedTuple):
    """What the client sees, and the company after the request."""

    seen: Seen
    company: Company

    def has_same_state_as(self, other: "_Outcome") -> bool:
        return self.company.has_same_content_as(other.company)


def copied(company: Company) -> Company:
    """A copy of a company on which a request can be tried. Each such copy creates the same identifiers."""
    other = company.copy()
    other.state.clock = StoppedClock(company.state.clock.now())
    other.state.identifiers = Identifiers("trial")
    return other


def settle(doubts: Collection[str], before: Company, attempt: Attempt) -> None:
    """Note each of the doubtful assumptions of which another variant changes the answer, or the state after it.

    before: a copy of the company as it was before the request.
    """
    expected = _tried(before, before.assumptions, attempt)
    for id in doubts:
        statement = STATEMENTS[id]
        chosen = before.assumptions.variant(id).partition(SEPARATOR)[0]
        for variant in statement.variants:
            if variant == chosen:
                continue
            found = _tried(before, before.assumptions.with_chosen({id: variant}), attempt)
            changed = not expected.has_same_state_as(found)
            if changed or found.seen != expected.seen:
                trace.note(id, statement.changes_state or changed)
                break


def _tried(before: Company, assumptions: Assumptions, attempt: Attempt) -> _Outcome:
    company = copied(before)
    company.assumptions = assumptions
    with trace.suspended():
        response = attempt(company)
    return _Outcome((response.status_code, response.get_data(), response.headers.getlist("Retry-After")), company)
