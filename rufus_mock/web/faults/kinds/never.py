"""No answer at all."""

from .kind import ChangedAnswer, Kind


class Never(Kind):
    """The client waits until the fault is removed. Then it gets a 503."""

    name = "never"
    member = "answer"
    excludes = frozenset({"latency", "slow"})

    def apply(self, answer: ChangedAnswer) -> None:
        answer.response = answer.withheld()
        answer.delay = None
