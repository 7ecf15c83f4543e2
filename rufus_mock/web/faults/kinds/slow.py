"""A body that trickles."""

from collections.abc import Mapping
from typing import Any

from .kind import ChangedAnswer, Kind


class Slow(Kind):
    """The headers go out at once, the body at so many bytes per second."""

    name = "slow"
    member = "slow"
    loses_answer = False

    def __init__(self, described: Mapping[str, Any]) -> None:
        self._bytes_per_second = int(described["slow"]["bytes_per_second"])

    def apply(self, answer: ChangedAnswer) -> None:
        answer.bytes_per_second = self._bytes_per_second
