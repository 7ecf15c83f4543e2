"""The result of a run on the terminal."""

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from .comparison import Change
from .laboratory.verdicts import CONTRADICTORY, MEASURED, NOT_REACHED, OTHER
from .run import Result

_COLOURS = {MEASURED: "green", OTHER: "bold yellow", CONTRADICTORY: "bold red", NOT_REACHED: "dim"}
_LONGEST = 40


def show(result: Result, out: Console) -> None:
    """Prints a table of the verdicts, and then what a person must know."""
    verdicts = result.profile["assumptions"]
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for column in ("assumption", "verdict", "variant"):
        table.add_column(column, no_wrap=True)
    table.add_column("what would reach it")
    for id, verdict in verdicts.items():
        name = verdict["verdict"]
        variant = verdict.get("variant", " or ".join(verdict.get("fits", [])))
        text = f" {verdict['text'][:_LONGEST]!r}" if "text" in verdict else ""
        table.add_row(
            escape(id), f"[{_COLOURS[name]}]{name}[/]", escape(variant + text), escape(verdict.get("needs", ""))
        )
    out.print()
    out.print(table)
    made = result.profile["made"]
    counts = [f"{sum(each['verdict'] == name for each in verdicts.values())} {name}" for name in _COLOURS]
    out.print(
        f"\n{', '.join(counts)}; dialect {made['dialect']}, {made['requests']} requests, "
        f"writes {'on' if made['writes'] else 'off'}"
    )
    for left in result.left_behind:
        out.print(Text(f"LEFT BEHIND: {left}", style="bold red"))
    if result.stopped:
        out.print(Text(f"stopped before its end: {result.stopped}", style="bold yellow"))
    if result.interrupted:
        out.print(Text("interrupted: what the run made is removed, but for what is named above", style="bold yellow"))


def show_changes(changes: list[Change], old: str, out: Console) -> None:
    """Prints what changed since an earlier profile."""
    if not changes:
        out.print(f"nothing has changed since {escape(old)}", markup=False)
        return
    out.print(f"\nchanged since {escape(old)}:")
    for change in changes:
        mark = "[bold red]changed[/]" if change.behaviour else "[dim]reach[/]  "
        out.print(f"  {mark} {escape(change.id)}: {escape(change.before)} -> {escape(change.after)}")
