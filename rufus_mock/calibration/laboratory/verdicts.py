"""Turns the evidence into verdicts. This is the only place that decides that something is measured."""

from collections.abc import Mapping
from typing import Any

from ...assumptions.statement import CAPTURED
from ...spec.assumptions import Assumption
from .evidence import ROUNDS, Evidence, Observation
from .masking import Mask
from .needs import NEEDS

MEASURED, OTHER, CONTRADICTORY, NOT_REACHED = "measured", "other", "contradictory", "not-reached"

MOST_UNSTABLE = 2
"""If more assumptions were answered differently when repeated, nothing that the target answers is relied upon."""

_MOST_PROOFS = 3


class Judge:
    """Decides the verdict on each assumption. doubt: why the target's answers cannot be relied upon, if so."""

    def __init__(self, evidence: Evidence, mask: Mask, dialect: str, doubt: str | None = None) -> None:
        self._evidence = evidence
        self._mask = mask
        self._dialect = dialect
        unstable = evidence.unstable
        if doubt is None and len(unstable) > MOST_UNSTABLE:
            doubt = "a target that answers the same request in the same way each time"
        self._doubt = doubt

    def verdicts(self, assumptions: Mapping[str, Assumption]) -> dict[str, dict[str, Any]]:
        """The verdict on each assumption by id."""
        return {id: self._verdict(assumption) for id, assumption in assumptions.items()}

    def _verdict(self, assumption: Assumption) -> dict[str, Any]:
        seen = self._evidence.observed.get(assumption.id, [])
        if self._dialect not in assumption.dialects:
            return _not_reached(f"an API that speaks the dialect {' or '.join(assumption.dialects)}")
        if self._doubt is not None:
            return _not_reached(self._doubt)
        if not seen:
            return _not_reached(self._needs(assumption))
        left = frozenset.intersection(*(each.fits for each in seen))
        texts = {each.text for each in seen if each.text is not None}
        if all(not each.fits for each in seen):
            return self._other(seen)
        if not left or (left == {CAPTURED} and len(texts) != 1):
            return self._contradictory(seen)
        if len(left) > 1:
            needs = self._needs(assumption)
            return {**_not_reached(needs), "fits": sorted(left), "proof": self._proof(seen)}
        (variant,) = left
        deciding = _deciding(seen, variant)
        if deciding is None:
            return _not_reached("the same measurement once more; it could not be repeated in this run")
        text = {"text": self._mask.text(next(iter(texts)))} if variant == CAPTURED else {}
        return {"verdict": MEASURED, "variant": variant, **text, "proof": self._proof(deciding)}

    def _needs(self, assumption: Assumption) -> str:
        """What the probes lacked or, if they did not say, what the statement needs in general."""
        lacking = self._evidence.lacking.get(assumption.id)
        if lacking:
            return "; ".join(lacking)
        return "; ".join(NEEDS.get(need, need) for need in assumption.needs) or "answers that show it"

    def _other(self, seen: list[Observation]) -> dict[str, Any]:
        captured = [self._mask.proof(answer) for answer in seen[0].answers[-1:]]
        return {"verdict": OTHER, "captured": captured[0] if captured else None, "proof": self._proof(seen[:1])}

    def _contradictory(self, seen: list[Observation]) -> dict[str, Any]:
        entries: list[dict[str, Any]] = []
        for each in seen:
            entry = {"fits": sorted(each.fits), "proof": self._proof([each])}
            if entry not in entries:
                entries.append(entry)
        return {"verdict": CONTRADICTORY, "seen": entries}

    def _proof(self, seen: list[Observation]) -> list[dict[str, Any]]:
        proofs: list[dict[str, Any]] = []
        for each in seen:
            shows = {"shows": each.shows} if each.shows else {}
            for answer in each.answers:
                proof = {**self._mask.proof(answer), **shows}
                if proof not in proofs:
                    proofs.append(proof)
        return proofs[:_MOST_PROOFS]


def _deciding(seen: list[Observation], variant: str) -> list[Observation] | None:
    """The observations that leave only this variant, in each round or alone; None if only one round does."""
    alone = [each for each in seen if each.alone]
    if alone and frozenset.intersection(*(each.fits for each in alone)) == {variant}:
        return alone
    for round in range(ROUNDS):
        repeated = [each for each in seen if each.round == round or each.alone]
        if not repeated or frozenset.intersection(*(each.fits for each in repeated)) != {variant}:
            return None
    return [each for each in seen if each.round == 0 or each.alone]


def _not_reached(needs: str) -> dict[str, Any]:
    return {"verdict": NOT_REACHED, "needs": needs}
