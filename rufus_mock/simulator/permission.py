"""May this command call that server? The mock always, with the key of the fixtures; another only if it is said so."""

import click

from ..fixtures import shared_companies
from .http_target import is_mock
from .targets import Unavailable

READ_WRITE = "READ_WRITE"


def key_for(base_url: str, api_key: str | None, *, writes: bool, allow_writes: bool = False) -> str:
    """The key to call a server with. Raises click.ClickException where there is none, or writes are not allowed."""
    try:
        mock = is_mock(base_url)
    except Unavailable as error:
        hint = "is the mock running? Start it with: rufus-mock serve"
        raise click.ClickException(f"no answer from {base_url}: {error}; {hint}") from error
    if writes and not mock and not allow_writes:
        raise click.ClickException(
            f"{base_url} is not the mock (its /openapi.json does not say so), and this writes there:"
            " it binds devices, opens sessions, sends passings. --allow-writes lets it"
        )
    if api_key:
        return api_key
    if not mock:
        raise click.ClickException(f"{base_url} is not the mock: give a key by --api-key or RUFUS_API_KEY")
    return default_key()


def default_key() -> str:
    """The key of the project's fixtures that may read and write."""
    keys = shared_companies()[0]["keys"]
    return next(str(key["api_key"]) for key in keys if key["access"] == READ_WRITE)
