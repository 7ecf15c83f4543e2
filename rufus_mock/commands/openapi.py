"""rufus-mock openapi"""

import json
from urllib.parse import urlsplit

import click

from ..base.defaults import BASE_URL
from ..spec.contract import Contract
from .options import option


@click.command()
@option(
    "--dialect",
    type=click.Choice(["pages", "openapi"]),
    default="pages",
    help="The dialect whose bodies the document describes.",
)
@option(
    "--server",
    metavar="URL",
    default=BASE_URL,
    help="The base URL that clients generated from the document call by default. The live API is the second server.",
)
def openapi(dialect: str, server: str) -> None:
    """Print the contract as one OpenAPI 3.1 document."""
    document = Contract().document(dialect, _checked(server))
    text = json.dumps(document, indent=2, ensure_ascii=False)
    click.echo(text.encode())  # JSON is UTF-8, whatever the terminal's encoding is


def _checked(server: str) -> str:
    try:
        parts = urlsplit(server)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or any(character.isspace() for character in server):
        raise click.BadParameter(f"{server!r} is not a URL such as {BASE_URL}", param_hint="--server")
    return server.rstrip("/")
