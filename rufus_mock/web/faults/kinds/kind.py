"""The base of all kinds of faults, and the answer that they change."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, ClassVar

from flask import Response

from ....spec.validation import Problem


@dataclass
class ChangedAnswer:
    """An answer that kinds of faults change one after the other, and how it goes out.

    response: what goes out. random: a source that the fault's seed determines. withheld: makes the answer for a client
    that waits when a fault that gives no answer is removed. delay: the milliseconds before the answer goes out, or None
    if it never does. cut: whether the connection is closed after half of the body. bytes_per_second: how fast the body
    goes out; None if it does so at once. reset: "before_headers" or "after_headers" if the connection is reset.
    """

    response: Response
    random: Random
    withheld: Callable[[], Response]
    delay: float | None = 0
    cut: bool = False
    bytes_per_second: int | None = None
    reset: str | None = None


class Kind(ABC):
    """What a fault does to an answer. A kind is one subclass in a module of kinds/, and one schema of the same name.

    member: the member of a fault that asks for this kind: "answer" with the name of the kind as its value, or one with
    the name of the kind and a value that describes it. loses_answer: whether the operation's answer is lost, so that
    the operation need not be executed; kinds that lose the answer exclude each other. excludes: other kinds with which
    this kind cannot be combined.
    """

    name: ClassVar[str]
    member: ClassVar[str]
    loses_answer: ClassVar[bool] = True
    excludes: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, described: Mapping[str, Any]) -> None:  # noqa: B027
        """Read the kind from a fault that is valid by its schema and has no problems."""

    @classmethod
    def is_asked_for(cls, described: Mapping[str, Any]) -> bool:
        """Whether a fault asks for this kind."""
        return described.get("answer") == cls.name if cls.member == "answer" else cls.member in described

    @classmethod
    def problems(cls, described: Mapping[str, Any]) -> Iterator[Problem]:  # noqa: ARG003
        """What is wrong with the kind in a fault and cannot be said in its schema."""
        return iter(())

    @abstractmethod
    def apply(self, answer: ChangedAnswer) -> None:
        """Change an answer."""
