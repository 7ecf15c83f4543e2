"""rufus-mock assumptions"""

import json
import textwrap
from shutil import get_terminal_size
from typing import Any

import click

from ..assumptions.catalogue import listed
from ..spec.contract import Contract
from .options import option

WIDEST = 100


@click.command()
@click.argument("ids", metavar="[ID]...", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@option(
    "--dialect",
    type=click.Choice(["pages", "openapi"]),
    default="pages",
    help="The dialect whose defaults are shown.",
)
def assumptions(ids: tuple[str, ...], as_json: bool, dialect: str) -> None:
    """List what is assumed about the live API, with the variants that the mock can follow.

    ID is an assumption, such as insert.duplicates, or the beginning of some, such as insert. Without it, all are
    listed. `rufus-mock serve --assume ID=VARIANT` serves a variant.
    """
    known = Contract().assumptions
    for id in ids:
        if not any(_is_asked_for(name, id) for name in known):
            groups = ", ".join(dict.fromkeys(name.partition(".")[0] for name in known))
            raise click.BadArgumentUsage(f"no assumption is called {id}; without an ID all are listed: {groups}")
    entries = listed(
        (each for name, each in known.items() if not ids or any(_is_asked_for(name, id) for id in ids)), dialect
    )
    if as_json:
        text = json.dumps({"assumptions": entries}, indent=2, ensure_ascii=False)
        click.echo(text.encode())  # JSON is UTF-8, whatever the terminal's encoding is
        return
    width = min(get_terminal_size().columns, WIDEST)
    for entry in entries:
        click.echo(_described(entry, dialect, width) + "\n")
    click.echo(f"* is the default in the dialect {dialect}. Serve another with --assume ID=VARIANT.")


def _is_asked_for(name: str, id: str) -> bool:
    return name == id or name.startswith(f"{id.removesuffix('.')}.")


def _described(entry: dict[str, Any], dialect: str, width: int) -> str:
    """An assumption in lines of at most `width` characters."""
    lines = [entry["id"], *_wrapped(entry["statement"], "  ", width)]
    longest = max(len(variant["id"]) for variant in entry["variants"])
    for variant in entry["variants"]:
        mark = "*" if variant["id"] == entry["default"] else " "
        lines += _wrapped(variant["sentence"], f"  {mark} {variant['id']:{longest}}  ", width)
    lines += _wrapped(entry["measured_by"], "  measured by: ", width)
    if dialect not in entry["dialects"]:
        lines.append(f"  only in the dialect {' and '.join(entry['dialects'])}")
    return "\n".join(lines)


def _wrapped(text: str, start: str, width: int) -> list[str]:
    return textwrap.wrap(text, max(width, 40), initial_indent=start, subsequent_indent=" " * len(start))
