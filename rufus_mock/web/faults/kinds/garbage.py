"""A body that is not JSON."""

from .kind import ChangedAnswer, Kind

_LEAST = 64
"""Bytes."""


class Garbage(Kind):
    """The body is random bytes, as many as the operation's own has. The first is valid neither in JSON nor in UTF-8."""

    name = "garbage"
    member = "answer"

    def apply(self, answer: ChangedAnswer) -> None:
        size = max(len(answer.response.get_data()), _LEAST)
        answer.response.set_data(b"\xff" + answer.random.randbytes(size - 1))
