"""All statements by id."""

from collections.abc import Mapping
from typing import Any

from . import access, device2, devices, events, inserts, reads, requests, sessions
from .statement import Statement

_MODULES = (access, requests, devices, sessions, inserts, reads, device2, events)

STATEMENTS: Mapping[str, Statement[..., Any]] = {
    statement.id: statement
    for module in _MODULES
    for statement in vars(module).values()
    if isinstance(statement, Statement)
}
