"""rufus-mock serve: the application on its socket, from start to signal."""

import logging
import os
import signal
import sys
import threading
from collections.abc import Sequence
from typing import Any

import click

from .app import Config, create_app
from .fixtures import DEFAULT_FIXTURE, FixtureError
from .http import access_log
from .line_log import LineLog
from .server import Server


def serve_until_stopped(
    *,
    host: str,
    port: int,
    fixtures: Sequence[str],
    dialect: str,
    seed: int | None,
    cors: Sequence[str],
    log_level: str,
) -> None:
    """Print the URL when the server answers, and end the process with 0 after SIGTERM or SIGINT.

    Raises click.ClickException where it cannot begin: a taken port, an unreadable fixture.
    """
    configure_logging(log_level)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    config = Config(fixtures=fixtures or (DEFAULT_FIXTURE,), dialect=dialect, seed=seed, cors=cors)
    requests = LineLog(sys.stderr, access_log.logger.name) if access_log.logger.isEnabledFor(logging.INFO) else None
    try:
        app = create_app(config, access_log=requests)
    except FixtureError as error:
        raise click.ClickException(str(error)) from error
    try:
        server = Server(app, host, port)
    except OSError as error:
        raise click.ClickException(f"cannot bind {host} port {port}: {error.strerror or error}") from error
    with server:
        click.echo(f"rufus-mock serves {', '.join(map(str, config.fixtures))} at {server.url}{base_path(app)}")
        sys.stdout.flush()
        stop.wait()
    # A client that keeps a request open must not keep the process alive.
    if requests:
        requests.flush()
    logging.shutdown()
    sys.stdout.flush()
    os._exit(0)


def base_path(app: Any) -> str:
    """The path below which the operations lie."""
    path: str = app.extensions["rufus_mock"].specification.base_path
    return path


def configure_logging(level: str) -> None:
    """Log to stderr, a line an event."""
    logging.basicConfig(
        level=level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s", stream=sys.stderr
    )
    logging.getLogger("_granian").setLevel(max(logging.WARNING, logging.root.level))
