"""make bench-peers: compares rufus-mock with WireMock, Prism and Mockoon in one run. Prints Markdown.

npm installs the peers into bench/.peers. Each of them answers the same two requests with the same bytes, from a stub or
an OpenAPI example; rufus-mock answers them from its state.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import click
from processes import BIN, Served
from report import machine, table
from subjects import HEADERS, PASSINGS_PAGE, SESSION, WRK_HEADERS
from wrk import require_wrk, spread, take_turns, wrk

FOLDER = Path(__file__).parent / ".peers"
COMMANDS = FOLDER / "node_modules" / ".bin"
PACKAGES = {"wiremock": "3.13.2", "@stoplight/prism-cli": "5.16.0", "@mockoon/cli": "9.9.0"}

Bodies = Mapping[str, bytes]
"""The bodies of the responses by path."""

TARGET = 1.5
"""How many times better than the best peer rufus-mock should be."""


def install() -> None:
    """Install the peers into bench/.peers unless they are there already."""
    for command, what in (("npm", "installs the peers"), ("java", "runs WireMock")):
        if shutil.which(command) is None:
            sys.exit(f"{command} is missing: it {what}. On Debian and Ubuntu: apt-get install npm default-jre-headless")
    FOLDER.mkdir(exist_ok=True)
    content = json.dumps({"private": True, "dependencies": PACKAGES})
    manifest = FOLDER / "package.json"
    if manifest.is_file() and manifest.read_text() == content and COMMANDS.is_dir():
        return
    manifest.write_text(content)
    click.echo("installing the peers …", err=True)
    subprocess.run(["npm", "install", "--no-fund", "--no-audit", "--loglevel=error"], cwd=FOLDER, check=True)


def wiremock(bodies: Bodies) -> list[str | Path]:
    """The command for WireMock: two stubs with a body file each, and no request journal, which would keep growing."""
    root = FOLDER / "wiremock"
    (root / "__files").mkdir(parents=True, exist_ok=True)
    (root / "mappings").mkdir(exist_ok=True)
    for number, (path, body) in enumerate(bodies.items()):
        (root / "__files" / f"{number}.json").write_bytes(body)
        response = {"status": 200, "bodyFileName": f"{number}.json", "headers": {"Content-Type": "application/json"}}
        stub = {"request": {"method": "GET", "urlPath": path}, "response": response}
        (root / "mappings" / f"{number}.json").write_text(json.dumps(stub))
    options: list[str | Path] = [
        "--bind-address",
        "127.0.0.1",
        "--no-request-journal",
        "--disable-banner",
        "--root-dir",
        root,
    ]
    return [COMMANDS / "wiremock", "--port", "PORT", *options]


def prism(bodies: Bodies) -> list[str | Path]:
    """The command for Prism: an OpenAPI document with an example for each path."""
    paths = {}
    for path, body in bodies.items():
        media = {"schema": {"type": "object"}, "example": json.loads(body)}
        answer = {"description": "Success", "content": {"application/json": media}}
        paths[path] = {"get": {"responses": {"200": answer}}}
    document = {"openapi": "3.0.3", "info": {"title": "The same bodies", "version": "0"}, "paths": paths}
    file = FOLDER / "prism.json"
    file.write_text(json.dumps(document))
    return [COMMANDS / "prism", "mock", "--host", "127.0.0.1", "--port", "PORT", "--verboseLevel", "silent", file]


def mockoon(bodies: Bodies) -> list[str | Path]:
    """The command for Mockoon: a route for each path, without templating, which would process every body."""
    routes = [_route(number, path.removeprefix("/"), body) for number, (path, body) in enumerate(bodies.items())]
    environment = {
        "uuid": _uuid(0, 0),
        "lastMigration": 33,
        "name": "The same bodies",
        "port": 3000,
        "hostname": "127.0.0.1",
        "routes": routes,
        "rootChildren": [{"type": "route", "uuid": route["uuid"]} for route in routes],
    }
    file = FOLDER / "mockoon.json"
    file.write_text(json.dumps(environment))
    options = ["--repair", "--disable-log-to-file", "--disable-admin-api", "--hostname", "127.0.0.1"]
    return [COMMANDS / "mockoon-cli", "start", *options, "--port", "PORT", "--data", file]


def _route(number: int, endpoint: str, body: bytes) -> dict[str, Any]:
    response = {
        "uuid": _uuid(number, 2),
        "body": body.decode(),
        "statusCode": 200,
        "headers": [{"key": "Content-Type", "value": "application/json"}],
        "bodyType": "INLINE",
        "disableTemplating": True,
        "default": True,
    }
    return {
        "uuid": _uuid(number, 1),
        "type": "http",
        "method": "get",
        "endpoint": endpoint,
        "responses": [response],
        "enabled": True,
    }


def _uuid(number: int, kind: int) -> str:
    return f"00000000-0000-4000-8000-{number:06d}{kind:06d}"


@click.command()
@click.option("--seconds", default=2.0, show_default=True, help="The length of a round.")
@click.option("--rounds", default=5, show_default=True, help="Rounds per load; the result is their median.")
@click.option("--starts", default=3, show_default=True, help="Starts per server; the result is their median.")
def main(seconds: float, rounds: int, starts: int) -> None:
    """Compare rufus-mock with WireMock, Prism and Mockoon."""
    require_wrk()
    install()
    click.echo(machine())
    click.echo(f"Medians of {rounds} rounds of {seconds:g} s each and of {starts} starts, taken in turns.\n")
    ours: list[str | Path] = [BIN / "rufus-mock", "serve", "--port", "PORT"]
    with Served(ours, SESSION, HEADERS) as mock:
        bodies = {path: mock.call("GET", path, headers=HEADERS) for path in (SESSION, PASSINGS_PAGE)}
    commands = {
        "rufus-mock": ours,
        f"WireMock {PACKAGES['wiremock']}": wiremock(bodies),
        f"Prism {PACKAGES['@stoplight/prism-cli']}": prism(bodies),
        f"Mockoon {PACKAGES['@mockoon/cli']}": mockoon(bodies),
    }

    click.echo("measuring: first response …", err=True)
    start_times = take_turns(starts, *[partial(_first_response, command) for command in commands.values()])
    with ExitStack() as stack:
        servers = [stack.enter_context(Served(command, SESSION, HEADERS)) for command in commands.values()]
        _compare_bodies(dict(zip(commands, servers, strict=True)), bodies)
        idle = [server.resident for server in servers]
        loads = {}
        for path in bodies:
            click.echo(f"measuring: {path} …", err=True)
            loads[path] = take_turns(
                rounds,
                *[lambda url=server.url + path: wrk(url, seconds, headers=WRK_HEADERS).rate for server in servers],
            )
        busy = [server.resident for server in servers]

    mebibytes = 2**20
    rows = [
        ["Session reads/s", *_more(loads[SESSION])],
        ["Pages of 5000/s", *_more(loads[PASSINGS_PAGE])],
        ["First response", *_less([median(one) for one in start_times], "ms")],
        ["Memory, idle", *_less([one / mebibytes for one in idle], "MiB")],
        ["Memory, after the load", *_less([one / mebibytes for one in busy], "MiB")],
    ]
    click.echo(table(["", *commands, "lead over the best"], rows))


def _first_response(command: list[str | Path]) -> float:
    with Served(command, SESSION, HEADERS) as served:
        return served.first_response


def _compare_bodies(servers: dict[str, Served], bodies: dict[str, bytes]) -> None:
    """Exit unless all servers answer with the same bodies."""
    for name, server in servers.items():
        for path, body in bodies.items():
            if json.loads(server.call("GET", path, headers=HEADERS)) != json.loads(body):
                sys.exit(f"{name} does not answer {path} with the same body")


def _more(rates: list[list[float]]) -> list[str]:
    lead = median(rates[0]) / max(median(one) for one in rates[1:])
    return [*(f"{median(one):,.0f} ± {spread(one):.0%}" for one in rates), _lead(lead)]


def _less(figures: list[float], unit: str) -> list[str]:
    return [*(f"{figure:,.0f} {unit}" for figure in figures), _lead(min(figures[1:]) / figures[0])]


def _lead(times: float) -> str:
    return f"{times:.1f} times" + ("" if times >= TARGET else f", **under {TARGET}**")


if __name__ == "__main__":
    main()
