"""What happens to passings that are inserted, and what an insert gets."""

from ..spec.dialects import Schema
from .constraints import limited, maybe_empty, not_empty, unchanged
from .statement import Statement, always

STATUS = Statement("insert.status", {"201": always(201), "200": always(200)})


def _stored(stored: int, sent: int) -> int:  # noqa: ARG001
    return stored


def _sent(stored: int, sent: int) -> int:  # noqa: ARG001
    return sent


INSERTED_COUNT = Statement("insert.inserted-count", {"stored": _stored, "sent": _sent})

EMPTY_LIST = Statement[[Schema], Schema]("insert.empty-list", {"400": not_empty, "stored": maybe_empty}, tried=True)
"""The schema of an insert."""

MAX_ENTRIES = Statement[[Schema], Schema]("insert.max-entries", {"none": unchanged, "5000": limited}, tried=True)
"""The schema of an insert."""

BAD_ENTRY = Statement(
    "insert.bad-entry", {"all-refused": always(False), "others-stored": always(True)}, changes_state=True, tried=True
)
"""Whether invalid entries are left out of an insert that also has valid ones."""
