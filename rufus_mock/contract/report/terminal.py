"""What a run shows on the terminal: a bar while it runs, and the report at its end."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import IO, Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Column, Table
from rich.text import Text

from ...base.printable import printable
from ..judge.coverage import CONFORMS, DRIFT, NOT_EXERCISED
from ..judge.findings import ADDITION, BREAKING, KINDS, MEANING, NOTE, Finding
from .report import Report
from .story import history_lines
from .text import defect_line, details, title

_COLOURS = {CONFORMS: "green", DRIFT: "bold red", NOT_EXERCISED: "yellow"}
_KIND_COLOURS = {BREAKING: "bold red", ADDITION: "cyan", NOTE: "yellow"}
_PLURAL = {BREAKING: "breaking", ADDITION: "additions", NOTE: "notes"}
_MOST_REASONS = 12
_WIDE = 120
_NARROW = 80


def console(file: IO[str]) -> Console:
    """A console with colours if it is a terminal."""
    out = Console(file=file, highlight=False, soft_wrap=True)
    # A log has no width.
    return out if out.is_terminal else Console(file=file, highlight=False, soft_wrap=True, width=_WIDE)


def say(out: Console, text: str | Text, indent: int = 0) -> None:
    """Prints a text. A terminal gets lines that fit its width, broken between words; a log gets one line.

    indent: the spaces before each line but the first.
    """
    text = Text.from_markup(text) if isinstance(text, str) else text
    if not out.is_terminal or text.cell_len <= out.width:
        out.print(text)
        return
    first, *rest = text.wrap(out, out.width)
    out.print(first)
    if rest:
        remaining = text[len(first.plain) :]
        remaining = remaining[len(remaining.plain) - len(remaining.plain.lstrip()) :]
        for line in remaining.wrap(out, max(out.width - indent, 1)):
            out.print(Text(" " * indent).append_text(line))


@contextmanager
def progress_bar(out: Console) -> Iterator[Callable[[int, int, str], None]]:
    """A bar on a terminal. Yields a function that gets the number of steps that are done, of all, and the next step."""
    description = Column(ratio=1, no_wrap=True, overflow="ellipsis")
    columns = (
        SpinnerColumn(),
        BarColumn(24 if out.width >= _NARROW else 8),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}", markup=False, table_column=description),
    )
    with Progress(*columns, console=out, transient=True, expand=True) as progress:
        task = progress.add_task("beginning", total=None)

        def advance(number: int, total: int, step: str) -> None:
            progress.update(task, completed=number, total=total, description=step)

        yield advance


def show(report: Report, out: Console) -> None:
    """Prints the findings, the table, what was not exercised, what has changed, and the figures with the verdict."""
    out.print()
    for kind in KINDS:
        found = [finding for finding in report.findings if finding.kind == kind]
        if found:
            say(
                out,
                f"[{_KIND_COLOURS[kind]}]{len(found)} {kind if len(found) == 1 else _PLURAL[kind]}: {MEANING[kind]}[/]",
            )
            for number, finding in enumerate(found, 1):
                _finding(number, finding, out)
    for defect in report.defects:
        say(out, Text(f"A check broke down on this target; please report it: {defect_line(defect)}", style="red"))
    out.print(_table(report, out))
    _reasons(report, out)
    if report.history is not None:
        _history(report.history, out)
    _figures(report, out)


def _finding(number: int, finding: Finding, out: Console) -> None:
    out.print()
    say(out, f"  [bold]{number}. {escape(title(finding))}[/]", indent=5)
    for name, value in details(finding):
        say(out, f"     [dim]{name:9}[/]{escape(value)}", indent=14 if out.width >= _NARROW else 7)
    out.print()


def _table(report: Report, out: Console) -> Table:
    """The widest form of the table that fits."""
    forms = [(out.width >= _WIDE, tuple(KINDS)), (False, tuple(KINDS)), (False, (BREAKING,))]
    tables = (_table_of(report, with_call, kinds) for with_call, kinds in forms)
    unlimited = out.options.update(max_width=sys.maxsize)
    fitting = (table for table in tables if out.measure(table, options=unlimited).maximum <= out.width)
    return next(fitting, _table_of(report, False, ()))


def _table_of(report: Report, with_call: bool, kinds: tuple[str, ...]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for column in ("operation", *(["call"] if with_call else []), "verdict"):
        table.add_column(column, no_wrap=True)
    for column in ("exercised", *(_PLURAL[kind] for kind in kinds)):
        table.add_column(column, justify="right", no_wrap=True)
    for verdict in report.verdicts:
        counts = [sum(finding.kind == kind for finding in verdict.findings) for kind in kinds]
        table.add_row(
            escape(verdict.name),
            *([escape(verdict.call)] if with_call else []),
            f"[{_COLOURS[verdict.verdict]}]{verdict.verdict}[/]",
            f"{len(verdict.exercised)} of {len(verdict.statements)}",
            *(str(count) if count else "" for count in counts),
        )
    return table


def _reasons(report: Report, out: Console) -> None:
    if report.reasons:
        out.print("\n[yellow]Not exercised[/]")
    for reason, names in report.reasons[:_MOST_REASONS]:
        shown = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
        say(out, f"  {len(names):3}  {escape(printable(reason))}: [dim]{escape(shown)}[/]", indent=7)


def _history(history: Mapping[str, Any], out: Console) -> None:
    out.print("\n[bold]History[/]")
    for name, text in history_lines(history):
        say(out, f"  {name:15}{escape(text)}", indent=17 if out.width >= _NARROW else 4)


def _figures(report: Report, out: Console) -> None:
    counts = report.counts
    out.print()
    say(
        out,
        f"coverage    [{'green' if report.complete else 'yellow'}]{report.coverage:5.1f} %[/]  "
        f"{counts['exercised']} of the contract's {counts['statements']} statements were compared with an answer",
        indent=21,
    )
    if report.conformance is not None:
        conform = counts["exercised"] - counts["broken"]
        say(
            out,
            f"conformance [{'red' if report.drift else 'green'}]{report.conformance:5.1f} %[/]  "
            f"{conform} of those {counts['exercised']} hold",
            indent=21,
        )
    say(
        out,
        f"dialect {report.dialect}, key in {report.header}, {report.requests} requests in {report.seconds} s, "
        f"writes {'on' if report.writes else 'off'}, --seed {report.seed}",
    )
    if report.accepted:
        say(out, f"{len(report.accepted)} findings are known to the baseline")
    for left in report.left_behind:
        say(out, Text(printable(f"LEFT BEHIND: {left}"), style="bold red"))
    if report.stopped:
        say(out, Text(printable(f"stopped before its end: {report.stopped}"), style="bold yellow"))
    if report.stopped_writing:
        say(out, Text(printable(f"stopped writing: {report.stopped_writing}"), style="bold yellow"))
    if report.interrupted:
        say(out, Text("interrupted: what the run made is removed, but for what is named above", style="bold yellow"))
    say(out, _last_line(report))


def _last_line(report: Report) -> Text:
    partial = "" if report.complete else f", as far as exercised ({report.coverage:.0f} %)"
    if report.drift:
        return Text(f"DRIFT: {len(report.drift)} breaking", style="bold red")
    if report.interrupted or report.lost or report.defects or report.stopped_writing:
        return Text("NOT COMPLETE", style="bold yellow")
    return Text(f"CONFORMS{partial}", style="bold green" if not partial else "bold yellow")
