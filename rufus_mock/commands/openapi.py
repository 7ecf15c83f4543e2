"""rufus-mock openapi"""

import json

import click

from ..specification import Specification
from .options import option


@click.command()
@option(
    "--dialect",
    type=click.Choice(["pages", "openapi"]),
    default="pages",
    help="The dialect whose bodies the document describes.",
)
def openapi(dialect: str) -> None:
    """Print the contract as one OpenAPI 3.1 document."""
    text = json.dumps(Specification().document(dialect), indent=2, ensure_ascii=False)
    click.echo(text.encode())  # JSON is UTF-8, whatever the terminal's encoding is
