"""What changed from one profile to another."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .laboratory.verdicts import NOT_REACHED


@dataclass(frozen=True)
class Change:
    """An assumption on which two profiles have another verdict. before and after: the verdicts in a few words.

    behaviour: whether the API behaves differently; if not, only one of the runs could tell how it behaves.
    """

    id: str
    before: str
    after: str
    behaviour: bool


def changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    """The assumptions on which the verdicts differ, in the order of the new profile. Proofs are not compared."""
    found = []
    for id in dict.fromkeys([*new["assumptions"], *old["assumptions"]]):
        before, after = old["assumptions"].get(id), new["assumptions"].get(id)
        if _essence(before) != _essence(after):
            reached = all(each is not None and each["verdict"] != NOT_REACHED for each in (before, after))
            found.append(Change(id, in_words(before), in_words(after), reached))
    return found


def in_words(verdict: Mapping[str, Any] | None) -> str:
    """A verdict with its variant."""
    if verdict is None:
        return "not in the profile"
    text = f" {verdict['text']!r}" if "text" in verdict else ""
    variant = f" {verdict['variant']}" if "variant" in verdict else ""
    return f"{verdict['verdict']}{variant}{text}"


def _essence(verdict: Mapping[str, Any] | None) -> Any:
    """What a verdict says, without its proof."""
    if verdict is None:
        return None
    return {name: verdict.get(name) for name in ("verdict", "variant", "text", "captured")}
