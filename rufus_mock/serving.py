"""rufus-mock serve: the application on its socket, from start to signal."""

import logging
import os
import signal
import sys
import threading
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from .app import Config, create_app
from .authority import Authority, AuthorityError
from .fixtures import DEFAULT_FIXTURE, FixtureError
from .server import Server
from .specification import Specification


def serve_until_stopped(
    *,
    host: str,
    port: int,
    fixtures: Sequence[str],
    dialect: str,
    seed: int | None,
    cors: Sequence[str],
    tls: bool,
    ca_dir: str | None,
    log_level: str,
) -> None:
    """Print the URL when the server answers, and end the process with 0 after SIGTERM or SIGINT.

    Raises click.ClickException where it cannot begin: a taken port, an unreadable fixture, an authority that is none.
    """
    configure_logging(log_level)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    config = Config(fixtures=fixtures or (DEFAULT_FIXTURE,), dialect=dialect, seed=seed, cors=cors)
    try:
        app = create_app(config)
    except FixtureError as error:
        raise click.ClickException(str(error)) from error
    with ExitStack() as stack:
        authority = stack.enter_context(_authority(ca_dir)) if tls else None
        certificate = authority.issue([specification(app).host]) if authority else None
        try:
            server = Server(app, host, port, certificate)
        except OSError as error:
            raise click.ClickException(f"cannot bind {host} port {port}: {error.strerror or error}") from error
        stack.enter_context(server)
        names = ", ".join(map(str, config.fixtures))
        click.echo(f"rufus-mock serves {names} at {server.url}{specification(app).base_path}")
        if authority:
            click.echo(f"It answers as {specification(app).host} to clients that trust {authority.path.absolute()}")
        sys.stdout.flush()
        stop.wait()
    # A client that keeps a request open must not keep the process alive.
    logging.shutdown()
    sys.stdout.flush()
    os._exit(0)


def specification(app: Any) -> Specification:
    """The contract that an application answers by."""
    found: Specification = app.extensions["rufus_mock"].specification
    return found


def _authority(ca_dir: str | None) -> Authority:
    try:
        return Authority(Path(ca_dir) if ca_dir else None)
    except AuthorityError as error:
        raise click.ClickException(str(error)) from error


def configure_logging(level: str) -> None:
    """Log to stderr, a line an event."""
    logging.basicConfig(
        level=level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s", stream=sys.stderr
    )
    logging.getLogger("_granian").setLevel(max(logging.WARNING, logging.root.level))
