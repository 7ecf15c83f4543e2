"""A status without a body."""

from .kind import Answer, Kind


class Empty(Kind):
    """The answer has no body."""

    name = "empty"
    member = "answer"

    def apply(self, answer: Answer) -> None:
        answer.response.set_data(b"")
