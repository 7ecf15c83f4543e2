"""Finds out by trial which assumptions matter for a request that other variants might refuse, or accept.

What a refusal hides depends on all that follows it: the answer of the operation, or another refusal with the same body.
So the request is repeated under the other variants, each time on a copy of the company as it was before.
"""

from collections.abc import Callable, Collection

from flask import Response

from ...assumptions import trace
from ...assumptions.registry import STATEMENTS
from ...assumptions.statement import SEPARATOR
from ...world import Company

Attempt = Callable[[Company], Response]
"""Handles the same request for a company, which may be a copy."""


def copied(company: Company) -> Company:
    """A copy of a company on which a request can be tried. The company's identifiers are not used up."""
    other = company.copy()
    other.state.identifiers = company.state.identifiers.copy()
    return other


def settle(doubts: Collection[str], before: Company, after: Company, response: Response, attempt: Attempt) -> None:
    """Note each of the doubtful assumptions of which another variant changes the answer, or the state after it.

    before: the company before the request. after: the company now. response: the answer to the request.
    """
    for id in doubts:
        statement = STATEMENTS[id]
        chosen = before.assumptions.variant(id).partition(SEPARATOR)[0]
        for variant in statement.variants:
            if variant == chosen:
                continue
            other = copied(before)
            other.assumptions = before.assumptions.with_chosen({id: variant})
            with trace.suspended():
                answer = attempt(other)
            changed = not after.has_same_content_as(other)
            if changed or _seen(answer) != _seen(response):
                trace.note(id, statement.changes_state or changed)
                break


def _seen(response: Response) -> tuple[int, bytes, list[str]]:
    return response.status_code, response.get_data(), response.headers.getlist("Retry-After")
