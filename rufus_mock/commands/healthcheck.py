"""rufus-mock healthcheck"""

import click

from ..base.defaults import HOST, PORT
from ..base.process import fail
from ..serving.healthcheck import UNHEALTHY, Unhealthy, check
from .options import option


@click.command()
@option("--host", default=HOST, help="The address of the mock. For 0.0.0.0, 127.0.0.1 is checked.")
@option("--port", default=PORT, type=click.IntRange(1, 65535), help="The port of the mock.")
@option("--tls", is_flag=True, help="Use HTTPS. The certificate is not verified.")
@option("--no-admin", is_flag=True, help="The mock has no admin API; it is ready if it answers at all.")
@click.pass_context
def healthcheck(context: click.Context, host: str, port: int, tls: bool, no_admin: bool) -> None:
    """Check whether a mock on this machine is ready: exit status 0 if it is, 1 if not. For containers.

    If the environment configures serve, no options are needed.
    """
    try:
        click.echo(check(host, str(port), tls=tls, admin=not no_admin))
    except Unhealthy as error:
        fail(str(error))
        context.exit(UNHEALTHY)
