"""What sessions are, how they are listed, and what happens when they are opened and closed."""

from ..base.errors import ApiError, SessionAlreadyClosed, SessionNotFound
from .statement import Statement, always

Refusal = type[ApiError] | None
"""The error that an operation raises; None if it succeeds."""

INSERT_STATUS = Statement("sessions.insert-status", {"201": always(201), "200": always(200)})

CLOSE_AGAIN = Statement[[], Refusal](
    "sessions.close-again",
    {"200": always(None), "404": always(SessionNotFound), "409": always(SessionAlreadyClosed)},
    changes_state=True,  # a session that is closed once more updates last_seen of its device
)
