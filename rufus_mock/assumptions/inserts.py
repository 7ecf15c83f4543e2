"""What happens to passings that are inserted, and what an insert gets."""

from .statement import Statement, always

STATUS = Statement("insert.status", {"201": always(201), "200": always(200)})


def _stored(stored: int, sent: int) -> int:  # noqa: ARG001
    return stored


def _sent(stored: int, sent: int) -> int:  # noqa: ARG001
    return sent


INSERTED_COUNT = Statement("insert.inserted-count", {"stored": _stored, "sent": _sent})
