"""The checks, in the order in which they run."""

from collections.abc import Iterable

from ..check import Check, registered
from . import access, devices, events, faults, life, pages, passings, ranges, reading, sessions

__all__ = ["Check", "all_checks"]

_MODULES = (reading, ranges, events, devices, sessions, passings, faults, access, life, pages)


def all_checks(operations: Iterable[str] = ()) -> list[Check]:
    """All checks, or those that look at one of some operations."""
    chosen = set(operations)
    order = [module.__name__ for module in _MODULES]
    checks = sorted(registered(), key=lambda check: order.index(check.module))
    return [check for check in checks if not chosen or chosen & set(check.operations)]
