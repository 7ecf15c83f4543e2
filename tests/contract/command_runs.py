"""Runs of `rufus-mock contract`, their environment, and a server that repeats their keys."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import orjson
from flask import Flask, Response, request


def environment(tmp_path: Path, **variables: str) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("RUFUS", "CI"))}
    # One cache for all tests of a session: hypothesis builds its tables once.
    cache = str(tmp_path.parent / "cache")
    return {**inherited, "XDG_CACHE_HOME": cache, "NO_PROXY": "127.0.0.1", **variables}


@dataclass(frozen=True)
class Ran:
    """What a command printed, and its exit status."""

    returncode: int
    stdout: str
    stderr: str


def start(tmp_path: Path, *arguments: str, **variables: str) -> subprocess.Popen[str]:
    """`rufus-mock contract` as a process of its own."""
    command = [sys.executable, "-m", "rufus_mock", "contract", *arguments]
    env = environment(tmp_path, **variables)
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path, env=env)


def echo_keys(app: Flask) -> None:
    """A server that repeats the key in whatever it answers, so that all that shows an answer shows a key."""

    @app.after_request
    def echoed(response: Response) -> Response:
        key = request.headers.get("api_key") or request.headers.get("x-api-key") or "none"
        body = orjson.loads(response.get_data())
        body[key] = key
        body["description"] = f"{body['description']} {key}"
        response.set_data(orjson.dumps(body))
        return response
