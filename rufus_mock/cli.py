"""The command rufus-mock: finds the subcommand and reports errors in one line."""

import sys
from importlib import import_module
from keyword import iskeyword
from typing import Any

import click

from .base.extras import missing
from .base.process import BROKEN_PIPE, INTERRUPTED, PROG, discard_output, fail

COMMANDS = {
    "assumptions": "assumptions",
    "ca": "ca",
    "calibrate": "calibrate",
    "contract": "contract",
    "doctor": "doctor",
    "export": "csv",
    "healthcheck": "healthcheck",
    "import": "csv",
    "openapi": "openapi",
    "serve": "serve",
    "simulate": "simulate",
    "spec-watch": "spec_watch",
}
"""The module in commands/ of each command."""


class _Commands(click.Group):
    """The commands of COMMANDS, each imported when it is first used."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f".commands.{COMMANDS[cmd_name]}", __package__)
        name = cmd_name.replace("-", "_")
        command: click.Command = getattr(module, f"{name}_" if iskeyword(name) else name)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            discard_output()
            ctx.exit(BROKEN_PIPE)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="rufus-mock", prog_name=PROG, message="%(prog)s %(version)s")
def cli() -> None:
    """A mock of the RUFUS Cloud Public API v0, for building on the API without an account or devices."""


def main(arguments: list[str] | None = None) -> None:
    """Run the command and end the process. An error is reported in one line, with exit status 2."""
    sys.exit(_run(arguments))


def _run(arguments: list[str] | None) -> int:
    try:
        status = cli.main(arguments, prog_name=PROG, standalone_mode=False)
    except click.ClickException as error:
        context = getattr(error, "ctx", None)
        hint = f" (see '{context.command_path} --help')" if context else ""
        return fail(f"{error.format_message()}{hint}")
    except ModuleNotFoundError as error:
        return fail(missing(error))
    except click.Abort:
        return INTERRUPTED
    return status if isinstance(status, int) else 0
