"""rufus-mock spec-watch"""

from pathlib import Path
from shutil import get_terminal_size
from typing import Any

import click

from ..spec.contract import Contract
from .options import option

WIDEST = 100


@click.command("spec-watch")
@click.argument("document", metavar="FILE|URL")
@option(
    "--baseline",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    metavar="FILE",
    help="A report written by --json; accept its differences.",
)
@option(
    "--json",
    "json_file",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write all differences to a file, as JSON.",
)
@click.option("--strict", is_flag=True, help="Compatible differences and notes end with exit status 1 too.")
def spec_watch(document: str, baseline: Path | None, json_file: Path | None, strict: bool) -> None:
    """Compare a copy of the vendor's OpenAPI document, as JSON or YAML, with the contract.

    The exit status is 1 if a difference breaks clients that were written against the contract.
    """
    found, title, report = _compared(document)
    from ..spec_watch.report import accepted_in, printed

    try:
        accepted = accepted_in(baseline.read_text(encoding="utf-8")) if baseline else set()
    except (OSError, ValueError) as error:
        raise click.BadParameter(f"{baseline}: {error}", param_hint="--baseline") from None
    if json_file is not None:
        try:
            json_file.write_text(report, encoding="utf-8")
        except OSError as error:
            raise click.BadParameter(f"{json_file}: {error.strerror}", param_hint="--json") from None
    new = [each for each in found if each.fingerprint not in accepted]
    width = min(get_terminal_size().columns, WIDEST)
    click.echo("\n".join(printed(title, new, len(found) - len(new), max(width, 40))))
    if any(strict or each.kind == "breaking" for each in new):
        raise click.exceptions.Exit(1)


def _compared(source: str) -> tuple[list[Any], str, str]:
    """The differences, what the document calls itself, and the report as JSON."""
    from ..spec_watch.comparison import Comparison
    from ..spec_watch.difference import ordered
    from ..spec_watch.report import as_json
    from ..spec_watch.vendor import UnusableDocument, read

    try:
        content = read(source)
        found = ordered(Comparison(Contract(), content).differences())
    except UnusableDocument as error:
        raise click.BadParameter(f"{source}: {error}", param_hint="FILE|URL") from None
    info = content.get("info")
    info = info if isinstance(info, dict) else {}
    return found, f"{info.get('title', 'the document')} {info.get('version', '')}".strip(), as_json(content, found)
