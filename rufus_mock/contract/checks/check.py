"""What a check is: a function over a run, and the part of the contract that it looks at."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..run import Run
    from ..subject.material import Material

Body = Callable[["Run", "Material"], None]


@dataclass(frozen=True)
class Check:
    """One check. only: parts of the names of the statements that wait for it; without, all of its operations."""

    name: str
    title: str
    module: str
    operations: tuple[str, ...]
    writes: bool
    only: tuple[str, ...]
    body: Body

    def __str__(self) -> str:
        return self.name


_REGISTERED: dict[str, Check] = {}


def check(*operations: str, writes: bool = False, only: tuple[str, ...] = ()) -> Callable[[Body], Body]:
    """Registers a check that looks at these operations. writes: it needs to write."""

    def register(body: Body) -> Body:
        title = (body.__doc__ or body.__name__).splitlines()[0]
        name = body.__name__
        _REGISTERED[name] = Check(name, title, body.__module__, operations, writes, only, body)
        return body

    return register


def registered() -> list[Check]:
    """All checks, in the order of their definition."""
    return list(_REGISTERED.values())
