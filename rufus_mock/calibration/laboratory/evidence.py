"""What was observed: for each assumption, which of its variants explain an answer."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from .answer import Answer

ROUNDS = 2
"""How often each probe is run. What is seen once may be an accident."""


@dataclass(frozen=True)
class Observation:
    """The variants of one assumption that explain what was seen; none if no variant does.

    shows: what the answers prove, if a masked body cannot show it. text: that of the variant captured. alone: the
    observation needs no repetition, because it rests on several requests.
    """

    round: int
    fits: frozenset[str]
    answers: tuple[Answer, ...]
    shows: str | None = None
    text: str | None = None
    alone: bool = False


@dataclass
class Evidence:
    """All observations of a run, and why others could not be made. defects: where a probe broke down."""

    observed: dict[str, list[Observation]] = field(default_factory=lambda: defaultdict(list))
    lacking: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    defects: list[str] = field(default_factory=list)

    def note(self, id: str, observation: Observation) -> None:
        self.observed[id].append(observation)

    def lack(self, ids: Iterable[str], needed: str) -> None:
        """These assumptions could not be observed for want of something."""
        for id in ids:
            if needed not in self.lacking[id]:
                self.lacking[id].append(needed)

    def variant(self, id: str, round: int) -> str | None:
        """The only variant that explains all observations of a round so far; None if that is not known yet."""
        seen = [each.fits for each in self.observed[id] if each.round == round]
        left = frozenset.intersection(*seen) if seen else frozenset()
        return next(iter(left)) if len(left) == 1 else None

    @property
    def unstable(self) -> list[str]:
        """The assumptions for which a repeated probe saw something else."""
        return [id for id, seen in self.observed.items() if _differ(seen)]


def _differ(seen: list[Observation]) -> bool:
    by_round = [[each for each in seen if each.round == round] for round in range(ROUNDS)]
    return any(
        (a.text, bool(a.fits)) != (b.text, bool(b.fits)) or (a.fits and not a.fits & b.fits)
        for a, b in zip(*by_round, strict=False)
    )
