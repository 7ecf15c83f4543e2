"""What an interrupted run of the contract kit closes, removes and reports."""

import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Response

from rufus_mock.web.app import create_app
from tests.contract.command_runs import Ran, start
from tests.servers import ADMIN, READ, WRITE, serving


class Watched:
    """A mock on a socket that notices when the kit has opened several sessions."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.company = next(iter(app.extensions["rufus_mock"].world.companies.values()))
        self.before = self.devices
        self.url = ""
        self.opened = threading.Event()

        @app.after_request
        def watch(response: Response) -> Response:
            if len(self.company.sessions._sessions) > 6:
                self.opened.set()
            return response

    @property
    def devices(self) -> Any:
        return self.company.devices.page(1, 5000)


@pytest.fixture
def watched() -> Iterator[Watched]:
    watched = Watched(create_app())
    with serving(watched.app) as watched.url:
        yield watched


def interrupted(tmp_path: Path, watched: Watched, number: int, **keys: str) -> Ran:
    """A run that got a signal while it had a device and sessions."""
    options = ("--base-url", watched.url, "--allow-writes", "--rate", "60")
    with start(tmp_path, *options, **keys) as process:
        try:
            assert watched.opened.wait(60)
            assert watched.devices != watched.before
            process.send_signal(number)
            out, err = process.communicate(timeout=30)
        finally:
            process.kill()
    assert process.returncode == 130, out + err
    return Ran(process.returncode, out, err)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_closes_and_unbinds_what_it_made(tmp_path: Path, watched: Watched, number: int) -> None:
    ran = interrupted(tmp_path, watched, number, RUFUS_API_KEY=ADMIN)
    assert watched.devices == watched.before
    assert "interrupted" in ran.stdout
    assert "Traceback" not in ran.stdout + ran.stderr


def test_an_interrupted_run_names_what_it_could_not_remove(tmp_path: Path, watched: Watched) -> None:
    ran = interrupted(tmp_path, watched, signal.SIGINT, RUFUS_READ_KEY=READ, RUFUS_WRITE_KEY=WRITE)
    devices = watched.company.devices._devices.values()
    own = [device for device in devices if (device.alias or "").startswith("rufus-mock contract ")]
    assert len(own) == 1
    assert f"LEFT BEHIND: device {own[0].deviceid}" in ran.stdout
    assert [each for each in watched.company.sessions.of_device(own[0].deviceid) if each.active] == []
