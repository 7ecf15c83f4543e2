"""What a run shows on the terminal: a bar while it runs, and the report at its end."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from ...base.printable import printable
from ..judge.coverage import CONFORMS, DRIFT, NOT_EXERCISED
from ..judge.findings import ADDITION, BREAKING, KINDS, MEANING, NOTE, Finding
from .report import Report
from .text import defect_line, details, title

_COLOURS = {CONFORMS: "green", DRIFT: "bold red", NOT_EXERCISED: "yellow"}
_KIND_COLOURS = {BREAKING: "bold red", ADDITION: "cyan", NOTE: "yellow"}
_PLURAL = {BREAKING: "breaking", ADDITION: "additions", NOTE: "notes"}
_MOST_REASONS = 12
_WIDE = 120


def console(file: IO[str]) -> Console:
    """A console with colours if it is a terminal."""
    out = Console(file=file, highlight=False, soft_wrap=True)
    # A log has no width.
    return out if out.is_terminal else Console(file=file, highlight=False, soft_wrap=True, width=_WIDE)


@contextmanager
def progress_bar(out: Console) -> Iterator[Callable[[int, int, str], None]]:
    """A bar on a terminal. Yields a function that gets the number of steps that are done, of all, and the next step."""
    columns = (
        SpinnerColumn(),
        BarColumn(24),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}", markup=False),
    )
    with Progress(*columns, console=out, transient=True) as progress:
        task = progress.add_task("beginning", total=None)

        def advance(number: int, total: int, step: str) -> None:
            progress.update(task, completed=number, total=total, description=step)

        yield advance


def show(report: Report, out: Console) -> None:
    """Prints the findings, then the table, then the figures."""
    out.print()
    for kind in KINDS:
        found = [finding for finding in report.findings if finding.kind == kind]
        if found:
            out.print(f"[{_KIND_COLOURS[kind]}]{len(found)} {_PLURAL[kind]}: {MEANING[kind]}[/]")
            for number, finding in enumerate(found, 1):
                _finding(number, finding, out)
    for defect in report.defects:
        out.print(Text(f"A check broke down on this target; please report it: {defect_line(defect)}", style="red"))
    out.print(_table(report, with_calls=out.width >= _WIDE))
    _reasons(report, out)
    _figures(report, out)


def _finding(number: int, finding: Finding, out: Console) -> None:
    out.print(f"\n  [bold]{number}. {escape(title(finding))}[/]")
    for name, value in details(finding):
        out.print(f"     [dim]{name:9}[/]{escape(value)}")
    out.print()


def _table(report: Report, with_calls: bool) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for column in ("operation", "call", "verdict"):
        if column != "call" or with_calls:
            table.add_column(column, no_wrap=True)
    for column in ("exercised", "breaking", "additions", "notes"):
        table.add_column(column, justify="right", no_wrap=True)
    for verdict in report.verdicts:
        counts = [sum(finding.kind == kind for finding in verdict.findings) for kind in KINDS]
        table.add_row(
            escape(verdict.name),
            *([escape(verdict.call)] if with_calls else []),
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
        out.print(f"  {len(names):3}  {escape(printable(reason))}: [dim]{escape(shown)}[/]")


def _figures(report: Report, out: Console) -> None:
    counts = report.counts
    out.print(
        f"\ncoverage    [{'green' if report.complete else 'yellow'}]{report.coverage:5.1f} %[/]  "
        f"{counts['exercised']} of the contract's {counts['statements']} statements were compared with an answer"
    )
    if report.conformance is not None:
        conform = counts["exercised"] - counts["broken"]
        out.print(
            f"conformance [{'red' if report.drift else 'green'}]{report.conformance:5.1f} %[/]  "
            f"{conform} of those {counts['exercised']} hold"
        )
    out.print(
        f"dialect {report.dialect}, key in {report.header}, {report.requests} requests in {report.seconds} s, "
        f"writes {'on' if report.writes else 'off'}, --seed {report.seed}"
    )
    if report.accepted:
        out.print(f"{len(report.accepted)} findings are known to the baseline")
    for left in report.left_behind:
        out.print(Text(printable(f"LEFT BEHIND: {left}"), style="bold red"))
    if report.stopped:
        out.print(Text(printable(f"stopped before its end: {report.stopped}"), style="bold yellow"))
    if report.stopped_writing:
        out.print(Text(printable(f"stopped writing: {report.stopped_writing}"), style="bold yellow"))
    if report.interrupted:
        out.print(Text("interrupted: what the run made is removed, but for what is named above", style="bold yellow"))
    out.print(_last_line(report))


def _last_line(report: Report) -> Text:
    partial = "" if report.complete else f", as far as exercised ({report.coverage:.0f} %)"
    if report.drift:
        return Text(f"DRIFT: {len(report.drift)} breaking", style="bold red")
    if report.interrupted or report.lost or report.defects or report.stopped_writing:
        return Text("NOT COMPLETE", style="bold yellow")
    return Text(f"CONFORMS{partial}", style="bold green" if not partial else "bold yellow")
