"""Run Schemathesis against a mock. `make fuzz` runs this file for longer than the test suite does."""

import argparse
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import requests

from rufus_mock.serving.server import Server
from rufus_mock.web.app import Config, create_app
from tests.servers import ADMIN

HERE = Path(__file__).parent

DOCUMENTS = {
    "pages": ("pages", "/openapi.json", "/v0"),
    "openapi": ("openapi", "/openapi.json", "/v0"),
    "admin": ("pages", "/__admin/openapi.json", "/__admin"),
}
"""For each run: the dialect of the mock, the path of the document, and the path of the operations in it."""


@contextmanager
def served(document: str) -> Iterator[Server]:
    """A mock with the fixture `documented`, whose state can be read and put back when the block ends."""
    with Server(create_app(Config(dialect=DOCUMENTS[document][0]))) as server:
        yield server
        state = requests.get(f"{server.url}/__admin/state", timeout=30)
        assert state.status_code == 200, state.text
        restored = requests.put(f"{server.url}/__admin/state", state.content, timeout=30)
        assert restored.status_code == 200, restored.text
        journal = requests.get(f"{server.url}/__admin/requests", timeout=30)
        assert journal.status_code == 200, journal.text


def fuzz(document: str, url: str, *arguments: str, config: str = "") -> subprocess.CompletedProcess[str]:
    """Run all checks of Schemathesis on one document of the mock at `url`.

    arguments: those of `st run`. config: added to schemathesis.toml.
    """
    _, path, base_path = DOCUMENTS[document]
    command = [sys.executable, "-m", "schemathesis.cli", "run"]
    command += [url + path, "--url", url + base_path, "--header", f"api_key: {ADMIN}"]
    command += ["--continue-on-failure", "--suppress-health-check", "all", "--warnings", "off"]
    command += ["--no-color", *arguments]
    with TemporaryDirectory() as folder:  # Schemathesis reads its configuration, and keeps what it found, there
        text = (HERE / "schemathesis.toml").read_text(encoding="utf-8")
        Path(folder, "schemathesis.toml").write_text(text + config, encoding="utf-8")
        return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def main() -> None:
    """Run every document and print what Schemathesis prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", default=300, type=int, help="for each document")
    seconds: int = parser.parse_args().seconds
    failed = []
    for document in DOCUMENTS:
        print(f"== {document}", flush=True)
        with served(document) as server:
            run = fuzz(document, server.url, "--max-time", str(seconds), "--generation-database", ":memory:")
        print(run.stdout + run.stderr)
        if run.returncode:
            failed.append(document)
    if failed:
        sys.exit(f"Schemathesis found differences in: {', '.join(failed)}")


if __name__ == "__main__":
    main()
