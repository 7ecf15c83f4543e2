"""Where and how events are listed."""

from collections.abc import Mapping, Sequence

from ..base.errors import EventsNotFound
from .listing import as_stored, pagination_in_pages
from .statement import Refusal, Statement, always

PATH = Statement("events.path", {"events": always(True), "none": always(False)})
"""Whether the path of the contract exists."""

PATHS: Mapping[str, Statement[[], bool]] = {"listEvents": PATH}
"""The statement that decides whether the path of an operation exists, by operationId."""

EMPTY_LIST = Statement[[], Refusal]("events.empty-list", {"200": always(None), "404": always(EventsNotFound)})

PAST_THE_END = Statement[[], Refusal]("events.past-the-end", {"200": always(None), "404": always(EventsNotFound)})

Dated = Sequence[tuple[int, int | None]]
"""Events: the position of each among those of the company, and its start_date."""


def _latest_first(events: Dated, start: int, stop: int) -> Dated:
    with_date = [(position, date) for position, date in events if date is not None]
    without_date = [event for event in events if event[1] is None]
    return [*sorted(with_date, key=lambda event: -event[1]), *without_date][start:stop]


ORDER = Statement[[Dated, int, int], Dated]("events.order", {"as-stored": as_stored, "latest-first": _latest_first})
"""The page from start to stop of a list of events."""

PAGINATION = pagination_in_pages("events.pagination")
