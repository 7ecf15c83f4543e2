"""The command rufus-mock. Each subcommand imports what it needs when it runs: start-up time is a feature."""

import sys
from collections.abc import Callable
from importlib import import_module
from keyword import iskeyword
from typing import Any

import click

from .healthcheck import DEFAULT_HOST, DEFAULT_PORT, UNHEALTHY

PROG = "rufus-mock"
FAILED = 2
"""The exit status of a command that could not do what it was asked."""

LOG_LEVELS = ("debug", "info", "warning", "error")


def option(*names: str, **attributes: Any) -> Callable[[Any], Any]:
    """An option that can also be set by the environment: --log-level by RUFUS_MOCK_LOG_LEVEL."""
    longest = max(names, key=len).split("/")[0]
    variable = "RUFUS_MOCK_" + longest.removeprefix("--").replace("-", "_").upper()
    return click.option(*names, envvar=variable, show_envvar=True, **{"show_default": True, **attributes})


COMMANDS = {"simulate": "simulator.command", "import": "csv_commands", "export": "csv_commands"}
"""The commands that stand in modules of their own, imported when they run."""

EXTRAS = {"faker": "simulator", "matplotlib": "plot", "requests": "simulator", "rich": "simulator"}
"""Which extra installs what a command may lack."""


class _Commands(click.Group):
    """The commands here, and those of COMMANDS."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*super().list_commands(ctx), *COMMANDS])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return super().get_command(ctx, cmd_name)
        module = import_module(f".{COMMANDS[cmd_name]}", __package__)
        command: click.Command = getattr(module, f"{cmd_name}_" if iskeyword(cmd_name) else cmd_name)
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="rufus-mock", prog_name=PROG, message="%(prog)s %(version)s")
def cli() -> None:
    """A mock of the RUFUS Cloud Public API v0, for those who build on it without an account or devices."""


@cli.command()
@option("--host", default=DEFAULT_HOST, help="Address to bind. 0.0.0.0 lets other machines in.")
@option(
    "--port",
    default=DEFAULT_PORT,
    type=click.IntRange(0, 65535),
    help="Port to bind. 0 takes a free one and prints it.",
)
@option(
    "--fixture",
    "fixtures",
    multiple=True,
    metavar="NAME|PATH",
    help="What the server starts with: documented (the default), empty, edge-cases, race-5k, race-marathon-splits, "
    "or a file. Can be given often.",
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
@option(
    "--tls",
    is_flag=True,
    help='Serve HTTPS, as api.runonrufus.com and localhost. Needs: pip install "rufus-mock[tls]".',
)
@option(
    "--ca-dir",
    type=click.Path(file_okay=False),
    metavar="DIR",
    help="Where --tls keeps the authority that clients trust.  [default: a new authority at each start]",
)
@option("--no-admin", is_flag=True, help="No admin API under /__admin, and no journals.")
@option(
    "--admin-token", metavar="TOKEN", help="What the admin API wants as Authorization: Bearer TOKEN.  [default: none]"
)
@option(
    "--journal-entries",
    default=1000,
    type=click.IntRange(min=0),
    help="Requests that each company's journal keeps. 0: none.",
)
@option("--journal-bytes", default=16 * 1024 * 1024, type=click.IntRange(min=0), help="And in bytes.")
@option(
    "--state",
    type=click.Path(dir_okay=False),
    metavar="FILE",
    help="Begin with the state in this file, if it is there, and write it at the end.  [default: none]",
)
@option(
    "--state-interval",
    type=click.FloatRange(min=0, min_open=True),
    metavar="SECONDS",
    help="Write the state so often too.  [default: at the end only]",
)
@option(
    "--simulate",
    metavar="RACE",
    help="Let a race happen in the server from the start: 5k, 10k, half or marathon.  [default: none]",
)
@option("--simulate-runners", type=click.IntRange(1), default=1000, help="Runners of that race.")
@option("--simulate-speed", type=click.FloatRange(0), default=60.0, help="Times as fast as real time.")
@option("--log-level", type=click.Choice(LOG_LEVELS), default="info", help="info logs a line a request to stderr.")
def serve(
    host: str,
    port: int,
    fixtures: tuple[str, ...],
    dialect: str,
    seed: int | None,
    cors: tuple[str, ...],
    tls: bool,
    ca_dir: str | None,
    no_admin: bool,
    admin_token: str | None,
    journal_entries: int,
    journal_bytes: int,
    state: str | None,
    state_interval: float | None,
    simulate: str | None,
    simulate_runners: int,
    simulate_speed: float,
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

    simulation = None
    if simulate:
        from .simulator.demo import Simulation

        simulation = Simulation(simulate, simulate_runners, simulate_speed, seed or 0)
    serve_until_stopped(
        host=host,
        port=port,
        fixtures=fixtures,
        dialect=dialect,
        seed=seed,
        cors=cors,
        tls=tls,
        ca_dir=ca_dir,
        admin=not no_admin,
        admin_token=admin_token,
        journal_entries=journal_entries,
        journal_bytes=journal_bytes,
        state=state,
        state_interval=state_interval,
        log_level=log_level,
        simulation=simulation,
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
        from .contract.options import Keys
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
@option("--host", default=DEFAULT_HOST, help="Where the mock listens. 0.0.0.0 is asked on 127.0.0.1.")
@option("--port", default=DEFAULT_PORT, type=click.IntRange(1, 65535), help="The port that it listens on.")
@option("--tls", is_flag=True, help="It serves HTTPS. Its certificate is not verified.")
@option("--no-admin", is_flag=True, help="It has no admin API to say that it is ready; that it answers is enough.")
@click.pass_context
def healthcheck(context: click.Context, host: str, port: int, tls: bool, no_admin: bool) -> None:
    """End with 0 if a mock on this machine is ready, with 1 if not. For the health check of a container.

    With the variables that configure serve, it needs no option.
    """
    from .healthcheck import Unhealthy, check

    try:
        click.echo(check(host, str(port), tls=tls, admin=not no_admin))
    except Unhealthy as error:
        click.echo(f"{PROG}: {error}", err=True)
        context.exit(UNHEALTHY)


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


@cli.command()
@option(
    "--ca-dir",
    required=True,
    type=click.Path(file_okay=False),
    metavar="DIR",
    help="The folder that serve --tls --ca-dir DIR uses. An authority is made in it where there is none.",
)
def ca(ca_dir: str) -> None:
    """Print the certificate that clients must trust, as PEM.

    \b
    Try it:
      rufus-mock ca --ca-dir ~/.rufus-mock > rufus-mock-ca.pem
      rufus-mock serve --tls --ca-dir ~/.rufus-mock &
      curl --cacert rufus-mock-ca.pem -H "api_key: ror-ae4fc6c19681a20fad30" https://localhost:8080/v0/devices
    """
    from pathlib import Path

    from .authority import Authority, AuthorityError

    try:
        with Authority(Path(ca_dir)) as authority:
            click.echo(authority.certificate, nl=False)
    except AuthorityError as error:
        raise click.ClickException(str(error)) from error


@cli.command()
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
        from .doctor import WRONG, Doctor
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


def main(arguments: list[str] | None = None) -> None:
    """Run the command and end the process. What cannot be done is said in one line, with exit status 2."""
    try:
        status = cli.main(arguments, prog_name=PROG, standalone_mode=False)
    except click.ClickException as error:
        context = getattr(error, "ctx", None)
        hint = f" (see '{context.command_path} --help')" if context else ""
        click.echo(f"{PROG}: {error.format_message()}{hint}", err=True)
        sys.exit(FAILED)
    except ModuleNotFoundError as error:
        if error.name not in EXTRAS:
            raise
        click.echo(f'{PROG}: this needs {error.name}: pip install "rufus-mock[{EXTRAS[error.name]}]"', err=True)
        sys.exit(FAILED)
    except click.Abort:
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(141)
    sys.exit(status if isinstance(status, int) else 0)
