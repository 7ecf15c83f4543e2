"""rufus-mock serve: the application on its socket, from start to signal."""

import gc
import logging
import os
import select
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import click
from flask import Flask

from ..fixtures.builtin import DEFAULT_FIXTURE
from ..fixtures.place import FixtureError
from ..fixtures.state_file import StateFile, StateFileError
from ..web.app import Config, create_app
from ..web.request import access_log
from ..web.request.api import Api
from ..world.journal import Bounds
from .certificates import Authority, AuthorityError
from .line_log import LineLog
from .server import Server
from .worker import LOGGER

GARBAGE = 50_000
"""The number of new objects after which the garbage collector looks for cycles.

Python's default is 700, with which it would scan a list of 5000 passings, none of them in a cycle, many times while the
list is read.
"""


def serve_until_stopped(
    *,
    host: str,
    port: int,
    tls: bool,
    ca_dir: str | None,
    state: str | None,
    state_interval: float | None,
    log_level: str,
    simulate: Callable[[Flask], object] | None = None,
    **options: Any,
) -> None:
    """Serve, print the URL once the server answers, and end the process after SIGTERM or SIGINT.

    The exit status is 0, or 2 if the last state could not be saved. options: see _application. Raises
    click.ClickException if it cannot start: an unreadable fixture or state, a state in use, a taken port.
    """
    gc.set_threshold(GARBAGE, 10, 10)
    configure_logging(log_level)
    stop = _stop_signals()
    if state_interval is not None and state is None:
        raise click.UsageError("--state-interval needs --state.")
    requests = LineLog(sys.stderr, access_log.logger.name) if access_log.logger.isEnabledFor(logging.INFO) else None
    with _reserved(state) as state_file:
        app, names = _application(state=state_file, access_log=requests, **options)
        with _served(app, host, port, tls, ca_dir) as (server, authority):
            gc.freeze()  # these objects live as long as the process
            click.echo(f"rufus-mock serves {names} at {server.url}{Api.of(app).contract.base_path}")
            if authority:
                click.echo(
                    f"It answers as {Api.of(app).contract.host} to clients that trust {authority.path.absolute()}"
                )
            sys.stdout.flush()
            if simulate:
                # After the URL is printed, because generating a race takes longer than starting a server.
                threading.Thread(target=simulate, args=(app,), daemon=True).start()
            while not _stopped(stop, state_interval):
                _save(app, state_file)
        saved = _save(app, state_file)
    # A client that keeps a request open must not keep the process alive.
    if requests:
        requests.flush()
    logging.shutdown()
    sys.stdout.flush()
    os._exit(0 if saved else 2)


@contextmanager
def _reserved(state: str | None) -> Iterator[StateFile | None]:
    """The state file, reserved for this process; None without one."""
    if state is None:
        yield None
        return
    try:
        with StateFile(Path(state)) as file:
            yield file
    except StateFileError as error:
        raise click.ClickException(str(error)) from error


def _application(
    *,
    fixtures: Sequence[str],
    dialect: str,
    seed: int | None,
    cors: Sequence[str],
    assume: Mapping[str, str],
    explain: bool,
    admin: bool,
    admin_token: str | None,
    allow_hosts: Sequence[str],
    journal_entries: int,
    journal_bytes: int,
    state: StateFile | None,
    access_log: LineLog | None,
) -> tuple[Flask, str]:
    """The application with its fixtures loaded, and their names."""
    _check_admin_options(admin, admin_token, allow_hosts)
    config = Config(
        fixtures=fixtures or (DEFAULT_FIXTURE,),
        dialect=dialect,
        seed=seed,
        cors=cors,
        assumptions=assume,
        explain=explain,
        admin=admin,
        admin_token=admin_token,
        allow_hosts=allow_hosts,
        journal=Bounds(journal_entries, journal_bytes),
        state=state,
    )
    try:
        app = create_app(config, access_log=access_log)
    except FixtureError as error:
        raise click.ClickException(str(error)) from error
    return app, ", ".join(map(str, config.fixtures))


def _check_admin_options(admin: bool, admin_token: str | None, allow_hosts: Sequence[str]) -> None:
    if admin_token and not admin:
        raise click.UsageError("--admin-token has no use with --no-admin.")
    if admin_token is not None and not admin_token.strip() and admin:
        raise click.UsageError(
            "--admin-token is empty. Give it a token; for an admin API without one, leave out the option "
            "and unset RUFUS_MOCK_ADMIN_TOKEN."
        )
    if allow_hosts and not admin:
        raise click.UsageError("--allow-host has no use with --no-admin.")


@contextmanager
def _served(
    app: Flask, host: str, port: int, tls: bool, ca_dir: str | None
) -> Iterator[tuple[Server, Authority | None]]:
    """A server that answers until the end of the block, and the authority of its certificate."""
    with ExitStack() as stack:
        authority = stack.enter_context(_authority(ca_dir)) if tls else None
        certificate = authority.issue([Api.of(app).contract.host]) if authority else None
        try:
            server = Server(app, host, port, certificate)
        except (OSError, UnicodeError) as error:  # UnicodeError: an invalid host name
            reason = getattr(error, "strerror", None) or error
            raise click.ClickException(f"cannot bind {host} port {port}: {reason}") from error
        stack.enter_context(server)
        if authority and ca_dir:
            authority.close()  # granian has read the key; remove it now, so that none is left after a SIGKILL
        yield server, authority


def _stop_signals() -> socket.socket:
    """A socket that becomes readable when SIGTERM or SIGINT arrives.

    A signal that another thread receives, or that arrives just before the main thread waits for a lock, would not wake
    it. The byte that Python writes for each signal does.
    """
    reader, writer = socket.socketpair()
    writer.setblocking(False)
    signal.set_wakeup_fd(writer.detach(), warn_on_full_buffer=False)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    return reader


def _stopped(stop: socket.socket, seconds: float | None) -> bool:
    """Wait for a signal, for this long at most; whether one came."""
    return bool(select.select([stop], [], [], seconds)[0])


def _save(app: Any, state: StateFile | None) -> bool:
    """Save the state. Any failure is reported and returns False; the server keeps running."""
    if state is None:
        return True
    try:
        state.save(Api.of(app).world)
    except Exception as error:
        reason = getattr(error, "strerror", None) or f"{type(error).__name__}: {error}"
        click.echo(f"rufus-mock: cannot save the state: {state.path}: {reason}", err=True)
        return False
    return True


def _authority(ca_dir: str | None) -> Authority:
    try:
        return Authority(Path(ca_dir) if ca_dir else None)
    except AuthorityError as error:
        raise click.ClickException(str(error)) from error


def configure_logging(level: str) -> None:
    """Log to stderr, one line per event."""
    logging.basicConfig(
        level=level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s", stream=sys.stderr
    )
    logging.getLogger(LOGGER).setLevel(max(logging.WARNING, logging.root.level))
