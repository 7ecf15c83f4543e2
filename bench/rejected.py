"""make bench-rejected: the peak memory of a server that rejects large bodies. Prints Markdown; needs Linux.

Missed targets are marked in the table; they do not change the exit status.
"""

import http.client
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import click
import orjson
from passings import passings
from processes import BIN, Served
from report import machine, table

KEY = "ror-ae4fc6c19681a20fad30"
HEADERS = {"api_key": KEY}
TARGET = 400
"""The highest acceptable peak, in MiB."""


def not_json(size: int) -> bytes:
    """Truncated text."""
    return _list(size)[:size]


def wrong_field(size: int) -> bytes:
    """A list of passings, the last of which has a number as its bib."""
    return _list(size)[:-2] + b',{"num_passing":1,"timestamp":"2026-05-10T09:00:00.000Z","bib":1}]}'


def too_deep(size: int) -> bytes:
    """The same list inside 65 others."""
    return b"[" * 65 + _list(size) + b"]" * 65


def small_values(size: int) -> bytes:
    """A list of numbers instead of passings. It needs the most memory per byte of text."""
    return b'{"token_session":"","passings_list":[' + b"1.5," * (size // 4) + b"1]}"


KINDS: tuple[Callable[[int], bytes], ...] = (not_json, wrong_field, too_deep, small_values)


def _list(size: int) -> bytes:
    count = size // len(orjson.dumps(passings(0, 1)[0]))
    return orjson.dumps({"token_session": "", "passings_list": passings(0, count)})


def _peak(body: bytes, requests: int, at_a_time: int) -> int:
    """The peak resident memory of the server, in MiB."""
    with Served([BIN / "rufus-mock", "serve", "--port", "PORT"], "/v0/devices", HEADERS) as server:

        def reject(_: int) -> int:
            connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
            try:
                connection.request("POST", "/v0/passings", body, HEADERS)
                return connection.getresponse().status
            finally:
                connection.close()

        with ThreadPoolExecutor(at_a_time) as clients:
            statuses = set(clients.map(reject, range(requests)))
        if statuses != {400}:
            raise click.ClickException(f"expected 400 for every body, found {sorted(statuses)}")
        return server.peak // 2**20


@click.command()
@click.option("--requests", default=300, show_default=True, help="Number of bodies of each kind.")
@click.option("--megabytes", default=15, show_default=True, help="The size of a body.")
@click.option("--at-a-time", default=4, show_default=True, help="Number of concurrent requests.")
def main(requests: int, megabytes: int, at_a_time: int) -> None:
    """Send invalid bodies of several kinds, each kind to a new server."""
    click.echo(machine())
    click.echo(f"{requests} bodies of {megabytes} MB of each kind, {at_a_time} at a time.\n")
    rows = []
    for kind in KINDS:
        click.echo(f"measuring: {kind.__name__} …", err=True)
        peak = _peak(kind(megabytes * 1_000_000), requests, at_a_time)
        click.echo(f"{kind.__name__}: {peak} MiB", err=True)
        rows.append(
            [(kind.__doc__ or "").rstrip("."), f"{peak} MiB", f"≤ {TARGET} MiB", "yes" if peak <= TARGET else "**NO**"]
        )
    click.echo(table(["Rejected body", "peak", "target", "met"], rows))


if __name__ == "__main__":
    main()
