"""rufus-mock calibrate"""

from pathlib import Path
from typing import Any

import click

from ..base.defaults import CALIBRATION_READS, CALIBRATION_WRITES, RATE
from ..base.extras import missing
from .contract import key
from .options import Number, deadline_option, timeout_option

_KEYS = ("api_key", "read_key", "write_key", "other_key", "unbind_key")


@click.command()
@click.option("--base-url", required=True, metavar="URL", help="The API to measure.")
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the profile here.",
)
@key("--api-key", "RUFUS_API_KEY", "A key of any access type.")
@key("--read-key", "RUFUS_READ_KEY", "A key of access type READ.")
@key("--write-key", "RUFUS_WRITE_KEY", "A key of access type WRITE.")
@key("--other-key", "RUFUS_OTHER_KEY", "A key of another company; measures what it gets for devices of this one.")
@key("--unbind-key", "RUFUS_UNBIND_KEY", "A key with the unbind permission, if the others lack it.")
@click.option("--allow-writes", is_flag=True, help="Bind devices, write to them, and unbind them at the end.")
@click.option(
    "--rate", type=Number(0.01, 1_000_000), default=RATE, show_default=True, help="Requests per second at most."
)
@click.option(
    "--budget",
    type=click.IntRange(1, CALIBRATION_WRITES),
    help=f"Requests at most.  [default: {CALIBRATION_READS}; with --allow-writes {CALIBRATION_WRITES}]",
)
@timeout_option
@deadline_option()
@click.option("--dialect", type=click.Choice(["pages", "openapi"]), help="[default: as detected]")
@click.option(
    "--diff",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    metavar="FILE",
    help="Report what has changed since this profile.",
)
def calibrate(**options: Any) -> int:
    """Measure how an API behaves where nothing is published.

    \b
    Exit status: 0 a profile is written, 1 the API has changed since --diff, 2 could not run, 130 interrupted.
      RUFUS_API_KEY=ror-… rufus-mock calibrate --base-url https://api.runonrufus.com/v0 --out profile.json

    The mock then behaves in the same way: rufus-mock serve --profile profile.json. Without --allow-writes only GET
    requests are sent.
    """
    try:
        from ..calibration.command import Wanted, run
        from ..contract.session.options import Keys, Options
    except ModuleNotFoundError as error:
        raise click.ClickException(missing(error, "contract")) from error
    out, diff = options.pop("out"), options.pop("diff")
    keys = Keys(**{name: options.pop(name) or None for name in _KEYS})
    return run(Wanted(Options(keys=keys, **options), out, diff))
