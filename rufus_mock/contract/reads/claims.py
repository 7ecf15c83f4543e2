"""What several answers say about one thing, and whether all of them contradict the model."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from ..judge.exchange import JudgedExchange
from ..judge.statements import Statement
from ..session.exchange import Entry
from ..subject.cause import Cause
from ..wording import described

Claim = tuple[JudgedExchange, Any, str]
"""What an answer says: the answer, the value, and its place."""


def field_claims(name: str, entries: Iterable[tuple[JudgedExchange, Entry, str]]) -> list[Claim]:
    """What these entries say about a field, if they have it."""
    return [(exchange, entry[name], f"{at}/{name}") for exchange, entry, at in entries if name in entry]


def most_said(claims: Sequence[Claim]) -> Any:
    """The value that most answers give; the first one in doubt; None if there is none."""
    counts = Counter(described(value) for _, value, _ in claims)
    return max((value for _, value, _ in claims), key=lambda value: counts[described(value)], default=None)


def blamed(
    statement: Statement,
    claims: Sequence[Claim],
    wanted: Any,
    cause: Cause,
    same: Callable[[Any, Any], bool] = lambda one, other: bool(one == other),
) -> Any:
    """The value: the wanted one, or another one that all of several answers give; then the write is blamed."""
    if len(claims) < 2 or any(same(value, wanted) for _, value, _ in claims):
        return wanted
    exchange, value, at = claims[0]
    exchange.against(statement).broken(f"{described(wanted)}, {cause}", described(value), at)
    return value
