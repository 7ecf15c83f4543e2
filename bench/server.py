"""make bench: compares rufus-mock with a bare Flask application on the same server, in one run. Prints Markdown.

Missed targets are marked in the table; they do not change the exit status.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from math import ceil
from pathlib import Path
from statistics import median

import click
import orjson
from passings import PAGE, bodies, queries
from processes import BIN, Served
from report import machine, table
from startup import breakdown
from subjects import HEADER, HEADERS, HERE, PASSINGS_PAGE, SESSION, WRK_HEADERS, Effort, Row, bare, both, mock
from validation import validation
from wrk import ratios, require_wrk, spread, take_turns, wrk

MILLION = 1_000_000
SMALL = 10_000
BEFORE = 100_000
"""Passings to insert before memory is measured, so that the journal, which keeps 16 MiB of requests, is full."""
LISTS_PER_SECOND = 60
"""Lists of 5000 passings that the client generates in advance for each second of a round."""
BARE_RATE = 8000
"""Requests per second of the bare route to which the rate of inserts is scaled."""


def session(effort: Effort) -> Iterator[Row]:
    """Session information, compared with a route that returns a word."""
    with both() as (ours, theirs):
        yield _compare("Session information", ours.url + SESSION, theirs.url + "/", "one-line Flask route", 0.7, effort)


def page(effort: Effort) -> Iterator[Row]:
    """A page of 5000 passings, compared with a route that returns the same bytes."""
    with both() as (ours, theirs):
        yield _compare(
            "Page of 5000 passings",
            ours.url + PASSINGS_PAGE,
            theirs.url + "/page",
            "the same bytes ready-made",
            0.6,
            effort,
        )


def _compare(name: str, ours: str, theirs: str, what: str, target: float, effort: Effort) -> Row:
    our_rates, their_rates = take_turns(
        effort.rounds,
        lambda: wrk(ours, effort.seconds, headers=WRK_HEADERS).rate,
        lambda: wrk(theirs, effort.seconds).rate,
    )
    shares = ratios(our_rates, their_rates)
    return Row(
        name,
        f"{median(our_rates):,.0f}/s",
        f"{what}: {median(their_rates):,.0f}/s",
        f"{median(shares):.0%}",
        f"≥ {target:.0%}",
        median(shares) >= target,
        f"± {spread(shares):.0%}",
    )


def insert(effort: Effort) -> Iterator[Row]:
    """Inserts of 5000 new passings, scaled to a machine whose bare route handles 8,000 requests per second."""
    target = 150_000
    with both() as (ours, theirs):

        def inserted() -> float:
            deviceid, token_session = _open_session(ours)
            counted = wrk(
                f"{ours.url}/v0/passings",
                effort.seconds,
                headers=WRK_HEADERS,
                script="insert.lua",
                arguments=[token_session, str(PAGE), str(ceil(effort.seconds * LISTS_PER_SECOND))],
                connections=2,
            )
            ours.call("DELETE", f"/v0/devices/{deviceid}", headers=HEADERS)
            if counted.stored != counted.requests * PAGE:
                raise click.ClickException(f"{counted.stored} of {counted.requests * PAGE} passings were stored")
            return counted.stored / counted.seconds

        our_rates, their_rates = take_turns(effort.rounds, inserted, lambda: wrk(theirs.url, effort.seconds).rate)
    scaled = [share * BARE_RATE for share in ratios(our_rates, their_rates)]
    yield Row(
        "Inserts of 5000 passings",
        f"{median(our_rates):,.0f} passings/s",
        f"one-line Flask route: {median(their_rates):,.0f}/s",
        f"{median(scaled):,.0f} passings/s at {BARE_RATE:,}/s",
        f"≥ {target:,}",
        median(scaled) >= target,
        f"± {spread(scaled):.0%}",
    )


def million(effort: Effort) -> Iterator[Row]:
    """Random pages of a session of 1,000,000 passings, compared with one of 10,000, and the memory per passing."""
    with mock("empty") as ours:
        _open_session(ours, BEFORE)
        before = ours.resident
        deviceid, token_session = _open_session(ours, MILLION)
        each = (ours.resident - before) / MILLION
        small_deviceid, small_token_session = _open_session(ours, SMALL)
        for name, path, small_path, at in (
            ("by number", f"session/{token_session}", f"session/{small_token_session}", 0),
            ("by time", f"device/{deviceid}", f"device/{small_deviceid}", 1),
        ):
            yield _page_time(name, ours, path, queries(MILLION)[at], small_path, queries(SMALL)[at], effort)
    limit = 350
    yield Row(
        "Resident memory per passing",
        f"{each:.0f} bytes",
        "1,000,000 added to 100,000",
        f"{each:.0f} bytes",
        f"≤ {limit}",
        each <= limit,
        "one run",
    )


def _page_time(
    name: str, ours: Served, path: str, pages: list[str], small_path: str, small_pages: list[str], effort: Effort
) -> Row:
    def seconds(path: str, pages: list[str]) -> float:
        url = f"{ours.url}/v0/passings/{path}"
        return 1 / wrk(url, effort.seconds, headers=WRK_HEADERS, script="pages.lua", arguments=pages).rate

    large, small = take_turns(effort.rounds, lambda: seconds(path, pages), lambda: seconds(small_path, small_pages))
    times = ratios(large, small)
    target = 1.3
    return Row(
        f"Page {name} of 1,000,000",
        f"{median(large) * 1000:.2f} ms",
        f"of 10,000: {median(small) * 1000:.2f} ms",
        f"{median(times):.2f} times",
        f"≤ {target}",
        median(times) <= target,
        f"± {spread(times):.0%}",
    )


def _open_session(ours: Served, count: int = 0) -> tuple[str, str]:
    """Bind a device, open a session and insert `count` passings. Returns deviceid and token_session."""
    device = {"model": "One4All 5 PRO", "serial_number": f"bench-{time.monotonic_ns()}"}
    deviceid = orjson.loads(ours.call("POST", "/v0/devices", orjson.dumps(device), HEADERS))["deviceid"]
    session = ours.call("POST", "/v0/sessions", orjson.dumps({"deviceid": deviceid}), HEADERS)
    token_session = orjson.loads(session)["token_session"]
    for body in bodies(token_session, count):
        ours.call("POST", "/v0/passings", body, HEADERS)
    return deviceid, token_session


def start(effort: Effort) -> Iterator[Row]:
    """The time from the command to the first response, compared with bare Flask on our server and on granian's."""
    target = 500
    granian: list[str | Path] = [
        BIN / "granian",
        "--interface",
        "wsgi",
        "--port",
        "PORT",
        "--blocking-threads",
        "8",
        "bare:app",
    ]

    def first_response(serve: Callable[[], Served]) -> float:
        with serve() as served:
            return served.first_response

    ours, theirs, granians = take_turns(
        effort.rounds,
        lambda: first_response(mock),
        lambda: first_response(bare),
        lambda: first_response(lambda: Served(granian, "/", cwd=HERE)),
    )
    yield Row(
        "First response",
        f"{median(ours):.0f} ms",
        f"bare Flask: {median(theirs):.0f} ms, with granian's command: {median(granians):.0f} ms",
        f"{median(ours):.0f} ms",
        f"≤ {target}",
        median(ours) <= target,
        f"± {spread(ours):.0%}",
    )
    click.echo(breakdown(median(ours)) + "\n")


def memory(effort: Effort) -> Iterator[Row]:
    """The memory of all processes after the first response."""
    del effort
    target = 100
    with mock() as ours, bare() as theirs:
        mine, bares = ours.resident / 2**20, theirs.resident / 2**20
    yield Row(
        "Idle memory",
        f"{mine:.0f} MiB",
        f"bare Flask: {bares:.0f} MiB",
        f"{mine:.0f} MiB",
        f"≤ {target}",
        mine <= target,
        "one run",
    )


ROWS: dict[str, Callable[[Effort], Iterator[Row]]] = {
    measure.__name__: measure for measure in (session, page, insert, million, start, memory, validation)
}


@click.command()
@click.option(
    "--row", "names", multiple=True, type=click.Choice(list(ROWS)), help="Measure only this row. Can be repeated."
)
@click.option("--seconds", default=2, show_default=True, help="The length of a round. wrk accepts whole seconds only.")
@click.option("--rounds", default=5, show_default=True, help="Rounds per load; the result is their median.")
def main(names: Sequence[str], seconds: int, rounds: int) -> None:
    """Compare rufus-mock with a bare Flask application."""
    require_wrk()
    click.echo(machine())
    click.echo(f"Medians of {rounds} rounds of {seconds:g} s each, taken in turns.\n")
    effort = Effort(seconds, rounds)
    rows = []
    for name in names or ROWS:
        click.echo(f"measuring: {name} …", err=True)
        rows += list(ROWS[name](effort))
    click.echo(table(HEADER, [row.cells() for row in rows]))


if __name__ == "__main__":
    main()
