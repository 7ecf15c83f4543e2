"""rufus-mock healthcheck"""

import click

from ..healthcheck import DEFAULT_HOST, DEFAULT_PORT, UNHEALTHY, Unhealthy, check
from ..process import fail
from .options import option


@click.command()
@option("--host", default=DEFAULT_HOST, help="Where the mock listens. 0.0.0.0 is asked on 127.0.0.1.")
@option("--port", default=DEFAULT_PORT, type=click.IntRange(1, 65535), help="The port that it listens on.")
@option("--tls", is_flag=True, help="It serves HTTPS. Its certificate is not verified.")
@option("--no-admin", is_flag=True, help="It has no admin API to say that it is ready; that it answers is enough.")
@click.pass_context
def healthcheck(context: click.Context, host: str, port: int, tls: bool, no_admin: bool) -> None:
    """End with 0 if a mock on this machine is ready, with 1 if not. For the health check of a container.

    With the variables that configure serve, it needs no option.
    """
    try:
        click.echo(check(host, str(port), tls=tls, admin=not no_admin))
    except Unhealthy as error:
        fail(str(error))
        context.exit(UNHEALTHY)
