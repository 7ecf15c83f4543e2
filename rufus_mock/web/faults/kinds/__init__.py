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
    for module in pkgutil.iter_modules(__path__, f"{__name__}."):
        import_module(module.name)
    found = sorted(Kind.__subclasses__(), key=lambda kind: (not kind.loses_answer, kind.name))
    return {kind.name: kind for kind in found}
