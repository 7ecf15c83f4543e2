"""Passings as RUFUS Cloud lets a user download them: CSV, a header line, one passing a line."""

import csv
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TextIO

from .specification import Specification
from .timestamps import BOUNDS
from .validation import BodyValidator, described
from .world.passings import Passing, passing

TYPENAME = "Passing"
"""What the column __typename holds in each line."""

_IN_NO_COLUMN = ("token_session", "deviceid")
_WHOLE_NUMBER = re.compile(r"[0-9]{1,30}")
_DECIMAL = re.compile(r"[+-]?[0-9]{1,3}(\.[0-9]{1,30})?")
_LIMITS = {"latitude": 90, "longitude": 180}


class CsvError(Exception):
    """A CSV file that holds no passings. The message names the file, the line and the column."""


def columns(specification: Specification) -> tuple[str, ...]:
    """The columns of a download, in their order: those of a passing, less what a session's passings have in common."""
    return ("__typename", *(name for name in specification.fields("passing") if name not in _IN_NO_COLUMN))


def write_csv(file: TextIO, passings: Iterable[Mapping[str, Any]], specification: Specification) -> int:
    """Write passings as they are read, null as an empty cell; how many they were."""
    names = columns(specification)
    writer = csv.writer(_Lines(file), lineterminator="\r\n")
    writer.writerow(names)
    count = 0
    for entry in passings:
        values = (entry.get(name) for name in names[1:])
        writer.writerow([TYPENAME, *("" if value is None else value for value in values)])
        count += 1
    return count


class _Lines:
    """Ends lines with a line feed alone. csv.writer may do so too, but then leaves a carriage return in a cell bare."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def write(self, line: str) -> None:
        self._file.write(line.removesuffix("\r\n") + "\n")


def read_csv(path: Path, specification: Specification) -> list[Passing]:
    """The passings of a file, in any order of columns; empty cells are null. Raises CsvError."""
    rows = read_entries(path, specification)
    passings = []
    for line, entry in rows:
        try:
            passings.append(passing(entry))
        except ValueError as error:
            raise CsvError(f"{path}: line {line}, column timestamp: {error}; times reach from {BOUNDS}") from error
    return passings


def read_entries(path: Path, specification: Specification) -> list[tuple[int, dict[str, Any]]]:
    """The same as they would be inserted (schemas/passing-input.json), each with its line. Raises CsvError."""
    known = frozenset(specification.fields("passing-input"))
    rows = [(line, _entry(path, line, row, known)) for line, row in _rows(path)]
    validator = BodyValidator({"type": "array", "items": specification.schema("passing-input")})
    for problem in validator.problems([entry for _, entry in rows]):
        index, _, column = problem.pointer.removeprefix("/").partition("/")
        line = rows[int(index)][0]
        raise CsvError(f"{path}: line {line}, column {column}: expected {problem.expected}, found {problem.actual}")
    lines: dict[int, int] = {}
    for line, entry in rows:
        number = entry["num_passing"]
        if number in lines:
            raise CsvError(f"{path}: line {line}, column num_passing: {number} stands in line {lines[number]} already")
        lines[number] = line
    return rows


def _rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            names = reader.fieldnames or ()
            for name in names:
                if names.count(name) > 1:
                    raise CsvError(f"{path}: line 1: the column {name} stands twice")
            for name in ("num_passing", "timestamp"):
                if name not in names:
                    found = ", ".join(names) or "an empty file"
                    raise CsvError(f"{path}: line 1: no column {name}, only {found}; columns are taken apart by commas")
            return [(reader.line_num, _checked(path, reader.line_num, row)) for row in reader]
    except (OSError, ValueError, csv.Error) as error:  # a ValueError: bytes that are not UTF-8, a NUL in the path
        raise CsvError(f"{path}: cannot be read: {error}") from error


def _checked(path: Path, line: int, row: dict[Any, Any]) -> dict[str, str]:
    if None in row:
        raise CsvError(f"{path}: line {line}: more cells than the header line has")
    if None in row.values():
        raise CsvError(f"{path}: line {line}: fewer cells than the header line has")
    if row.get("__typename", TYPENAME) != TYPENAME:
        raise CsvError(f"{path}: line {line}, column __typename: expected {TYPENAME}, found {row['__typename']!r}")
    return row


def _entry(path: Path, line: int, row: dict[str, str], known: frozenset[str]) -> dict[str, Any]:
    entry: dict[str, Any] = {name: value or None for name, value in row.items() if name in known}
    entry["bib"] = entry.get("bib") or ""
    number = entry["num_passing"]
    if number is not None:
        if not _WHOLE_NUMBER.fullmatch(number):
            raise CsvError(
                f"{path}: line {line}, column num_passing: expected a whole number, found {described(number)}"
            )
        entry["num_passing"] = int(number)
    for name, limit in _LIMITS.items():
        value = entry.get(name)
        if value is not None and not _is_degrees(value, limit):
            expected = f"decimal degrees from -{limit} to {limit}"
            raise CsvError(f"{path}: line {line}, column {name}: expected {expected}, found {described(value)}")
    return entry


def _is_degrees(text: str, limit: int) -> bool:
    return _DECIMAL.fullmatch(text) is not None and abs(float(text)) <= limit
