"""What a defect is, how a report must describe it, and the list of all defects."""

import json
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from flask import Flask

from rufus_mock.contract import BREAKING, Finding
from rufus_mock.spec.dialects import PAGES
from rufus_mock.web.app import Config, create_app
from tests.contract.mutants.mutant import Spoil, Wsgi

_LUCK = "luck"


@dataclass(frozen=True)
class Defect:
    """A server with one defect of a class, and what a finding must say about it.

    subject: the class. operations: where it must be reported; several if a client cannot tell which of them is wrong.
    statements: those that it breaks; a finding names one of them. fields: the last member of the finding's pointer is
    one of them; if empty, it can be any. becomes: what the server makes of the expected value of the field. large: it
    shows only with more passings than a page holds.
    """

    name: str
    subject: str
    operations: frozenset[str]
    statements: tuple[str, ...]
    spoil: Spoil
    fields: tuple[str, ...] = ()
    becomes: Callable[[Any], Any] | None = None
    dialect: str = PAGES
    large: bool = False

    def application(self, seed: int = 0) -> Wsgi:
        """The server. seed: decides when a defect shows that shows only sometimes."""
        app = create_app(Config(dialect=self.dialect))
        app.extensions[_LUCK] = random.Random(f"{self.name} {seed}")
        return self.spoil(app) or app

    def is_found_by(self, finding: Finding) -> bool:
        """Whether a finding is about an operation that has the defect, and fails the run."""
        return finding.kind == BREAKING and finding.operation in self.operations

    def is_described_by(self, finding: Finding) -> bool:
        """Whether a finding names the operation, the statement and the field, and shows what was expected and found."""
        return (
            self.is_found_by(finding)
            and any(finding.rests_on.endswith(statement) for statement in self.statements)
            and (not self.fields or _field(finding.pointer) in self.fields)
            and bool(finding.expected and finding.actual and finding.request)
            and finding.expected != finding.actual
            and self._shows_the_change(finding)
        )

    def _shows_the_change(self, finding: Finding) -> bool:
        """Whether `actual` is what the server makes of `expected`, if both are whole JSON values."""
        if self.becomes is None:
            return True
        try:
            expected, actual = json.loads(finding.expected), json.loads(finding.actual)
        except ValueError:
            return True
        if not isinstance(expected, type(actual)):
            return True
        return bool(self.becomes(expected) == actual)

    def __str__(self) -> str:
        return self.name


DEFECTS: list[Defect] = []


def defect(
    subject: str,
    name: str,
    operations: str,
    statements: str | Iterable[str],
    spoil: Spoil,
    *fields: str,
    becomes: Callable[[Any], Any] | None = None,
    dialect: str = PAGES,
    large: bool = False,
) -> None:
    """Registers a defect. operations: their ids, separated by spaces."""
    named = (statements,) if isinstance(statements, str) else tuple(statements)
    DEFECTS.append(Defect(name, subject, frozenset(operations.split()), named, spoil, fields, becomes, dialect, large))


def write_defect(
    name: str, operations: str, statements: str | Iterable[str], spoil: Spoil, *fields: str, **more: Any
) -> None:
    """Registers a write that touches something else, which a finding may also say in these words."""
    named = (statements,) if isinstance(statements, str) else tuple(statements)
    defect("writes", name, operations, (*named, "-changes-nothing-else"), spoil, *fields, **more)


def luck(app: Flask) -> random.Random:
    """The source of chance of a defect that shows only sometimes."""
    source: random.Random = app.extensions[_LUCK]
    return source


def _field(pointer: str) -> str:
    """The last member that a JSON Pointer names; list positions do not count."""
    return next((part for part in reversed(pointer.split("/")) if not part.isdigit()), "")
