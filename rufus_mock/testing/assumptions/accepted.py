"""The assumptions that the configuration accepts: the entries of rufus_accepted_assumptions."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from fnmatch import fnmatchcase
from typing import NamedTuple

from ...assumptions.chosen import InvalidAssumption, checked
from ...assumptions.statement import SEPARATOR
from ...spec.assumptions import Assumption

_WILDCARDS = "*?["


class _Entry(NamedTuple):
    """pattern: an id, or a pattern like insert.*. variant: the only one that is accepted; None for all."""

    pattern: str
    variant: str | None


class Accepted:
    """The assumptions that tests may depend on."""

    def __init__(self, entries: Iterable[_Entry]) -> None:
        self._entries = tuple(entries)

    @classmethod
    def parsed(cls, texts: Iterable[str], known: Mapping[str, Assumption]) -> "Accepted":
        """Read entries of the form id or id=variant, where id may be a pattern like insert.*.

        Raises InvalidAssumption if an entry applies to no known assumption; it suggests the closest ids or variants.
        """
        return cls([_entry(text, known) for text in texts])

    def accepts(self, id: str, variant: str) -> bool:
        """Whether a test may depend on an assumption of which this variant is in force."""
        return any(
            fnmatchcase(id, entry.pattern) and entry.variant in (None, variant, variant.partition(SEPARATOR)[0])
            for entry in self._entries
        )


def _entry(text: str, known: Mapping[str, Assumption]) -> _Entry:
    pattern, separator, variant = (part.strip() for part in text.partition("="))
    if any(character in pattern for character in _WILDCARDS):
        _check_pattern(pattern, variant if separator else None, known)
    elif separator or pattern not in known:
        checked({pattern: variant}, known)
    return _Entry(pattern, variant if separator else None)


def _check_pattern(pattern: str, variant: str | None, known: Mapping[str, Assumption]) -> None:
    matching = [each for id, each in known.items() if fnmatchcase(id, pattern)]
    if not matching:
        groups = list(dict.fromkeys(id.partition(".")[0] for id in known))
        close = get_close_matches(pattern.partition(".")[0], groups, n=1, cutoff=0.5)
        names = [f"{group}.*" for group in close or groups]
        raise InvalidAssumption(pattern, f"a pattern of ids such as {' or '.join(names)}", repr(pattern))
    if variant is not None and all(variant.partition(SEPARATOR)[0] not in each.variants for each in matching):
        variants = dict.fromkeys(name for each in matching for name in each.variants)
        raise InvalidAssumption(pattern, f"one of {', '.join(variants)}", repr(variant))
