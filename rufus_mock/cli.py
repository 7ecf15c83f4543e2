"""The command rufus-mock: finds the subcommand, and says in one line what cannot be done."""

import sys
from importlib import import_module
from keyword import iskeyword

import click

from .commands.options import PROG

FAILED = 2
"""The exit status of a command that could not do what it was asked."""

COMMANDS = {
    "ca": "ca",
    "contract": "contract",
    "doctor": "doctor",
    "export": "csv",
    "healthcheck": "healthcheck",
    "import": "csv",
    "openapi": "openapi",
    "serve": "serve",
    "simulate": "simulate",
}
"""Where each command stands in commands/."""

EXTRAS = {"faker": "simulator", "matplotlib": "plot", "requests": "simulator", "rich": "simulator"}
"""Which extra installs what a command may lack."""


class _Commands(click.Group):
    """The commands of COMMANDS, each imported when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f".commands.{COMMANDS[cmd_name]}", __package__)
        command: click.Command = getattr(module, f"{cmd_name}_" if iskeyword(cmd_name) else cmd_name)
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="rufus-mock", prog_name=PROG, message="%(prog)s %(version)s")
def cli() -> None:
    """A mock of the RUFUS Cloud Public API v0, for those who build on it without an account or devices."""


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
