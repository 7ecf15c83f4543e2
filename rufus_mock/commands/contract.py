"""rufus-mock contract"""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import click

from ..base.defaults import BUDGET, DEADLINE, EXAMPLES, EXAMPLES_EMBEDDED, RATE
from ..base.extras import missing
from .options import ApiKey, Number, Seed, deadline_option, timeout_option


def key(name: str, variable: str, help: str) -> Callable[[Any], Any]:
    """An option for a key, which an environment variable can set, too."""
    return click.option(name, type=ApiKey(), envvar=variable, show_envvar=True, metavar="KEY", help=help)


def _file(name: str, help: str, exists: bool = False) -> Callable[[Any], Any]:
    return click.option(name, type=click.Path(dir_okay=False, exists=exists), metavar="FILE", help=help)


_KEYS = ("api_key", "read_key", "write_key", "other_key")


@click.command()
@click.option("--base-url", metavar="URL", help="The target.  [default: a mock in this process, with writes on]")
@key("--api-key", "RUFUS_API_KEY", "A key of any access type.")
@key("--read-key", "RUFUS_READ_KEY", "A key of access type READ; checks that it can read but not write.")
@key("--write-key", "RUFUS_WRITE_KEY", "A key of access type WRITE; checks that it can write but not read.")
@key("--other-key", "RUFUS_OTHER_KEY", "A key of another company; checks that it sees nothing of this company.")
@click.option("--allow-writes", is_flag=True, help="Bind a device, write to it, and unbind it at the end.")
@click.option(
    "--rate", type=Number(0.01, 1_000_000), help=f"Requests per second.  [default: {RATE:g}; embedded: no limit]"
)
@click.option(
    "--budget", type=click.IntRange(1, 10**9), help=f"Requests in total.  [default: {BUDGET}; embedded: no limit]"
)
@timeout_option
@deadline_option(f"{DEADLINE:g}; embedded: no limit")
@click.option(
    "--examples",
    type=click.IntRange(1, 1_000_000),
    help=f"Examples per property.  [default: {EXAMPLES}; embedded: {EXAMPLES_EMBEDDED}]",
)
@click.option("--seed", type=Seed(), help="Repeat a run.  [default: random; 0 under CI]")
@click.option("--dialect", type=click.Choice(["pages", "openapi"]), help="[default: as detected; embedded: pages]")
@click.option(
    "--operation", "operations", multiple=True, metavar="ID", help="Check only this operation. Can be repeated."
)
@click.option("--strict", is_flag=True, help="Additions and notes fail the run too.")
@_file("--baseline", "A report written by --json; accept its findings.", exists=True)
@_file(
    "--profile",
    "A profile of this target by rufus-mock calibrate: what it has measured is expected, and measured again.",
    exists=True,
)
@_file("--json", "Write the report as JSON.")
@_file("--junit", "Write the report as JUnit XML.")
@_file("--html", "Write the report as one HTML page.")
@_file("--markdown", "Write a summary as Markdown, for an issue or a comment.")
@click.option(
    "--history",
    type=click.Path(file_okay=False),
    metavar="DIR",
    help="Keep each run's report in this folder, and say what has changed since the earlier runs.",
)
@click.option("--github", is_flag=True, help="Print annotations for GitHub Actions, and append to GITHUB_STEP_SUMMARY.")
def contract(**options: Any) -> int:
    """Compare an API with the contract: the mock, or any URL.

    \b
    Exit status: 0 conforms, 1 drift, 2 could not run, 130 interrupted.
      rufus-mock contract
      RUFUS_API_KEY=ror-… rufus-mock contract --base-url https://api.runonrufus.com/v0

    Without --allow-writes only GET requests are sent.
    """
    try:
        from ..contract.command import Wanted
        from ..contract.command import contract as run
        from ..contract.session.options import Keys
    except ModuleNotFoundError as error:
        raise click.ClickException(missing(error, "contract")) from error
    from ..spec.contract import Contract

    known = Contract().operations
    for operation in options["operations"]:
        if operation not in known:
            raise click.ClickException(f"--operation {operation}: no such operation. There are {', '.join(known)}")
    given = {name: options.pop(name) or None for name in _KEYS}
    keys = Keys(given["api_key"], given["read_key"], given["write_key"], given["other_key"])
    profile = options.pop("profile")
    if profile:
        options |= _expecting(Path(profile))
    for name in ("baseline", "json", "junit", "html", "markdown", "history"):
        options[name] = options[name] and Path(options[name])
    return run(Wanted(keys=keys, **options))


def _expecting(path: Path) -> dict[str, Any]:
    """What the run needs to know of a profile."""
    from ..assumptions.profile import ProfileError, read_profile
    from ..calibration.departures import departures
    from ..spec.assumptions import defaults

    try:
        profile = read_profile(path)
    except ProfileError as error:
        raise click.ClickException(f"--profile: {error}") from error
    default = defaults()[profile["made"]["dialect"]]
    return {
        "measured": {
            id: verdict["variant"] == default[id]
            for id, verdict in profile["assumptions"].items()
            if verdict["verdict"] == "measured"
        },
        "departures": partial(departures, profile),
    }
