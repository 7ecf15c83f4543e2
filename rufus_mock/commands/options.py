"""The option decorator of the commands, and types for values of options."""

import math
import os
from collections.abc import Callable
from typing import Any

import click

from ..base.defaults import DEADLINE, TIMEOUT


class Number(click.FloatRange):
    """A number between two bounds. nan and inf, which float() accepts, are rejected."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        number = super().convert(value, param, ctx)
        if not math.isfinite(number):
            self.fail(f"{value} is not a finite number; write one such as 1.5", param, ctx)
        return number


class Seed(click.ParamType[int]):
    """A whole number that fits in 64 bits."""

    name = "integer"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        return int(click.IntRange(-(2**63), 2**63 - 1).convert(value, param, ctx))


class Text(click.ParamType[str]):
    """Text that can be encoded as UTF-8. Command-line arguments may contain any bytes."""

    name = "text"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        text = str(value)
        try:
            text.encode()
        except UnicodeEncodeError:
            self.fail(f"{text!a} is not UTF-8", param, ctx)
        return text


class ApiKey(click.ParamType[str]):
    """A key that fits in a header. White space around it is removed."""

    name = "key"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        key = str(value).strip()
        if not (key.isascii() and key.isprintable()):
            self.fail("a key is ror- and 20 lower-case hex digits", param, ctx)
        return key


SPEED = Number(0, 1_000_000)
"""The speed of a race as a multiple of real time; 0 is as fast as the server accepts it."""

RUNNERS = click.IntRange(1, 1_000_000)


def timeout_option(function: Any) -> Any:
    """The option for the longest exchange."""
    return click.option(
        "--timeout",
        type=Number(0.01, 86_400),
        default=TIMEOUT,
        show_default=True,
        help="Seconds for one request, from its first byte to the last byte of the answer.",
    )(function)


def deadline_option(default: str = "") -> Callable[[Any], Any]:
    """The option for the longest run. default: what the help says about a default that depends on the target."""
    return click.option(
        "--deadline",
        type=Number(0.01, 10_000_000),
        default=None if default else DEADLINE,
        show_default=not default,
        help=f"Seconds for the whole run.{f'  [default: {default}]' if default else ''}",
    )


class EvenEmpty(click.Option):
    """An option whose environment variable also counts as set if it is empty."""

    def resolve_envvar_value(self, ctx: click.Context) -> str | None:  # noqa: ARG002
        return os.environ.get(str(self.envvar))


def option(*names: str, **attributes: Any) -> Callable[[Any], Any]:
    """An option that an environment variable can set, too: --log-level by RUFUS_MOCK_LOG_LEVEL."""
    longest = max(names, key=len).split("/")[0]
    variable = "RUFUS_MOCK_" + longest.removeprefix("--").replace("-", "_").upper()
    return click.option(*names, envvar=variable, show_envvar=True, **{"show_default": True, **attributes})
