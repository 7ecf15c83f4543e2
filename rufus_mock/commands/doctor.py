"""rufus-mock doctor"""

import click


@click.command()
@click.argument("url")
@click.option("--api-key", envvar="RUFUS_API_KEY", show_envvar=True, help="The key in question. Shown nowhere.")
def doctor(url: str, api_key: str | None) -> int:
    """Find out why a key is refused at a base URL, such as https://api.runonrufus.com/v0.

    Asks one question after the other, from the name to the key, by GET requests only. The exit status is 0 when all is
    well, 1 when something is wrong, 2 when it could not ask.

    \b
    Try it:
      rufus-mock serve &
      RUFUS_API_KEY=ror-ae4fc6c19681a20fad30 rufus-mock doctor http://127.0.0.1:8080/v0
    """
    try:
        from ..doctor import WRONG, Doctor
    except ModuleNotFoundError as error:
        raise click.ClickException(f'doctor needs {error.name}: pip install "rufus-mock[contract]"') from error
    try:
        examined = Doctor(url, api_key)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    wrong = False
    for finding in examined.findings():
        click.echo(f"{finding.question:9}  {finding.verdict:5}  {finding.text}")
        wrong = wrong or finding.verdict == WRONG
    return int(wrong)
