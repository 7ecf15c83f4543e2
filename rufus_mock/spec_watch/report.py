"""How differences are printed, written to a file, and accepted from one."""

import json
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import click

from ..base.printable import printable
from .difference import BREAKING, COMPATIBLE, KINDS, NOTE, Difference

_MEANINGS = {
    BREAKING: "a client that was written against the contract may fail",
    COMPATIBLE: "a client that was written against the contract still works",
    NOTE: "the contract only assumed this",
}


def printed(title: str, differences: Sequence[Difference], accepted: int, width: int) -> Iterator[str]:
    """The report in lines of at most `width` characters, where words allow it."""
    yield from textwrap.wrap(f"{printable(title)}, compared with the contract in the dialect openapi", width)
    for kind in KINDS:
        found = [each for each in differences if each.kind == kind]
        if found:
            yield from ["", *textwrap.wrap(f"{kind} ({len(found)}): {_MEANINGS[kind]}", width)]
            for operations, difference in _grouped(found):
                yield from _lines(operations, difference, width)
    yield ""
    counts = ", ".join(f"{sum(each.kind == kind for each in differences)} {kind}" for kind in KINDS)
    beside = f" ({accepted} accepted by the baseline)" if accepted else ""
    yield f"{counts}{beside}" if differences else f"no differences{beside}"


def as_json(document: Mapping[str, Any], differences: Sequence[Difference]) -> str:
    """The report as JSON: see schemas/reports/spec-watch.json."""
    info = document.get("info")
    info = info if isinstance(info, dict) else {}
    report = {
        "document": {name: str(info.get(name, "")) for name in ("title", "version")},
        "differences": [
            {
                "kind": each.kind,
                "operation": each.operation,
                "place": each.place,
                "expected": each.expected,
                "actual": each.actual,
            }
            for each in differences
        ],
    }
    return json.dumps(report, indent=2) + "\n"


def accepted_in(text: str) -> set[str]:
    """The fingerprints of the differences in a report that as_json made. Raises ValueError."""
    try:
        listed = json.loads(text)["differences"]
        return {
            Difference(each["kind"], each["operation"], each["place"], each["expected"], each["actual"]).fingerprint
            for each in listed
        }
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ValueError("expected a report that spec-watch --json wrote") from None


def _grouped(differences: Iterable[Difference]) -> Iterator[tuple[list[str], Difference]]:
    """Differences that several operations share, once, with these operations."""
    groups: dict[tuple[str, str, str], tuple[list[str], Difference]] = {}
    for each in differences:
        operations, _ = groups.setdefault((each.place, each.expected, each.actual), ([], each))
        operations.append(each.operation or "the whole API")
    yield from groups.values()


def _lines(operations: list[str], difference: Difference, width: int) -> Iterator[str]:
    yield from textwrap.wrap(
        printable(f"{', '.join(operations)}: {difference.place}"), width, initial_indent="  ", subsequent_indent="    "
    )
    for name, text in (("contract", difference.expected), ("document", difference.actual)):
        start = click.style(f"      {name}: ")
        yield from textwrap.wrap(printable(text), width, initial_indent=start, subsequent_indent=" " * 16)
