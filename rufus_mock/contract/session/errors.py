"""Why a request, a check or a run cannot go on."""

from typing import Any


class CouldNotRun(Exception):
    """The run cannot begin. The message is one line that says why, and what to do. report: of the run, if any."""

    report: Any = None


class NotExercised(Exception):
    """A check cannot run on this target. The message says why."""


class CannotGoOn(Exception):
    """An answer lacks what a check needs next. What is wrong with the answer is already recorded as a finding."""


class Unanswered(CannotGoOn):
    """A request got no complete answer. What was wrong with it is already recorded."""


class Unconfirmed(CannotGoOn):
    """A write was not sent, because the run cannot confirm that what it names is its own."""


class Refused(Exception):
    """A request must not be sent. Raised before a byte is sent; the check that made it has a defect."""


class Stopped(BaseException):
    """The run can send nothing more. Like KeyboardInterrupt it is no Exception, or hypothesis would keep trying."""


class BudgetSpent(Stopped):
    """All requests of --budget are sent."""


class DeadlineReached(Stopped):
    """The run has taken as long as --deadline allows."""


class Overloaded(Stopped):
    """The server answers 429 or 503 and asks for a longer wait than a run is worth."""


class TargetLost(Stopped):
    """The target no longer answers."""
