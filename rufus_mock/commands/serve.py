"""rufus-mock serve"""

from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from ..base.defaults import HOST, PORT
from ..base.extras import install
from ..fixtures.builtin import DEFAULT_FIXTURE, fixture_names
from .options import RUNNERS, SPEED, EvenEmpty, Number, Seed, option

A_YEAR = 365 * 24 * 60 * 60
LOG_LEVELS = ("debug", "info", "warning", "error")


def _hosts(_: click.Context, parameter: click.Parameter, hosts: tuple[str, ...]) -> tuple[str, ...]:
    if hosts:
        from ..web.admin.hosts import allowed_host

        try:
            return tuple(allowed_host(host) for host in hosts)
        except ValueError as error:
            raise click.BadParameter(str(error), param=parameter) from error
    return hosts


def _assumed(_: click.Context, parameter: click.Parameter, texts: tuple[str, ...]) -> dict[str, str]:
    if not texts:
        return {}
    from ..assumptions.chosen import InvalidAssumption, checked, parsed
    from ..spec.contract import Contract

    try:
        return checked(parsed(texts), Contract().assumptions)
    except InvalidAssumption as error:
        raise click.BadParameter(str(error), param=parameter) from error


def _profiled(_: click.Context, parameter: click.Parameter, path: Path | None) -> Any:
    if path is None:
        return None
    from ..assumptions.profile import ProfileError, read_profile

    try:
        return read_profile(path)
    except ProfileError as error:
        raise click.BadParameter(str(error), param=parameter) from error


def _follow(profile: Any, options: dict[str, Any]) -> None:
    """Set the dialect and the variants that a profile has measured, where no option sets them."""
    from ..assumptions.profile import measured

    dialect = profile["made"]["dialect"]
    if options["dialect"] != dialect:
        if click.get_current_context().get_parameter_source("dialect") is not ParameterSource.DEFAULT:
            raise click.UsageError(
                f"--dialect {options['dialect']}: the profile was measured in the dialect {dialect}."
            )
        options["dialect"] = dialect
    options["assume"] = {**measured(profile), **options["assume"]}


@click.command()
@option("--host", default=HOST, help="Address to bind. 0.0.0.0 allows connections from other machines.")
@option(
    "--port",
    default=PORT,
    type=click.IntRange(0, 65535),
    help="Port to bind. 0 picks a free port and prints it.",
)
@option(
    "--fixture",
    "fixtures",
    multiple=True,
    metavar="NAME|PATH",
    help=f"Initial data: {', '.join(fixture_names())}, or a file. Can be repeated.  [default: {DEFAULT_FIXTURE}]",
)
@option(
    "--dialect",
    type=click.Choice(["pages", "openapi"]),
    default="pages",
    help='pages: flat bodies, as on the help pages. openapi: {"body": …}, as in the OpenAPI document.',
)
@option("--seed", type=Seed(), help="Make identifiers reproducible.  [default: random]")
@option(
    "--assume",
    "assume",
    multiple=True,
    metavar="ID=VARIANT",
    callback=_assumed,
    help="How to behave where nothing is published, such as insert.duplicates=last-wins; `rufus-mock assumptions` "
    "lists all. Can be repeated.  [default: see there]",
)
@option(
    "--profile",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    callback=_profiled,
    help="Behave as `rufus-mock calibrate` has measured, in the dialect that it found. --assume takes precedence.  "
    "[default: none]",
)
@option(
    "--explain",
    is_flag=True,
    help="Add the header x-rufus-mock-assumptions: the assumptions that an answer depends on.",
)
@option(
    "--cors",
    multiple=True,
    metavar="ORIGIN",
    help='Let web pages of this origin call the mock; "*" for all. Can be repeated.  [default: none]',
)
@option(
    "--tls",
    is_flag=True,
    help=f"Serve HTTPS, as api.runonrufus.com and localhost. Needs: {install('tls')}.",
)
@option(
    "--ca-dir",
    type=click.Path(file_okay=False),
    metavar="DIR",
    help="Folder in which --tls keeps the authority that clients trust.  [default: a new authority at each start]",
)
@option("--no-admin", is_flag=True, help="No admin API under /__admin, and no journals.")
@option(
    "--admin-token",
    cls=EvenEmpty,
    metavar="TOKEN",
    help="Token that the admin API requires, sent as Authorization: Bearer TOKEN.  [default: none]",
)
@option(
    "--allow-host",
    "allow_hosts",
    multiple=True,
    metavar="HOST",
    callback=_hosts,
    help="Host name by which the admin API may be called, besides IP addresses, localhost and names that public DNS "
    "cannot resolve. Can be repeated.  [default: none]",
)
@option(
    "--journal-entries",
    default=1000,
    type=click.IntRange(0, 10**9),
    help="Maximum number of requests in each company's journal. 0 keeps none.",
)
@option(
    "--journal-bytes", default=16 * 1024 * 1024, type=click.IntRange(0, 2**40), help="Maximum size of each journal."
)
@option(
    "--state",
    type=click.Path(),
    metavar="FILE",
    help="Load the state from this file, if it exists, and save it there at the end.  [default: none]",
)
@option(
    "--state-interval",
    type=Number(0, A_YEAR, min_open=True),
    metavar="SECONDS",
    help="Also save the state at this interval.  [default: only at the end]",
)
@option(
    "--simulate",
    metavar="RACE",
    help="Run a race in the server from the start: 5k, 10k, half or marathon.  [default: none]",
)
@option("--simulate-runners", type=RUNNERS, default=1000, help="Number of runners in that race.")
@option("--simulate-speed", type=SPEED, default=60.0, help="Speed of that race; 1 is real time.")
@option("--log-level", type=click.Choice(LOG_LEVELS), default="info", help="info logs one line per request to stderr.")
def serve(no_admin: bool, simulate: str | None, simulate_runners: int, simulate_speed: float, **options: Any) -> None:
    """Serve the mock until SIGTERM or Ctrl-C.

    \b
    Try it:
      rufus-mock serve &
      curl -H "api_key: ror-ae4fc6c19681a20fad30" http://127.0.0.1:8080/v0/devices

    In an environment variable, separate several values with spaces.
    """
    from ..serving.serve import serve_until_stopped

    profile = options.pop("profile")
    if profile is not None:
        _follow(profile, options)
    race = None
    if simulate:
        from ..simulator.demo import Simulation

        race = Simulation(simulate, simulate_runners, simulate_speed, options["seed"] or 0).run
    serve_until_stopped(admin=not no_admin, simulate=race, **options)
