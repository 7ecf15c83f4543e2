"""What one fault does: its kinds, read from its description and applied in order."""

from collections.abc import Callable, Iterator, Mapping
from random import Random
from typing import Any

from flask import Response

from ...spec.validation import Problem
from ...spec.validation import described as shown
from ...world.faults import Faults, Strike
from .delivery import Delivered
from .kinds import kinds
from .kinds.kind import ChangedAnswer, Kind


class Effect:
    """The kinds of a fault that is valid and has no problems."""

    def __init__(self, described: Mapping[str, Any]) -> None:
        self._kinds = [kind(described) for kind in _asked_for(described)]
        self.loses_answer = any(kind.loses_answer for kind in self._kinds)

    def apply(self, strike: Strike, faults: Faults, response: Response, withheld: Callable[[], Response]) -> Delivered:
        """The response that goes out in place of `response`. withheld: see ChangedAnswer."""
        answer = ChangedAnswer(response, Random(strike.seed), withheld)
        for kind in self._kinds:
            kind.apply(answer)
        return Delivered.of(answer, strike, faults)


def problems(described: Mapping[str, Any]) -> Iterator[Problem]:
    """What is wrong with the kinds of a fault and cannot be said in its schema."""
    asked = _asked_for(described)
    if not asked:
        members = sorted({kind.member for kind in kinds().values()})
        yield Problem("body", "answer", "/answer", "one of " + ", ".join(members), "none of them")
    losing = [kind.member for kind in asked if kind.loses_answer]
    for member in losing[:-1]:
        expected = f"nothing: it cannot be combined with {losing[-1]}"
        yield Problem("body", member, f"/{member}", expected, shown(described[member]))
    for kind in asked:
        for other in sorted(kind.excludes & described.keys()):
            expected = f"nothing: it cannot be combined with {kind.name}"
            yield Problem("body", other, f"/{other}", expected, shown(described[other]))
    for each in kinds().values():
        yield from each.problems(described)


def _asked_for(described: Mapping[str, Any]) -> list[type[Kind]]:
    return [kind for kind in kinds().values() if kind.is_asked_for(described)]
