"""Options as the commands declare them."""

from collections.abc import Callable
from typing import Any

import click

PROG = "rufus-mock"


def option(*names: str, **attributes: Any) -> Callable[[Any], Any]:
    """An option that can also be set by the environment: --log-level by RUFUS_MOCK_LOG_LEVEL."""
    longest = max(names, key=len).split("/")[0]
    variable = "RUFUS_MOCK_" + longest.removeprefix("--").replace("-", "_").upper()
    return click.option(*names, envvar=variable, show_envvar=True, **{"show_default": True, **attributes})
