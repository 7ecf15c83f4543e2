"""The variants that a company's mock follows: the default ones, except those that were chosen."""

from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from typing import Any, ParamSpec, TypeVar, cast

from ..spec.assumptions import Assumption, defaults
from ..spec.dialects import PAGES
from .statement import SEPARATOR, Statement

P = ParamSpec("P")
T = TypeVar("T")


class InvalidAssumption(ValueError):
    """An assumption or variant does not exist. id: the assumption that was asked for; the message suggests others."""

    def __init__(self, message: str, id: str) -> None:
        super().__init__(message)
        self.id = id


class Assumptions:
    """The variant of each assumed statement in one dialect. Immutable: a company gets a new object when one changes.

    chosen: the variants that differ from the default, or were chosen explicitly, by id.
    """

    def __init__(self, dialect: str = PAGES, chosen: Mapping[str, str] | None = None) -> None:
        self.dialect = dialect
        self.chosen = dict(chosen or {})
        self._asked: dict[Statement[..., Any], Callable[..., Any]] = {}

    def __getitem__(self, statement: Statement[P, T]) -> Callable[P, T]:
        """The function that decides for a statement, and notes whether the decision depends on the assumption."""
        try:
            return cast(Callable[P, T], self._asked[statement])
        except KeyError:
            asked = self._asked[statement] = statement.asked(self.variant(statement.id))
            return asked

    def strategy(self, statement: Statement[P, T]) -> Callable[P, T]:
        """The function that decides for a statement. It notes nothing; use it to find out whether a question matters."""
        return statement.strategy(self.variant(statement.id))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Assumptions) and (self.dialect, self.chosen) == (other.dialect, other.chosen)

    def __hash__(self) -> int:
        return hash((self.dialect, *sorted(self.chosen.items())))

    def __repr__(self) -> str:
        return f"Assumptions({self.dialect!r}, {self.chosen!r})"

    def variant(self, id: str) -> str:
        """The variant of an assumption: the chosen one, or the default of the dialect."""
        return self.chosen.get(id) or defaults()[self.dialect][id]

    def with_chosen(self, chosen: Mapping[str, str]) -> "Assumptions":
        """These assumptions with other chosen variants in addition."""
        return Assumptions(self.dialect, {**self.chosen, **chosen})


def checked(chosen: Mapping[str, Any], known: Mapping[str, Assumption]) -> dict[str, str]:
    """The chosen variants by id. Raises InvalidAssumption, which suggests the closest ids or variants.

    An assumption that another dialect has not left open may be chosen too; it has no effect.
    """
    for id, variant in chosen.items():
        if id not in known:
            close = _closest(id, known) or "rufus-mock assumptions lists them"
            raise InvalidAssumption(f"no assumption is called {id!r}; {close}", id)
        _check_variant(known[id], variant)
    return dict(chosen)


def parsed(texts: Iterable[str]) -> dict[str, str]:
    """The variants in texts of the form id=variant, by id. Raises InvalidAssumption."""
    chosen: dict[str, str] = {}
    for text in texts:
        id, separator, variant = text.partition("=")
        if not separator:
            raise InvalidAssumption(f"{text!r} has no variant; write it as insert.duplicates=last-wins", text)
        if chosen.setdefault(id, variant) != variant:
            raise InvalidAssumption(f"{id} is given twice: {chosen[id]} and {variant}", id)
    return chosen


def _check_variant(assumption: Assumption, variant: Any) -> None:
    name, separator, told = str(variant).partition(SEPARATOR)
    found = assumption.variants.get(name) if isinstance(variant, str) else None
    if found is None:
        close = _closest(str(variant), assumption.variants) or "expected one of " + ", ".join(assumption.variants)
        raise InvalidAssumption(f"{assumption.id} has no variant {variant!r}; {close}", assumption.id)
    if separator and not found.parameter:
        raise InvalidAssumption(f"{assumption.id}={name} takes no text, and {told!r} was given", assumption.id)


def _closest(name: str, known: Iterable[str]) -> str | None:
    close = get_close_matches(name, list(known), n=3, cutoff=0.5)
    return f"did you mean {' or '.join(close)}?" if close else None
