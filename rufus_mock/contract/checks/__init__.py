"""The checks, one module per subject, in the order in which they run.

A check may import every other folder of the kit except report/. It must not send a request past the run, decide what
kind a finding is, or print: it asks, and compares the answer with a rule.
"""

from collections.abc import Iterable

from . import (
    access,
    again,
    at_random,
    devices,
    events,
    invalid_input,
    life,
    pages,
    passings,
    ranges,
    reading,
    sessions,
    values,
    ways,
)
from .check import Check, CheckFunction, check_of, registered

__all__ = ["Check", "CheckFunction", "all_checks", "check_of"]

_MODULES = (
    reading,
    events,
    life,
    sessions,
    devices,
    passings,
    values,
    ways,
    access,
    again,
    invalid_input,
    pages,
    ranges,
    at_random,
)


def all_checks(operations: Iterable[str] = ()) -> list[Check]:
    """All checks, or those that look at one of some operations."""
    chosen = set(operations)
    order = [module.__name__ for module in _MODULES]
    checks = sorted(registered(), key=lambda check: order.index(check.module))
    return [check for check in checks if not chosen or chosen & set(check.operations)]
