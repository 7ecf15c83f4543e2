"""What device2 returns next: in which session it begins, where it jumps, and what it answers if there is nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial

from ..assumptions.device2 import JUMP, NO_SESSIONS, NOTHING_NEW, RESUMED_FROM, START, Choice
from ..assumptions.reads import FROM, PAST_THE_END, TO, Answer, Bound, Bounded
from .pages import Nothing
from .sessions import Session, Sessions
from .state import State
from .store import Run, Selection


@dataclass(slots=True)
class Continued:
    """What an answer of device2 shows. Two are equal if and only if their answers are.

    token_session: the session that is used; None if there is none. resumed_from: the num_passing after which the
    passings start. rows: which passings they are. read: reads them.
    """

    token_session: str | None
    resumed_from: int | None
    rows: Sequence[object] = ()
    read: Callable[[], list[Run]] = field(default=list, compare=False)


class Candidate:
    """A session in which an answer can begin. select: its passings with a higher num_passing, within the bounds."""

    def __init__(self, sessions: Sessions, session: Session, select: Callable[[int], Selection]) -> None:
        self.token_session = session.token_session
        self.select = select
        self._sessions = sessions
        self._session = session

    @cached_property
    def has_passings(self) -> bool:
        return self.select(-1).total > 0

    @property
    def active(self) -> bool:
        return not self._sessions.is_closed(self._session)


class Continuing:
    """One call of device2. Hold the lock of the company's state.

    token_session, last: where to continue. `last` alone applies to the session in which the answer begins.
    """

    def __init__(
        self,
        state: State,
        sessions: Sessions,
        page_size: int,
        deviceid: str,
        token_session: str | None,
        last: int | None,
        page: int,
    ) -> None:
        self._state = state
        self._sessions = sessions
        self._deviceid = deviceid
        self._token_session = token_session
        self._last = last
        self._page = page
        self._low = (page - 1) * page_size
        self._high = page * page_size

    def answer(self, since: int | None, until: int | None) -> Continued | Nothing:
        """What to answer with the passings between two times."""
        answer: Continued | Nothing = self._bounded(
            FROM, since, lambda low: self._bounded(TO, until, partial(self._within, low))
        )
        return answer

    def _bounded(self, statement: Bound, bound: int | None, then: Bounded) -> Answer:
        """Asks only if a passing lies on the bound: every other answer takes the time to read the whole window."""
        if bound is None or not self._state.store.has_time(self._deviceid, bound):
            return then(bound)
        return self._state.assumptions[statement](bound, then)

    def _within(self, since: int | None, until: int | None) -> Answer:
        select = self._state.store.continuing(self._deviceid, since, until)
        candidates = [
            Candidate(self._sessions, session, partial(select, session.token_session))
            for session in self._sessions.of_device(self._deviceid)
        ]
        if not candidates:
            return self._without_passings(partial(self._state.assumptions[NO_SESSIONS], partial(self._at, None)))
        begin = partial(self._begin, candidates)
        if self._token_session is not None:
            return begin(next(each for each in candidates if each.token_session == self._token_session))
        return self._choose(START, candidates, begin)

    def _begin(self, candidates: list[Candidate], begun: Candidate) -> Answer:
        """Answers from the session in which the answer begins, or from a newer one if nothing is left in it."""
        newer = candidates[candidates.index(begun) + 1 :]
        selection = begun.select(-1 if self._last is None else self._last)
        resumes = self._token_session is not None or self._last is not None
        if selection.total or not newer or not resumes:
            return self._from(newer, self._last, begun, selection)
        return self._choose(JUMP, newer, lambda next: self._from(newer, None, next, next.select(-1)))

    def _choose(self, statement: Choice, candidates: list[Candidate], then: Callable[[Candidate], Answer]) -> Answer:
        """Answers from the candidate that a statement chooses, if there is a choice."""
        return then(candidates[0]) if len(candidates) == 1 else self._state.assumptions[statement](candidates, then)

    def _from(self, newer: list[Candidate], last: int | None, used: Candidate, selection: Selection) -> Answer:
        """Answers with a page of what a session has after `last`."""
        empty = partial(self._at, used.token_session, last)
        if self._low < selection.total:
            low, high = self._low, min(self._high, selection.total)
            return self._at(used.token_session, last, selection.rows(low, high), partial(selection.read, low, high))
        if selection.total or any(each.has_passings for each in newer):
            return self._without_passings(empty)
        return self._without_passings(partial(self._state.assumptions[NOTHING_NEW], empty))

    def _without_passings(self, then: Callable[[], Answer]) -> Answer:
        return then() if self._page == 1 else self._state.assumptions[PAST_THE_END](then)

    def _at(
        self,
        token_session: str | None,
        last: int | None = None,
        rows: Sequence[object] = (),
        read: Callable[[], list[Run]] = list,
    ) -> Continued:
        resumed_from = self._state.assumptions[RESUMED_FROM]() if last is None else last
        return Continued(token_session, resumed_from, rows, read)
