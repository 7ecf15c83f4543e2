"""A check is a function over a run; registering it states which part of the contract it looks at."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..run import Run
    from ..subject.material import Material

CheckFunction = Callable[["Run", "Material"], None]


@dataclass(frozen=True)
class Check:
    """One check. The first line of the function's docstring is its title.

    writes: it needs to write. only: parts of the names of the statements that stay unexercised without this check;
    if empty, those are all statements of its operations.
    """

    name: str
    title: str
    module: str
    operations: tuple[str, ...]
    writes: bool
    only: tuple[str, ...]
    function: CheckFunction

    def __str__(self) -> str:
        return self.name


_REGISTERED: dict[str, Check] = {}


def check(
    *operations: str, writes: bool = False, only: tuple[str, ...] = ()
) -> Callable[[CheckFunction], CheckFunction]:
    """Registers a check that looks at these operations. For `writes` and `only` see Check."""

    def register(function: CheckFunction) -> CheckFunction:
        title = (function.__doc__ or function.__name__).splitlines()[0]
        name = function.__name__
        _REGISTERED[name] = Check(name, title, function.__module__, operations, writes, only, function)
        return function

    return register


def registered() -> list[Check]:
    """All checks, in the order of their definition."""
    return list(_REGISTERED.values())


def check_of(function: CheckFunction) -> Check:
    """The check that a registered function is. Raises KeyError for any other function."""
    return _REGISTERED[function.__name__]
