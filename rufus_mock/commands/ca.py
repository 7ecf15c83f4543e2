"""rufus-mock ca"""

from pathlib import Path

import click

from ..serving.certificates import Authority, AuthorityError
from .options import option


@click.command()
@option(
    "--ca-dir",
    required=True,
    type=click.Path(file_okay=False),
    metavar="DIR",
    help="The folder that serve --tls --ca-dir DIR uses. If it has no certificate authority, one is created.",
)
def ca(ca_dir: str) -> None:
    """Print the certificate that clients must trust, as PEM.

    \b
    Try it:
      rufus-mock ca --ca-dir ~/.rufus-mock > rufus-mock-ca.pem
      rufus-mock serve --tls --ca-dir ~/.rufus-mock &
      curl --cacert rufus-mock-ca.pem -H "api_key: ror-ae4fc6c19681a20fad30" https://localhost:8080/v0/devices
    """
    try:
        with Authority(Path(ca_dir)) as authority:
            click.echo(authority.certificate, nl=False)
    except AuthorityError as error:
        raise click.ClickException(str(error)) from error
