"""The command rufus-mock. Each subcommand imports what it needs when it runs: start-up time is a feature."""

import sys
from collections.abc import Callable
from typing import Any

import click

PROG = "rufus-mock"
FAILED = 2
"""The exit status of a command that could not do what it was asked."""

LOG_LEVELS = ("debug", "info", "warning", "error")


def option(*names: str, **attributes: Any) -> Callable[[Any], Any]:
    """An option that can also be set by the environment: --log-level by RUFUS_MOCK_LOG_LEVEL."""
    longest = max(names, key=len).split("/")[0]
    variable = "RUFUS_MOCK_" + longest.removeprefix("--").replace("-", "_").upper()
    return click.option(*names, envvar=variable, show_envvar=True, **{"show_default": True, **attributes})


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="rufus-mock", prog_name=PROG, message="%(prog)s %(version)s")
def cli() -> None:
    """A mock of the RUFUS Cloud Public API v0, for those who build on it without an account or devices."""


@cli.command()
@option("--host", default="127.0.0.1", help="Address to bind. 0.0.0.0 lets other machines in.")
@option("--port", default=8080, type=click.IntRange(0, 65535), help="Port to bind. 0 takes a free one and prints it.")
@option(
    "--fixture",
    "fixtures",
    multiple=True,
    metavar="NAME|PATH",
    help="What the server starts with: documented (the default), empty, edge-cases, or a file. Can be given often.",
)
@option(
    "--dialect",
    type=click.Choice(["pages", "openapi"]),
    default="pages",
    help='pages: flat bodies, as on the help pages. openapi: {"body": …}, as in the OpenAPI document.',
)
@option("--seed", type=int, help="Make identifiers reproducible.  [default: random]")
@option(
    "--cors",
    multiple=True,
    metavar="ORIGIN",
    help='Let web pages of this origin call the mock; "*" for all. Can be given often.  [default: none]',
)
@option("--log-level", type=click.Choice(LOG_LEVELS), default="info", help="info logs a line a request to stderr.")
def serve(
    host: str,
    port: int,
    fixtures: tuple[str, ...],
    dialect: str,
    seed: int | None,
    cors: tuple[str, ...],
    log_level: str,
) -> None:
    """Serve the mock until SIGTERM or Ctrl-C.

    \b
    Try it:
      rufus-mock serve &
      curl -H "api_key: ror-ae4fc6c19681a20fad30" http://127.0.0.1:8080/v0/devices

    Environment variables that hold several values take them apart by spaces.
    """
    from .serving import serve_until_stopped

    serve_until_stopped(
        host=host, port=port, fixtures=fixtures, dialect=dialect, seed=seed, cors=cors, log_level=log_level
    )


def _key(name: str, variable: str, help: str) -> Callable[[Any], Any]:
    return click.option(name, envvar=variable, show_envvar=True, metavar="KEY", help=help)


def _file(name: str, help: str, exists: bool = False) -> Callable[[Any], Any]:
    return click.option(name, type=click.Path(dir_okay=False, exists=exists), metavar="FILE", help=help)


_KEYS = ("api_key", "read_key", "write_key", "other_key")


@cli.command()
@click.option("--base-url", metavar="URL", help="The target.  [default: a mock in this process, with writes on]")
@_key("--api-key", "RUFUS_API_KEY", "A key of any access type.")
@_key("--read-key", "RUFUS_READ_KEY", "A key of access type READ: checked to read, and to write nothing.")
@_key("--write-key", "RUFUS_WRITE_KEY", "A key of access type WRITE: checked to write, and to read nothing.")
@_key("--other-key", "RUFUS_OTHER_KEY", "A key of another company: checked to see nothing of this one's.")
@click.option("--allow-writes", is_flag=True, help="Bind a device of the run's own, write to it, unbind it at the end.")
@click.option("--rate", type=click.FloatRange(min=0.01), help="Requests a second.  [default: 5; embedded: no limit]")
@click.option("--budget", type=click.IntRange(min=1), help="Requests in all.  [default: 500; embedded: no limit]")
@click.option("--examples", type=click.IntRange(1), help="Examples a property.  [default: 6; embedded: 100]")
@click.option("--seed", type=int, help="Repeat a run.  [default: random; 0 under CI]")
@click.option("--dialect", type=click.Choice(["pages", "openapi"]), help="[default: as detected; embedded: pages]")
@click.option("--operation", "operations", multiple=True, metavar="ID", help="Check this one only. Can be given often.")
@click.option("--strict", is_flag=True, help="Fail for additions and notes too.")
@_file("--baseline", "Findings to accept: what --json wrote before.", exists=True)
@_file("--json", "Write the report as JSON.")
@_file("--junit", "Write it as JUnit XML.")
@_file("--html", "Write it as one HTML page.")
def contract(**options: Any) -> int:
    """Hold an API against the contract: the mock, or any URL.

    \b
    Exit status: 0 conforms, 1 drift, 2 could not run, 130 interrupted.
      rufus-mock contract
      RUFUS_API_KEY=ror-… rufus-mock contract --base-url https://api.runonrufus.com/v0

    Without --allow-writes no request but GET leaves this process.
    """
    try:
        from .contract.command import Wanted, contract
        from .contract.run import Keys
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("rufus_mock"):
            raise
        message = f"{error.name} is not installed. The contract kit needs it: pip install 'rufus-mock[contract]'"
        raise click.ClickException(message) from error
    from pathlib import Path

    from .specification import Specification

    known = Specification().operations
    for operation in options["operations"]:
        if operation not in known:
            raise click.ClickException(f"--operation {operation}: no such operation. There are {', '.join(known)}")
    given = {name: _checked_key(name, options.pop(name)) for name in _KEYS}
    keys = Keys(given["api_key"], given["read_key"], given["write_key"], given["other_key"])
    for name in ("baseline", "json", "junit", "html"):
        options[name] = options[name] and Path(options[name])
    return contract(Wanted(keys=keys, **options))


def _checked_key(name: str, value: str | None) -> str | None:
    value = (value or "").strip()
    if not (value.isascii() and value.isprintable()):
        raise click.ClickException(f"--{name.replace('_', '-')}: a key is ror- and 20 lower-case hex digits")
    return value or None


@cli.command()
@option(
    "--dialect",
    type=click.Choice(["pages", "openapi"]),
    default="pages",
    help="The dialect whose bodies the document describes.",
)
def openapi(dialect: str) -> None:
    """Print the contract as one OpenAPI 3.1 document."""
    import json

    from .specification import Specification

    click.echo(json.dumps(Specification().document(dialect), indent=2, ensure_ascii=False))


def main(arguments: list[str] | None = None) -> None:
    """Run the command and end the process. What cannot be done is said in one line, with exit status 2."""
    try:
        status = cli.main(arguments, prog_name=PROG, standalone_mode=False)
    except click.ClickException as error:
        context = getattr(error, "ctx", None)
        hint = f" (see '{context.command_path} --help')" if context else ""
        click.echo(f"{PROG}: {error.format_message()}{hint}", err=True)
        sys.exit(FAILED)
    except click.Abort:
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(141)
    sys.exit(status if isinstance(status, int) else 0)
