"""Decides whether a command may call a server, and with which key.

Commands may always call the mock, by default with a key of the built-in fixtures. Another server needs a key and, for
writes, --allow-writes.
"""

import click

from ..client import Limits
from ..fixtures.builtin import shared_companies
from .http_target import is_mock
from .targets import Unavailable

READ_WRITE = "READ_WRITE"


def key_for(
    base_url: str, api_key: str | None, *, writes: bool, allow_writes: bool = False, limits: Limits | None = None
) -> str:
    """The key for a server. Raises click.ClickException if there is none or if writes are not allowed."""
    try:
        mock = is_mock(base_url, limits)
    except Unavailable as error:
        hint = "is the mock running? Start it with: rufus-mock serve"
        raise click.ClickException(f"no response from {base_url}: {error}; {hint}") from error
    if writes and not mock and not allow_writes:
        raise click.ClickException(
            f"{base_url} is not the mock (its /openapi.json does not say so), and this command writes to it:"
            " it binds devices, opens sessions and sends passings. To allow that, add --allow-writes"
        )
    if api_key:
        return api_key
    if not mock:
        raise click.ClickException(f"{base_url} is not the mock: set a key with --api-key or RUFUS_API_KEY")
    return default_key()


def default_key() -> str:
    """The READ_WRITE key of the built-in fixtures."""
    keys = shared_companies()[0]["keys"]
    return next(str(key["api_key"]) for key in keys if key["access"] == READ_WRITE)
