"""Passings as RUFUS Cloud lets a user download them: CSV, a header line, one passing a line."""

import csv
from pathlib import Path
from typing import Any

from .specification import Specification
from .validation import BodyValidator
from .world.passings import Passing, passing

TYPENAME = "Passing"
"""What the column __typename holds in each line."""


class CsvError(Exception):
    """A CSV file that holds no passings. The message names the file, the line and the column."""


def read_csv(path: Path, specification: Specification) -> list[Passing]:
    """The passings of a file, in any order of columns; empty cells are null. Raises CsvError."""
    rows = _rows(path)
    entries = [_entry(path, line, row) for line, row in rows]
    validator = BodyValidator({"type": "array", "items": specification.schema("passing-input")})
    for problem in validator.problems(entries):
        index, _, column = problem.pointer.removeprefix("/").partition("/")
        line = rows[int(index)][0]
        raise CsvError(f"{path}: line {line}, column {column}: expected {problem.expected}, found {problem.actual}")
    passings = []
    for (line, _), entry in zip(rows, entries, strict=True):
        try:
            passings.append(passing(entry))
        except ValueError as error:
            raise CsvError(f"{path}: line {line}, column timestamp: {error}") from error
    return passings


def _rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            return [(reader.line_num, _checked(path, reader.line_num, row)) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CsvError(f"{path}: cannot be read: {error}") from error


def _checked(path: Path, line: int, row: dict[Any, Any]) -> dict[str, str]:
    if None in row:
        raise CsvError(f"{path}: line {line}: more cells than the header line has")
    if None in row.values():
        raise CsvError(f"{path}: line {line}: fewer cells than the header line has")
    if row.get("__typename", TYPENAME) != TYPENAME:
        raise CsvError(f"{path}: line {line}, column __typename: expected {TYPENAME}, found {row['__typename']!r}")
    return row


def _entry(path: Path, line: int, row: dict[str, str]) -> dict[str, Any]:
    entry: dict[str, Any] = {name: value or None for name, value in row.items() if name != "__typename"}
    if entry.get("bib", "") is None:
        entry["bib"] = ""
    number = entry.get("num_passing")
    if number is not None:
        if not (number.isascii() and number.isdigit()):
            raise CsvError(f"{path}: line {line}, column num_passing: expected a whole number, found {number!r}")
        entry["num_passing"] = int(number)
    return entry
