"""A statement and its strategies, and how a caller asks it."""

from collections.abc import Callable, Mapping
from functools import cached_property
from inspect import signature
from typing import Generic, ParamSpec, TypeVar

from ..base.errors import ApiError
from .trace import current

P = ParamSpec("P")
T = TypeVar("T")
Value = TypeVar("Value")

Refusal = type[ApiError] | None
"""A decision: the error that an operation raises; None if it succeeds."""

SEPARATOR = ":"
"""Between the variant "captured" and its text: "captured:Forbidden"."""

CAPTURED = "captured"
"""The variant that repeats a text of the live API."""

STAND_IN = "A text that was captured from the live API"
"""The text of the variant "captured" if none is given."""


class Statement(Generic[P, T]):
    """One assumed statement: a function for each of its variants, all with the same parameters.

    A function decides and returns what to do; it must have no effects, because the functions of other variants are
    called too, to find out whether they decide differently. A decision can be the answer itself, if the
    function gets the rest of the operation as a function: what other variants ask there is not noted. differs: says so
    without calling them, for functions that have effects or are expensive. captured: makes the function of the variant
    "captured" from its text; a statement without it has no such variant. changes_state: whether another decision
    changes the state and not only the answer. tried: whether a trial has to show if another decision changes anything,
    because that depends on what follows it: see web/request/trials.py.
    """

    def __init__(
        self,
        id: str,
        variants: Mapping[str, Callable[P, T]],
        *,
        differs: Callable[P, bool] | None = None,
        captured: Callable[[str], Callable[P, T]] | None = None,
        changes_state: bool = False,
        tried: bool = False,
    ) -> None:
        self.id = id
        self.variants = dict(variants) if captured is None else {**variants, CAPTURED: captured(STAND_IN)}
        self.captured = captured
        self.changes_state = changes_state
        self._differs = differs
        self._tried = tried

    def strategy(self, variant: str) -> Callable[P, T]:
        """The function of a variant. Raises KeyError for an unknown one."""
        name, separator, text = variant.partition(SEPARATOR)
        if separator and self.captured is not None:
            return self.captured(text)
        return self.variants[name]

    def asked(self, variant: str) -> Callable[P, T]:
        """The function of a variant, which also notes whether another variant would have decided differently."""
        chosen = self.strategy(variant)
        others = [function for name, function in self.variants.items() if name != variant.partition(SEPARATOR)[0]]
        if self._decides_without_input:
            return self._constant(chosen, others)
        id, changes_state, differs, tried = self.id, self.changes_state, self._differs, self._tried

        def ask(*args: P.args, **kwargs: P.kwargs) -> T:
            decided = chosen(*args, **kwargs)
            trace = current.trace
            if trace is None or trace.paused:
                return decided
            trace.paused = True
            try:
                if differs is not None:
                    if not differs(*args, **kwargs):
                        return decided
                else:
                    for other in others:  # any() would take twice the time
                        if other(*args, **kwargs) != decided:
                            break
                    else:
                        return decided
            finally:
                trace.paused = False
            if tried:
                trace.doubt(id)
            else:
                trace.noted[id] = changes_state
            return decided

        return ask

    @cached_property
    def _decides_without_input(self) -> bool:
        return self._differs is None and not any(signature(each).parameters for each in self.variants.values())

    def _constant(self, chosen: Callable[P, T], others: list[Callable[P, T]]) -> Callable[P, T]:
        """Like asked, for functions without parameters: they decide the same each time."""
        decided = chosen()  # type: ignore[call-arg]
        matters = any(other() != decided for other in others)  # type: ignore[call-arg]
        id, changes_state, tried = self.id, self.changes_state, self._tried

        def ask(*_: P.args, **__: P.kwargs) -> T:
            trace = current.trace
            if matters and trace is not None and not trace.paused:
                if tried:
                    trace.doubt(id)
                else:
                    trace.noted[id] = changes_state
            return decided

        return ask


def always(value: Value) -> Callable[[], Value]:
    """A function that decides the same each time."""
    return lambda: value
