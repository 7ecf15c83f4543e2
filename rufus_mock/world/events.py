"""The events of a company. The API only lists them; they come from fixtures and snapshots."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..assumptions.events import EMPTY_LIST, ORDER, PAST_THE_END
from ..base.timestamps import render
from .state import State


@dataclass(frozen=True)
class Event:
    """An event of a company. start_date and end_date are in milliseconds."""

    event_token: str
    name: str | None = None
    edition: str | None = None
    location: str | None = None
    start_date: int | None = None
    end_date: int | None = None
    status: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """The fields of schemas/event-summary.json."""
        return {
            "event_token": self.event_token,
            "name": self.name,
            "edition": self.edition,
            "location": self.location,
            "start_date": None if self.start_date is None else render(self.start_date),
            "end_date": None if self.end_date is None else render(self.end_date),
            "status": self.status,
        }


class Events:
    """The events of a company, in the order in which they were added."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._events: dict[str, Event] = {}

    def __iter__(self) -> Iterator[Event]:
        """All events in order. Hold the lock of the company's state."""
        return iter(self._events.values())

    def __len__(self) -> int:
        return len(self._events)

    def add(self, event: Event) -> None:
        """Add an event. Raises ValueError if the company has one with this event_token."""
        with self._state.lock:
            if event.event_token in self._events:
                raise ValueError("the company has an event with this event_token already")
            self._events[event.event_token] = event

    def copy_from(self, other: "Events") -> None:
        """Replace the events by another company's."""
        self._events = other._events.copy()

    def page(self, page: int, limit: int) -> tuple[list[dict[str, Any]], int]:
        """A page of events as the API shows them, and the total number. Raises EventsNotFound."""
        with self._state.lock:
            events, assumptions = list(self._events.values()), self._state.assumptions
        total, start = len(events), (page - 1) * limit
        if start >= total:
            refusal = assumptions[EMPTY_LIST if page == 1 else PAST_THE_END]()
            if refusal:
                raise refusal
            return [], total
        dated = [(position, event.start_date) for position, event in enumerate(events)]
        return [events[position].as_dict() for position, _ in assumptions[ORDER](dated, start, start + limit)], total
