"""An exchange that can be compared with the contract, and the sentences in which checks do so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...spec.answers import Answer
from ..session.errors import CannotGoOn
from ..session.exchange import Body, Exchange
from ..wording import described
from .answers import check_answer
from .record import Record
from .statements import Statement, answer_name, success_of


@dataclass(frozen=True)
class JudgedExchange(Exchange):
    """A request with its answer. Every comparison with the contract goes to the run's record."""

    record: Record
    dialect: str | None

    def against(self, statement: Statement) -> "Judgement":
        """Compares the answer with a rule: `exchange.against(CLOSE_AGAIN).status_is(200)`."""
        return Judgement(self, statement)

    def against_other_reads(self) -> "Judgement":
        """Compares the answer with what another read of the same thing gave. It rests on the documented success."""
        return Judgement(self, success_of(self.operation))

    def is_error(self, name: str, echo: Mapping[str, Any] | None = None) -> bool:
        """Whether the answer is this documented error, without a departure. echo: fields that it must repeat."""
        return self._is(self.operation.errors[name], echo)

    def is_success(self, echo: Mapping[str, Any] | None = None) -> bool:
        """Whether the answer is the documented success, without a departure."""
        return self._is(self.operation.success, echo)

    def expect(self, error: str | None = None, echo: Mapping[str, Any] | None = None) -> Body:
        """The body of the documented success, or of the documented error. Raises CannotGoOn if the status is another.

        A check can go on with a body that has additions, notes or wrong fields.
        """
        answer = self.operation.success if error is None else self.operation.errors[error]
        self._is(answer, echo)
        if self.status // 100 != answer.status // 100:
            raise CannotGoOn(f"{self.operation.id}: {self.status} in the place of {answer.status}")
        return self.body

    def exercise(self, error: str) -> None:
        """Counts a documented error as exercised, without comparing the answer with it."""
        self.record.coverage.exercise(answer_name(self.operation, self.operation.errors[error]))

    def _is(self, answer: Answer, echo: Mapping[str, Any] | None) -> bool:
        self.record.coverage.exercise(answer_name(self.operation, answer))
        self.record.coverage.exercise("compact-json")
        assert self.dialect is not None
        found = check_answer(self.reply, self.operation, answer, self.dialect, echo)
        for finding in found:
            self.record.add(finding, self.curl)
        return not found


class Judgement:
    """An answer and the statement that it is compared with.

    Each method counts the statement as exercised, and records a finding if the answer departs from it. `at` is the
    JSON Pointer to the place in the body. All methods but exercised() return whether the statement holds.
    """

    def __init__(self, exchange: JudgedExchange, statement: Statement) -> None:
        self._exchange = exchange
        self._statement = statement

    def exercised(self) -> None:
        """The answer is as the statement says."""
        self._exchange.record.coverage.exercise(self._statement.name)

    def broken(self, expected: str, actual: Any, at: str) -> bool:
        """The answer is not as the statement says. `actual` is a text, or a value to be shown as JSON."""
        return self.holds(False, expected, actual, at)

    def holds(self, holds: bool, expected: str, actual: Any, at: str) -> bool:
        """The general form: a condition, and the two sides in words. `actual` may be a value, shown as JSON."""
        self.exercised()
        if not holds:
            exchange = self._exchange
            actual = actual if isinstance(actual, str) else described(actual)
            finding = self._statement.departure(exchange.operation, exchange.status, expected, actual, at)
            exchange.record.add(finding, exchange.curl)
        return holds

    def equals(self, wanted: Any, found: Any, at: str) -> bool:
        """The value at a place is the wanted one."""
        return self.shows(found == wanted, wanted, found, at)

    def shows(self, same: bool, wanted: Any, found: Any, at: str) -> bool:
        """The same for values that need not be equal to be the same, such as "1.50" and "1.5"."""
        return self.holds(same, described(wanted), described(found), at)

    def field_is(self, wanted: Any, entry: Mapping[str, Any], name: str, at: str = "/result") -> bool:
        """A field of the entry at a place has the wanted value. Whether it must be there is for the schema to say."""
        return name not in entry or self.equals(wanted, entry[name], f"{at}/{name}")

    def status_is(self, status: int, why: str = "", at: str = "#status") -> bool:
        """The answer has this status. `why` follows the number in the finding."""
        return self.status_fits(self._exchange.status == status, f"{status} {why}".strip(), at)

    def status_fits(self, fits: bool, expected: str, at: str = "#status") -> bool:
        """The status is as a condition on it says."""
        return self.holds(fits, expected, str(self._exchange.status), at)

    def nothing_more(self, surplus: Sequence[Any], expected: str, at: str) -> bool:
        """The answer has nothing beyond what is expected."""
        return self.holds(not surplus, expected, f"also {described(list(surplus))}", at)

    def nothing_missing(self, missing: Sequence[Any], expected: str, at: str) -> bool:
        """The answer has everything that is expected."""
        return self.holds(not missing, expected, f"without {described(list(missing))}", at)
