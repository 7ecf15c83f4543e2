"""A status without a body."""

from .kind import ChangedAnswer, Kind


class Empty(Kind):
    """The answer has no body."""

    name = "empty"
    member = "answer"

    def apply(self, answer: ChangedAnswer) -> None:
        answer.response.set_data(b"")
