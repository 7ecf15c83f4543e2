"""rufus-mock doctor"""

import click

from ..base.extras import missing
from .options import timeout_option


@click.command()
@click.argument("url")
@click.option(
    "--api-key", envvar="RUFUS_API_KEY", show_envvar=True, help="The key to check. It is never shown in full."
)
@timeout_option
def doctor(url: str, api_key: str | None, timeout: float) -> int:
    """Find out why a key is refused at a base URL, such as https://api.runonrufus.com/v0.

    Checks one thing after the other, from the host name to the key, with GET requests only. The exit status is 0 if all
    is well, 1 if something is wrong, and 2 if the checks could not run.

    \b
    Try it:
      rufus-mock serve &
      RUFUS_API_KEY=ror-ae4fc6c19681a20fad30 rufus-mock doctor http://127.0.0.1:8080/v0
    """
    try:
        from ..client import Limits
        from ..doctor import WRONG, Doctor
    except ModuleNotFoundError as error:
        raise click.ClickException(missing(error, "contract")) from error
    try:
        examination = Doctor(url, api_key, Limits(timeout))
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    wrong = False
    for finding in examination.findings():
        click.echo(f"{finding.question:9}  {finding.verdict:5}  {finding.text}")
        wrong = wrong or finding.verdict == WRONG
    return int(wrong)
