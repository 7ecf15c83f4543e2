"""A body that ends early."""

from .kind import ChangedAnswer, Kind


class Cut(Kind):
    """Half of the body goes out. Then the connection is closed."""

    name = "cut"
    member = "answer"

    def apply(self, answer: ChangedAnswer) -> None:
        answer.cut = True
