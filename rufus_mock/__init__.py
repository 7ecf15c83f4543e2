"""A mock of the RUFUS Cloud Public API v0, and a contract-test kit for it."""

from importlib import import_module

TYPE_CHECKING = False  # like typing's, without importing typing: the health check of a container must start fast
if TYPE_CHECKING:
    from typing import Any

    from .testing.company import MockCompany
    from .testing.connection import AdminError
    from .testing.intercept import intercept
    from .testing.journal import VerificationFailed
    from .testing.mock import RufusMock

__all__ = ["AdminError", "MockCompany", "RufusMock", "VerificationFailed", "intercept"]

_MODULES = {
    "AdminError": "testing.connection",
    "MockCompany": "testing.company",
    "RufusMock": "testing.mock",
    "VerificationFailed": "testing.journal",
    "intercept": "testing.intercept",
}


def __getattr__(name: str) -> "Any":
    """Imports public names when they are first used, so that the command and the pytest plugin start fast."""
    if name == "__version__":
        return import_module("importlib.metadata").version("rufus-mock")
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_MODULES[name]}", __name__), name)
