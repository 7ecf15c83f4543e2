"""rufus-mock serve: the application on its socket, from start to signal."""

import gc
import logging
import os
import signal
import sys
import threading
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .app import Config, create_app, load
from .authority import Authority, AuthorityError
from .fixtures import DEFAULT_FIXTURE, FixtureError
from .http import access_log
from .line_log import LineLog
from .server import Server
from .specification import Specification
from .state_file import StateFile, StateFileError
from .world.journal import Bounds

if TYPE_CHECKING:
    from .simulator.demo import Simulation

GARBAGE = 50_000
"""Objects that come up before the garbage collector looks for cycles.

Its own measure is 700: a list of 5000 passings, none of them in a cycle, would be looked through again and again while
it is read.
"""


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
    admin: bool,
    admin_token: str | None,
    allow_hosts: Sequence[str],
    journal_entries: int,
    journal_bytes: int,
    state: str | None,
    state_interval: float | None,
    log_level: str,
    simulation: "Simulation | None" = None,
) -> None:
    """Print the URL when the server answers, and end the process with 0 after SIGTERM or SIGINT.

    Raises click.ClickException where it cannot begin: a taken port, an unreadable fixture, a state or an authority that
    is none.
    """
    gc.set_threshold(GARBAGE, 10, 10)
    configure_logging(log_level)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if state_interval is not None and state is None:
        raise click.UsageError("--state-interval needs --state.")
    if admin_token is not None and not admin:
        raise click.UsageError("--admin-token has no use with --no-admin.")
    if allow_hosts and not admin:
        raise click.UsageError("--allow-host has no use with --no-admin.")
    try:
        config = Config(
            fixtures=fixtures or (DEFAULT_FIXTURE,),
            dialect=dialect,
            seed=seed,
            cors=cors,
            admin=admin,
            admin_token=admin_token,
            allow_hosts=allow_hosts,
            journal=Bounds(journal_entries, journal_bytes),
            state=StateFile(Path(state)) if state else None,
        )
    except StateFileError as error:
        raise click.ClickException(str(error)) from error
    requests = LineLog(sys.stderr, access_log.logger.name) if access_log.logger.isEnabledFor(logging.INFO) else None
    app = create_app(config, access_log=requests, loaded=False)
    with ExitStack() as stack:
        authority = stack.enter_context(_authority(ca_dir)) if tls else None
        certificate = authority.issue([specification(app).host]) if authority else None
        try:
            server = Server(app, host, port, certificate)
        except OSError as error:
            raise click.ClickException(f"cannot bind {host} port {port}: {error.strerror or error}") from error
        stack.enter_context(server)
        if authority and ca_dir:
            authority.close()  # granian has read the server's key: also after a SIGKILL none shall lie about
        try:
            load(app, config)
        except (FixtureError, StateFileError) as error:
            raise click.ClickException(str(error)) from error
        gc.freeze()  # what stands now stands for good
        names = ", ".join(map(str, config.fixtures))
        click.echo(f"rufus-mock serves {names} at {server.url}{specification(app).base_path}")
        if authority:
            click.echo(f"It answers as {specification(app).host} to clients that trust {authority.path.absolute()}")
        sys.stdout.flush()
        if simulation:
            # After the first line: a race takes longer to make up than a server to start.
            threading.Thread(target=simulation.run, args=(app,), daemon=True).start()
        while not stop.wait(state_interval):
            _save(app, config.state)
    saved = _save(app, config.state)
    # A client that keeps a request open must not keep the process alive.
    if requests:
        requests.flush()
    logging.shutdown()
    sys.stdout.flush()
    os._exit(0 if saved else 2)


def _save(app: Any, state: StateFile | None) -> bool:
    if state is not None:
        try:
            state.save(app.extensions["rufus_mock"].world)
        except OSError as error:
            click.echo(f"rufus-mock: the state is not kept: {state.path}: {error.strerror or error}", err=True)
            return False
    return True


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
