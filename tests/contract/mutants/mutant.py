"""What a mutant is, and the list of all mutants."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flask import Flask

from rufus_mock.contract import Finding
from rufus_mock.spec.dialects import PAGES
from rufus_mock.web.app import Config, create_app

Wsgi = Callable[..., Iterable[bytes]]
Spoil = Callable[[Flask], "Wsgi | None"]

BREAKING, NOTE = "breaking", "note"


@dataclass(frozen=True)
class Mutant:
    """A defect: spoil() puts it into an application, and may wrap it. examples: with how many the kit finds it."""

    name: str
    operation: str
    rests_on: str
    spoil: Spoil
    kind: str = BREAKING
    dialect: str = PAGES
    examples: int = 4

    def application(self, seed: int = 0) -> Wsgi:  # noqa: ARG002
        """The server. A mutant does not depend on the seed."""
        app = create_app(Config(dialect=self.dialect))
        return self.spoil(app) or app

    def is_described_by(self, finding: Finding) -> bool:
        """Whether a finding names the operation and the statement, and is of the right kind."""
        return (finding.kind, finding.operation) == (self.kind, self.operation) and finding.rests_on.endswith(
            self.rests_on
        )

    def __str__(self) -> str:
        return self.name


MUTANTS: list[Mutant] = []


def mutant(
    operation: str, rests_on: str, kind: str = BREAKING, dialect: str = PAGES, name: str = "", examples: int = 4
) -> Callable[[Spoil], Spoil]:
    """Registers a function that spoils an application; its name says the defect."""

    def register(spoil: Spoil) -> Spoil:
        MUTANTS.append(Mutant(name or spoil.__name__, operation, rests_on, spoil, kind, dialect, examples))
        return spoil

    return register


def add(
    name: str,
    operation: str,
    rests_on: str,
    spoil: Spoil,
    kind: str = BREAKING,
    dialect: str = PAGES,
    examples: int = 4,
) -> None:
    MUTANTS.append(Mutant(name, operation, rests_on, spoil, kind, dialect, examples))


def mutant_named(name: str) -> Mutant:
    return next(mutant for mutant in MUTANTS if mutant.name == name)
