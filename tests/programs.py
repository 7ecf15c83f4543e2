"""Programs in other languages: which must be installed, what they run in, and a served mock that they can call."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pytest

CLIENTS = Path(__file__).parent / "clients"


def unavailable(reason: str) -> NoReturn:
    """Skip a test that cannot run on this machine. In CI, where everything must run, fail it."""
    if os.environ.get("CI"):
        pytest.fail(f"{reason}; CI runs every test", pytrace=False)
    pytest.skip(reason)


def require(*programs: str) -> None:
    """End the test as unavailable() does unless all these programs are installed."""
    missing = [program for program in programs if shutil.which(program) is None]
    if missing:
        unavailable(f"needs {', '.join(missing)}")


def environment(**variables: str) -> dict[str, str]:
    """PATH, what coverage needs, and these variables: no proxy, no trust and no option of the caller's."""
    kept = {name: value for name, value in os.environ.items() if name == "PATH" or name.startswith("COVERAGE_")}
    return kept | variables


def run(*command: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a program to its end, for two minutes at most."""
    return subprocess.run(
        command, capture_output=True, text=True, timeout=120, check=False, env=environment(**variables)
    )


@contextmanager
def serve_tls(folder: Path, host: str, port: int) -> Iterator[tuple[str, Path]]:
    """`rufus-mock serve --tls` in a process of its own: its URL without a path, and the certificate to trust."""
    address = ["--host", host, "--port", str(port)]
    with (
        (folder / "serve.log").open("w+") as log,
        subprocess.Popen(
            [sys.executable, "-m", "rufus_mock", "serve", "--tls", "--ca-dir", str(folder / "ca"), *address],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env=environment(),
        ) as process,
    ):
        try:
            assert process.stdout
            printed = process.stdout.readline()
            log.seek(0)
            assert printed.startswith("rufus-mock serves"), log.read()
            yield printed.split()[-1].removesuffix("/v0"), folder / "ca" / "ca.pem"
        finally:
            process.terminate()
