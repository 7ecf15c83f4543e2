"""rufus-mock import and export: read and write sessions in the CSV format of RUFUS Cloud's download."""

import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

import click

from ..base.defaults import BASE_URL
from ..base.printable import printable
from ..base.timestamps import BOUNDS, parse
from ..fixtures.csv_format import CsvError, read_entries, write_csv
from ..race.presets import START
from ..simulator.fixture import Session, write_fixture
from ..spec.contract import Contract
from .options import ApiKey, Seed, deadline_option, timeout_option

_BATCH = 500


_API_KEY = click.option(
    "--api-key",
    type=ApiKey(),
    envvar="RUFUS_API_KEY",
    show_envvar=True,
    help="The key for this server.  [default: for the mock, a key of its built-in fixtures]",
)


@click.command("import")
@click.argument(
    "files", nargs=-1, required=True, metavar="FILE.csv…", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="The fixture file to write.  [default: print it]"
)
@click.option(
    "--base-url",
    envvar="RUFUS_BASE_URL",
    show_envvar=True,
    help="Send the sessions to this server instead of writing a fixture.",
)
@_API_KEY
@click.option("--allow-writes", is_flag=True, help="Allow sending to a server that is not the mock.")
@click.option("--seed", type=Seed(), default=0, show_default=True, help="The seed of the fixture's identifiers.")
def import_(
    files: tuple[Path, ...], out: Path | None, base_url: str | None, api_key: str | None, allow_writes: bool, seed: int
) -> None:
    """Create sessions from CSV files in the format of RUFUS Cloud's download.

    Each file becomes a device with one session, both named after the file. Columns may be in any order. All columns
    except num_passing and timestamp are optional.

    \b
    Try it:
      rufus-mock import finish.csv --out mine.json
      rufus-mock serve --fixture mine.json
    """
    contract = Contract()
    for path in files:
        if not path.stem.isprintable():
            raise click.ClickException(
                f"{str(path)!a}: a device is named by its file: rename this one to printable text"
            )
    try:
        sessions = [_session(path, contract) for path in files]
    except CsvError as error:
        raise click.ClickException(str(error)) from error
    names = [session.serial_number for session in sessions]
    for name in names:
        if names.count(name) > 1:
            raise click.ClickException(
                f"two files are named {name.removeprefix('CSV-')}; rename one, because devices are named after files"
            )
    if base_url:
        _insert(sessions, base_url, api_key, allow_writes)
        return
    with _opened(out) as file:
        write_fixture(sessions, f"Imported from {', '.join(path.name for path in files)}.", seed, file)
    if out:
        click.echo(f"wrote {out}: {sum(len(session.passings) for session in sessions)} passings. Serve it with:")
        click.echo(f"  rufus-mock serve --fixture {out}")


@click.command()
@click.argument("token_session")
@click.option(
    "--base-url",
    envvar="RUFUS_BASE_URL",
    default=BASE_URL,
    show_envvar=True,
    show_default=True,
    help="The server to read from.",
)
@_API_KEY
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="The file to write.  [default: print it]")
@timeout_option
@deadline_option()
def export(
    token_session: str, base_url: str, api_key: str | None, out: Path | None, timeout: float, deadline: float
) -> None:
    """Write a session's passings as CSV in the format of RUFUS Cloud's download. Only reads from the server.

    \b
    Try it while rufus-mock serve is running:
      rufus-mock export 2A19294BB886C3D5C7783309BBC6E385515C843893A6BC126FECE3904C6E2B25
    """
    from ..client import Deadline, Limits, RufusClient, RufusError
    from ..simulator.permission import key_for

    limits = Limits(timeout, deadline=Deadline(deadline))
    key = key_for(base_url, api_key, writes=False, limits=limits)
    # All passings are read before the output is opened, but not kept in memory: a session may be of any size.
    with tempfile.TemporaryFile("w+", encoding="utf-8", newline="") as complete:
        try:
            with RufusClient(base_url, key, limits=limits) as client:
                passings: Iterable[Any] = client.session_passings(token_session)
                if out is None and sys.stdout.isatty():
                    passings = map(_shown, passings)
                count = write_csv(complete, passings, Contract())
        except RufusError as error:
            raise click.ClickException(str(error)) from error
        complete.seek(0)
        with _opened(out) as file:
            shutil.copyfileobj(complete, file)
    if out:
        click.echo(f"wrote {out}: {count} passings")


def _shown(passing: dict[str, Any]) -> dict[str, Any]:
    """A passing that is safe for a terminal."""
    return {name: printable(value) if isinstance(value, str) else value for name, value in passing.items()}


def _session(path: Path, contract: Contract) -> Session:
    passings = []
    times = []
    for line, entry in read_entries(path, contract):
        try:
            times.append(parse(entry["timestamp"]))
        except ValueError as error:
            raise CsvError(f"{path}: line {line}, column timestamp: {error}; times reach from {BOUNDS}") from error
        passings.append(entry)
    first, last = (min(times), max(times)) if times else (START, START)
    return Session(
        alias=path.stem,
        type="CSV",
        model="CSV import",
        firmware=None,
        serial_number=f"CSV-{path.stem}",
        created=first,
        last_seen=last,
        passings=passings,
    )


def _insert(sessions: list[Session], base_url: str, api_key: str | None, allow_writes: bool) -> None:
    from ..client import DeviceAlreadyBound, RufusClient, RufusError
    from ..simulator.permission import key_for

    key = key_for(base_url, api_key, writes=True, allow_writes=allow_writes)
    try:
        with RufusClient(base_url, key) as client:
            for session in sessions:
                try:
                    deviceid = client.bind_device(session.model, session.serial_number, session.type, session.alias)
                except DeviceAlreadyBound as error:
                    if error.deviceid is None:
                        raise
                    deviceid = error.deviceid
                token = client.open_session(deviceid, session.alias)
                try:
                    for start in range(0, len(session.passings), _BATCH):
                        client.insert_passings(token, session.passings[start : start + _BATCH])  # type: ignore[arg-type]
                finally:
                    client.close_session(token)
                text = f"{session.alias}: {len(session.passings)} passings, device {deviceid}, session {token}"
                click.echo(printable(text))
    except RufusError as error:
        raise click.ClickException(str(error)) from error


@contextmanager
def _opened(path: Path | None) -> Iterator[TextIO]:
    if path is None:
        sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # a file has one encoding, not the terminal's
        yield sys.stdout
        return
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            yield file
    except OSError as error:
        raise click.ClickException(f"cannot write {path}: {error.strerror or error}") from error
