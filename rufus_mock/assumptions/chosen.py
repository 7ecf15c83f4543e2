"""The variants that a company's mock follows: the default ones, except those that were chosen."""

from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from typing import Any, ParamSpec, TypeVar

from ..spec.assumptions import Assumption, defaults, open_in
from ..spec.dialects import PAGES
from .statement import SEPARATOR, Statement

P = ParamSpec("P")
T = TypeVar("T")


class InvalidAssumption(ValueError):
    """An assumption or a variant does not exist.

    id: the assumption that was asked for. expected: what exists, with the closest names first; actual: what was asked
    for.
    """

    def __init__(self, id: str, expected: str, actual: str) -> None:
        super().__init__(f"{id}: expected {expected}, found {actual}")
        self.id = id
        self.expected = expected
        self.actual = actual


class _Cached(dict[Statement[..., Any], Callable[..., Any]]):
    """The functions of statements, each made when it is first looked up."""

    def __init__(self, make: Callable[[Statement[..., Any]], Callable[..., Any]]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, statement: Statement[..., Any]) -> Callable[..., Any]:
        made = self[statement] = self._make(statement)
        return made


class Assumptions:
    """The variant of each assumed statement in one dialect. Immutable: a company gets a new object when one changes.

    chosen: the variants that differ from the default, or were chosen explicitly, by id.
    """

    def __init__(self, dialect: str = PAGES, chosen: Mapping[str, str] | None = None) -> None:
        self.dialect = dialect
        self.chosen = dict(chosen or {})
        self._asked = _Cached(self._ask)
        self._decisions = _Cached(self._decide)

    def __getitem__(self, statement: Statement[P, T]) -> Callable[P, T]:
        """The function that decides for a statement, and notes whether the decision depends on the assumption."""
        return self._asked[statement]

    def decision(self, statement: Statement[P, T]) -> Callable[P, T]:
        """The function that decides for a statement, without noting anything."""
        return self._decisions[statement]

    def _ask(self, statement: Statement[P, T]) -> Callable[P, T]:
        is_open = statement.id in open_in()[self.dialect]
        return statement.asked(self.variant(statement.id)) if is_open else self.decision(statement)

    def _decide(self, statement: Statement[P, T]) -> Callable[P, T]:
        return statement.strategy(self.variant(statement.id))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Assumptions) and (self.dialect, self.chosen) == (other.dialect, other.chosen)

    def __hash__(self) -> int:
        return hash((self.dialect, *sorted(self.chosen.items())))

    def __repr__(self) -> str:
        return f"Assumptions({self.dialect!r}, {self.chosen!r})"

    def variant(self, id: str) -> str:
        """The variant of an assumption: the chosen one, or the default of the dialect.

        If the dialect does not leave the statement open, it is always the default one.
        """
        chosen = self.chosen.get(id) if id in open_in()[self.dialect] else None
        return chosen or defaults()[self.dialect][id]

    def changed(self) -> dict[str, str]:
        """The names of the variants that are not the default ones, by id, without the text of a captured one."""
        names = {id: self.variant(id).partition(SEPARATOR)[0] for id in self.chosen}
        return {id: name for id, name in names.items() if name != defaults()[self.dialect][id]}

    def with_chosen(self, chosen: Mapping[str, str]) -> "Assumptions":
        """These assumptions with other chosen variants in addition."""
        return Assumptions(self.dialect, {**self.chosen, **chosen})


def checked(chosen: Mapping[str, Any], known: Mapping[str, Assumption]) -> dict[str, str]:
    """The chosen variants by id. Raises InvalidAssumption, which suggests the closest ids or variants.

    An assumption that another dialect has not left open may be chosen too; it has no effect.
    """
    for id, variant in chosen.items():
        if id not in known:
            raise InvalidAssumption(
                id, f"an assumption{_closest(id, known)}; rufus-mock assumptions lists all", repr(id)
            )
        _check_variant(known[id], variant)
    return dict(chosen)


def parsed(texts: Iterable[str]) -> dict[str, str]:
    """The variants in texts of the form id=variant, by id. Raises InvalidAssumption."""
    chosen: dict[str, str] = {}
    for text in texts:
        id, separator, variant = text.partition("=")
        if not separator:
            raise InvalidAssumption(
                text, "an assumption and its variant, such as insert.duplicates=last-wins", repr(text)
            )
        if chosen.setdefault(id, variant) != variant:
            raise InvalidAssumption(id, "one variant", f"{chosen[id]} and {variant}")
    return chosen


def _check_variant(assumption: Assumption, variant: Any) -> None:
    name, separator, _ = str(variant).partition(SEPARATOR)
    found = assumption.variants.get(name) if isinstance(variant, str) else None
    if found is None:
        close = get_close_matches(name, list(assumption.variants), n=1, cutoff=0.5)
        names = sorted(assumption.variants, key=lambda known: known not in close)
        raise InvalidAssumption(assumption.id, f"one of {', '.join(names)}", repr(variant))
    if separator and not found.parameter:
        raise InvalidAssumption(assumption.id, f"{name} without a text", repr(variant))


def _closest(name: str, known: Iterable[str]) -> str:
    close = get_close_matches(name, list(known), n=3, cutoff=0.5)
    return f" such as {' or '.join(close)}" if close else ""
