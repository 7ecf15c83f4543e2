"""The kinds of faults, one module for each. A module in this folder is found without being registered.

They may import base/ and spec/. They must not import each other, and must not know when a fault applies.
"""

import pkgutil
from functools import cache
from importlib import import_module

from .kind import Kind


@cache
def kinds() -> dict[str, type[Kind]]:
    """All kinds by name. Those that lose the answer come first: the others change how it goes out."""
    modules = [import_module(found.name) for found in pkgutil.iter_modules(__path__, f"{__name__}.")]
    found = [each for module in modules for each in vars(module).values() if _is_kind(each)]
    return {kind.name: kind for kind in sorted(found, key=lambda kind: (not kind.loses_answer, kind.name))}


def _is_kind(value: object) -> bool:
    return isinstance(value, type) and issubclass(value, Kind) and value is not Kind
