"""The result of a run on the terminal."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.text import Text

from ..base.printable import printable
from .comparison import Change
from .laboratory.verdicts import CONTRADICTORY, MEASURED, NOT_REACHED, OTHER
from .run import Result

_COLOURS = {MEASURED: "green", OTHER: "bold yellow", CONTRADICTORY: "bold red", NOT_REACHED: "dim"}
_HEADER = ("assumption", "verdict", "variant", "what would reach it")
_LONGEST = 40


def show(result: Result, out: Console) -> None:
    """Prints a table of the verdicts, and then what a person must know."""
    verdicts = result.profile["assumptions"]
    rows = [(id, verdict["verdict"], _variant(verdict), verdict.get("needs", "")) for id, verdict in verdicts.items()]
    widths = [max(map(len, column)) for column in zip(*(_HEADER, *rows), strict=True)]
    out.print()
    for row in (_HEADER, *rows):
        cells = [escape(f"{printable(cell):{width}}") for cell, width in zip(row, widths, strict=True)]
        colour = _COLOURS.get(row[1], "bold")
        out.print(f"{cells[0]}  [{colour}]{cells[1]}[/]  {cells[2]}  {escape(printable(row[3]))}".rstrip())
    made = result.profile["made"]
    counts = [f"{sum(each['verdict'] == name for each in verdicts.values())} {name}" for name in _COLOURS]
    out.print(
        f"\n{', '.join(counts)}; dialect {made['dialect']}, {made['requests']} requests, "
        f"writes {'on' if made['writes'] else 'off'}"
    )
    for left in result.left_behind:
        out.print(Text(printable(f"LEFT BEHIND: {left}"), style="bold red"))
    if result.stopped:
        out.print(Text(printable(f"stopped before its end: {result.stopped}"), style="bold yellow"))
    if result.interrupted:
        out.print(Text("interrupted: what the run made is removed, but for what is named above", style="bold yellow"))


def _variant(verdict: Mapping[str, Any]) -> str:
    """The variant that was measured or, if several explain what was seen, all of them."""
    text = f" {verdict['text'][:_LONGEST]!r}" if "text" in verdict else ""
    return str(verdict.get("variant", " or ".join(verdict.get("fits", [])))) + text


def show_changes(changes: list[Change], old: str, out: Console) -> None:
    """Prints what changed since an earlier profile."""
    if not changes:
        out.print(f"nothing has changed since {escape(old)}", markup=False)
        return
    out.print(f"\nchanged since {escape(old)}:")
    for change in changes:
        mark = "[bold red]changed[/]" if change.behaviour else "[dim]reach[/]  "
        out.print(
            f"  {mark} {escape(change.id)}: {escape(printable(change.before))} -> {escape(printable(change.after))}"
        )
