"""What sessions are, how they are listed, and what happens when they are opened and closed."""

from collections.abc import Sequence

from ..base.errors import DeviceNotFound, SessionAlreadyClosed, SessionNotFound, SessionsNotFound
from .listing import pagination_in_openapi
from .statement import Refusal, Statement, always

INSERT_STATUS = Statement("sessions.insert-status", {"201": always(201), "200": always(200)})

INSERT_UNKNOWN_DEVICE = Statement("sessions.insert-unknown-device", {"404": always(404), "400": always(400)})
"""The status of DeviceNotFound."""

CLOSE_AGAIN = Statement[[], Refusal](
    "sessions.close-again",
    {"200": always(None), "404": always(SessionNotFound), "409": always(SessionAlreadyClosed)},
    changes_state=True,  # a session that is closed once more updates last_seen of its device
)

UNKNOWN_DEVICE = Statement[[], Refusal](
    "sessions.unknown-device",
    {
        "sessions-not-found": always(SessionsNotFound),
        "device-not-found": always(DeviceNotFound),
        "200": always(None),
    },
)

NONE = Statement[[], Refusal]("sessions.none", {"404": always(SessionsNotFound), "200": always(None)})

ORDER = Statement[[Sequence[str]], Sequence[str]](
    "sessions.order", {"oldest-first": lambda tokens: tokens, "newest-first": lambda tokens: tokens[::-1]}
)
"""The order of a list of token_sessions in which the session that was created first comes first."""

ACTIVE_UNKNOWN_DEVICE = Statement[[], Refusal]("sessions.active-unknown-device", UNKNOWN_DEVICE.variants)

Ends = tuple[int, int]
"""first and last of a session, in milliseconds."""

FIRST_LAST = Statement[[Ends, Ends], Ends](
    "sessions.first-last",
    {"by-time": lambda by_time, _by_number: by_time, "by-number": lambda _by_time, by_number: by_number},
)
"""by_time: the earliest and the latest time. by_number: the times at the lowest and the highest num_passing."""

FIRST_LAST_EMPTY = Statement[[], Sequence[str]](
    "sessions.first-last-empty", {"null": always(("first", "last")), "absent": always(())}
)
"""The fields that are null in a session without passings; it has no others of these."""

DURATION = Statement[[bool, int, int], int | None](
    "sessions.duration",
    {
        "two-hours": lambda _active, end, _closed: end,
        "closing-time": lambda active, end, closed: end if active else closed,
        "null-while-active": lambda active, _end, closed: None if active else closed,
    },
)
"""end: the time at which the session should end. closed: the time of closing, if it is not active."""

NO_ALIAS = Statement[[], str | None]("sessions.no-alias", {"null": always(None), "empty-text": always("")})

CLOSES_ITSELF = Statement[[bool], bool](
    "sessions.closes-itself",
    {"no": lambda _matters: False, "yes": lambda _matters: True},
    differs=lambda matters: matters,
    changes_state=True,
)
"""Whether a session that was not closed before its end closes itself then. matters: whether the caller acts on it."""

PAGINATION = pagination_in_openapi("sessions.pagination")
